"""Check names that people type, and suggest the nearest valid ones. Both sides of the wire read this file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from .plan import MODES, PlanError
from .printable import on_one_line

MODE_ALIASES = {"graph-no-grappler": "no-grappler"}
"""What people may call a mode beside its name."""

PLAN_SUFFIX = ".toml"
"""Where a workload could be named, what ends so is a plan's file."""


LONGEST_MACHINE = 64

LIKENESS = 0.51
"""Least likeness of a suggestion: more than half of both names is the same.

That finds a name with one wrong letter, nearly always one with two, and abbreviations: `fp16` means `float16`, and
`mixed` one of the `mixed_` dtypes. A higher limit loses those; a lower one suggests names that have nothing in common.
"""

MOST_SUGGESTED = 2
"""Names that one message suggests: `conv2` may be `conv2d` or `conv3d`. A third is hardly ever the right one."""


def one_of(name: str, names: Collection[str], what: str, otherwise: str = "") -> str:
    """Return `name` if it is one of `names`. Raises PlanError that ends as `instead_of` says."""
    if name in names:
        return name
    raise PlanError(f"there is no {what} {name!r}: {instead_of(name, names, otherwise)}")


def instead_of(name: str, names: Collection[str], otherwise: str = "") -> str:
    """Return a hint on what to give in place of an unknown name: the nearest; if none is near, `otherwise` or all."""
    near = nearest(name, names)
    return did_you_mean(near) if near else otherwise or f"choose from {', '.join(names)}"


def did_you_mean(near: Iterable[str]) -> str:
    """Return the question that suggests these names."""
    return f"did you mean {' or '.join(near)}?"


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Return the names that are like `name`, the nearest first. Upper case, and `_` for `-`, make no difference."""
    import difflib  # only for a message

    typed, named = _folded(name), {_folded(each): each for each in names}
    if typed in named:
        return [named[typed]]
    return [named[each] for each in difflib.get_close_matches(typed, named, n=MOST_SUGGESTED, cutoff=LIKENESS)]


def nearest_files(path: Path, ending: str) -> list[Path]:
    """Return the files with this ending, beside a file that is not there, whose names are like its own."""
    try:
        stems = [each.name.removesuffix(ending) for each in sorted(path.parent.iterdir()) if each.name.endswith(ending)]
    except (OSError, ValueError):
        return []
    return [path.with_name(f"{stem}{ending}") for stem in nearest(path.stem, stems)]


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")


def parse_machine(name: str) -> str:
    """Return a machine's name without blanks around it. Raises PlanError."""
    name = name.strip()
    if not name or len(name) > LONGEST_MACHINE or on_one_line(name) != name:
        raise PlanError(f"machine {name!r}: give a name of 1 to {LONGEST_MACHINE} printable characters")
    return name


def parse_modes(text: str) -> tuple[str, ...]:
    """Modes from `eager,graph,xla`; `_` is as good as `-` in a name. Raises PlanError."""
    return tuple(parse_mode(word) for word in text.split(",") if word.strip())


def parse_mode(word: str) -> str:
    """A mode by its name, in which `_` is as good as `-`. Raises PlanError."""
    mode = word.strip().lower().replace("_", "-")
    return one_of(MODE_ALIASES.get(mode, mode), MODES, "mode")
