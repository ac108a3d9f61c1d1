"""How often our 95 % interval holds a ratio that is known: coverage on real calls, beside that on made-up traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.fidelity.part import Line, Row

COVERAGE = "93-97 %"
"""What a 95 % interval must reach."""


def held_rows(of: str, pairs: Iterable[tuple[Line, float]]) -> Iterator[Row]:
    """One row for our lines, each with its true ratio; none where no line has an interval."""
    held = [
        line.values["low"] <= truth <= line.values["high"]
        for line, truth in pairs
        if line.values.get("low") is not None and line.values.get("high") is not None
    ]
    if held:
        figure = f"95 % intervals that hold the true ratio, {of}, {len(held)} pairs"
        yield Row(figure, f"{sum(held) / len(held):.1%}", COVERAGE)
