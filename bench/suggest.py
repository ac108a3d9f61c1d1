"""Names that people mistype: the nearest valid ones; modes among them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from .plan import MODES, PlanError
from .printable import on_one_line

MODE_ALIASES = {"graph-no-grappler": "no-grappler"}
"""What people may call a mode beside its name."""

PLAN_SUFFIX = ".toml"
"""Where a workload could be named, what ends so is a plan's file."""


LONGEST_MACHINE = 64


def one_of(name: str, names: Collection[str], what: str) -> str:
    """The name, if it is one of these. Raises PlanError with the nearest, or with all."""
    if name in names:
        return name
    raise PlanError(f"there is no {what} {name!r}: {instead_of(name, names)}")


def instead_of(name: str, names: Collection[str]) -> str:
    """What to give in place of a name that there is not."""
    near = nearest(name, names)
    return f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(names)}"


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """Up to three of the names that are like it, the nearest first."""
    return difflib.get_close_matches(name.lower(), list(names), n=3, cutoff=0.5)


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
