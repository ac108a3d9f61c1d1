"""Counts what pairs of a known truth are called, each looked at several times while it is measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.worker.measurement.step_down import UNCLEAR
from tests.fidelity.part import Line, Row, Values

OURS, SLOW = "verdict", "slow_verdict"
"""Name the verdicts of a look: by the random order; and, on the same rounds, by the interval of a slow process."""


@dataclass(frozen=True)
class Goal:
    """Demands the right verdict of at least a share of the pairs within so many seconds."""

    within_s: float
    least: float


def verdict_rows(
    title: str, lines: Sequence[Line], right: str, looks_s: Sequence[float], goal: Goal | None = None
) -> Iterator[Row]:
    """Count how many pairs are called what they are at each look, and how many what they are not.

    A line that ended earlier counts as it was told last. "cannot tell" is neither right nor false.
    """
    for place, look_s in enumerate(looks_s):
        known = [_at(line, place) for line in lines]
        is_due = goal is not None and goal.within_s == look_s
        yield Row(
            f"{title} called *{right}* within {look_s:g} s, {len(lines)} pairs",
            _told(known, OURS, right),
            f"≥ {goal.least:.0%}" if goal and is_due else "–",
            f"as of a slow process {_told(known, SLOW, right)}",
        )


def looks_within(budget_s: float, looks_s: Sequence[float]) -> list[float]:
    """Return the looks, all sooner by one factor, so that the last is at the end of the budget: it may be rehearsed."""
    return [look_s / looks_s[-1] * budget_s for look_s in looks_s]


def _at(line: Line, place: int) -> Values:
    looks = line.values["looks"]
    at: Values = looks[min(place, len(looks) - 1)]
    return at


def _told(known: Sequence[Values], by: str, right: str) -> str:
    said = [each[by] for each in known]
    false = sum(word not in (right, UNCLEAR) for word in said)
    return f"{said.count(right) / len(said):.0%}, false {false}"
