"""What is global in the process: taken before a case and after it, and compared, so that nothing leaks into the next.

Whatever differs costs a fresh process; nothing is put back by hand. `process_state.py` takes one. Pure; no TensorFlow.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

LONGEST_SHOWN = 24
"""Characters of a value that is shown with a difference."""


@dataclass(frozen=True, eq=False)
class Same:
    """An object that equals itself alone, whatever its class says of equality."""

    of: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.of is other.of

    def __hash__(self) -> int:
        return id(self.of)


@dataclass(frozen=True)
class Fingerprint:
    """The state of the process. `facts`: value by name; a value that is text or a bool may be shown to the user.

    `functions`: what each name stands for, by module or class, of those that user code may replace. `running`: the
    threads and child processes by name. `modules`: user modules that a later case would find loaded, by name.
    """

    facts: Mapping[str, Hashable]
    functions: Mapping[str, Mapping[str, Any]]
    running: Mapping[str, Hashable]
    modules: Mapping[str, Hashable]


def differences(before: Fingerprint, after: Fingerprint) -> tuple[str, ...]:
    """Return what is not as it was, each in plain words; empty if nothing differs."""
    return (
        *(_changed(name, *both) for name, both in _unlike(before.facts, after.facts)),
        *(f"the function {name}" for name in _replaced(before.functions, after.functions)),
        *(f"{name} (still running)" for name in _new(before.running, after.running)),
        *(f"{modules} (still loaded)" for modules in _by_package(_new(before.modules, after.modules))),
    )


def _unlike(before: Mapping[str, Hashable], after: Mapping[str, Hashable]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in dict.fromkeys((*before, *after)):
        both = before.get(name), after.get(name)
        if both[0] != both[1]:
            yield name, both


def _changed(name: str, before: Any, after: Any) -> str:
    words = [_shown(before), _shown(after)]
    return f"{name} ({words[0]}, now {words[1]})" if all(words) else name


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_SHOWN else ""


def _replaced(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names in both that stand for something else; what is loaded late only adds names."""
    for place, was in before.items():
        now = after.get(place, {})
        for name, value in was.items():
            if name in now and now[name] is not value and callable(value) and not isinstance(value, ModuleType):
                yield f"{place}.{name}"


def _by_package(modules: Iterator[str]) -> Iterator[str]:
    """Yield modules in words, those of a package as a number."""
    packages: dict[str, list[str]] = {}
    for name in modules:
        packages.setdefault(name.partition(".")[0], []).append(name)
    for package, names in packages.items():
        yield f"the module {names[0]}" if len(names) == 1 else f"{len(names)} modules of {package}"


def _new(before: Mapping[str, Hashable], after: Mapping[str, Hashable]) -> Iterator[str]:
    return (name for name, value in after.items() if name not in before or before[name] != value)
