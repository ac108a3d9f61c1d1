"""What a part is: units that are measured one by one, and rows of the table made from them.

To add a part, read `cancelling.py`, write one like it, and name it in `parts.py`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fidelity.machine import Machine

Key = Mapping[str, str | int | float]
"""What is measured in a unit, by name: `{"subject": "lstm", "tool": "timeit", "budget_s": 2.0, "repeat": 3}`.

A rehearsal shortens `budget_s`, where there is one; nothing else in a key has a meaning to the frame.
"""

Values = Mapping[str, Any]
"""What came out of a unit, by name: numbers, words, lists and mappings of these, as JSON has them."""


@dataclass(frozen=True)
class Line:
    """A unit that was measured: one line of the results. `at` is UTC; `scale` is 1, or a rehearsal's share of time."""

    part: str
    key: dict[str, str | int | float]
    values: dict[str, Any]
    machine: Machine
    at: str
    scale: float = 1.0


@dataclass(frozen=True)
class Row:
    """A row of the table: a figure, what was reached, what must be, and what the same part shows beside it."""

    figure: str
    reached: str
    must_reach: str = "–"
    beside: str = "–"


@dataclass(frozen=True)
class Part:
    """One of the things that are measured.

    `units` gives every key for so many repeats, always in the same order, what is compared next to each other: a
    machine that drifts does so for all alike. `measure` measures one unit; it is a function of a module, since it may
    run in another process. `rows` makes rows of the lines there are, be they few.

    `process`: consecutive units for which it gives the same share a process, started afresh for them; by default units
    are measured in the command's own process. `prepare` is called once, before. `reads` names parts whose lines `rows`
    is given too.
    """

    name: str
    help: str
    repeats: int
    units: Callable[[int], Iterable[Key]]
    measure: Callable[[Key], Values]
    rows: Callable[[Sequence[Line]], Iterable[Row]]
    process: Callable[[Key], Hashable] | None = None
    prepare: Callable[[], None] | None = None
    reads: tuple[str, ...] = ()


def group(lines: Iterable[Line], *names: str) -> dict[tuple[Any, ...], list[Line]]:
    """Lines by the values that `names` have in their keys, in the order in which these come first."""
    groups: dict[tuple[Any, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line.key.get(name) for name in names), []).append(line)
    return groups


def summary(values: Sequence[float]) -> str:
    """The median and the extremes."""
    return f"{statistics.median(values):.3g} ({min(values):.3g}-{max(values):.3g})"
