"""Two implementations in one case: the new one, and the old one that it is held against.

Each is measured in each mode. The old one's modes are called `old-graph` and so on: that spelling is made and taken
apart here alone.
"""

from __future__ import annotations

from collections.abc import Iterable

OLD = "old-"


def old(mode: str) -> str:
    """Return the name of the old implementation's mode: `old-graph` for `graph`."""
    return f"{OLD}{mode}"


def is_old(name: str) -> bool:
    """Tell whether a mode is the old implementation's."""
    return name.startswith(OLD)


def plain(name: str) -> str:
    """Return the mode that either implementation runs in: `graph` for `old-graph`."""
    return name.removeprefix(OLD)


def plain_modes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the modes that implementations run in, each once, in their order."""
    return tuple(dict.fromkeys(map(plain, names)))


def of_both(modes: Iterable[str]) -> tuple[str, ...]:
    """Return each mode followed by the old implementation's."""
    return tuple(name for mode in modes for name in (mode, old(mode)))


def are_two(names: Iterable[str]) -> bool:
    """Tell whether these are the modes of two implementations."""
    return any(map(is_old, names))
