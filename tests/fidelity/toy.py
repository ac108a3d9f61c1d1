"""A part that measures nothing, to try the frame with: in a module of its own, which a fresh process imports soon."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from tests.fidelity.part import Key, Line, Part, Row, Values, group


def units(repeats: int) -> Iterator[Key]:
    """Yield the units of two tools."""
    for repeat in range(repeats):
        for tool in ("ours", "theirs"):
            yield {"tool": tool, "repeat": repeat, "budget_s": 2.0}


def measure(key: Key) -> Values:
    """Return the unit's budget and the process that measured it."""
    return {"budget_s": key["budget_s"], "process": os.getpid()}


def measure_badly(key: Key) -> Values:
    """Fail."""
    raise ValueError(f"there is no {key['tool']}")


def end_process(key: Key) -> Values:
    """End the process."""
    os._exit(3 + int(key["repeat"]))


def rows(lines: Sequence[Line]) -> Iterable[Row]:
    """Yield how many units of each tool were measured."""
    for (tool,), of_tool in group(lines, "tool").items():
        yield Row(f"units of {tool}", str(len(of_tool)), "≥ 2", "a | b")


TOY = Part(name="toy", help="A toy.", repeats=2, units=units, measure=measure, rows=rows)
