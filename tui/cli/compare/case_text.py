"""Compare two cases as text and as JSON: the change in each mode, and whether it passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from bench.analysis.comparison import Change, changes_of, differences
from bench.analysis.findings import capitalised
from bench.analysis.pairing import Pair
from bench.analysis.ratio_text import TIMES_FROM
from bench.number_text import (
    duration,
    percent,
    percent_decimals,
    signed,
    signed_spread,
    spread,
    telling_decimals,
    times_decimals,
)
from bench.plan import Case
from bench.plans.thresholds import matcher
from bench.session.results import CaseResult

from ...presentation.status_text import describe_case
from ..gate import Missing, Outcome, not_slower
from ..report import table

GATE_WORDS = {"held": "held", "failed": "regressed", "cannot tell": "cannot tell"}

ALONE = {"before": "new", "after": "gone"}
"""Words for a case or a mode that one side lacks."""


@dataclass(frozen=True)
class Limits:
    """The limits of slowdown: `limit`, or that of a `planned` case with a limit of its own.

    `effect`: the smallest change of interest; both are fractions. `missing`: what becomes of what one side lacks.
    `modes`: those that are looked at, where not all are.
    """

    effect: float
    limit: float
    planned: Mapping[Case, float] = field(default_factory=dict)
    missing: Missing = "tell"
    modes: Sequence[str] = ()

    @cached_property
    def planned_of(self) -> Callable[[Case], tuple[Case, ...]]:
        """A function that finds the planned cases of a measured one."""
        return matcher(self.planned)

    def of_mode(self, mode: str, planned: Iterable[Case]) -> float:
        """Return the smallest limit among the planned cases that have the mode; else the limit of all."""
        return min((self.planned[case] for case in planned if mode in case.modes), default=self.limit)


HEADER = ("mode", "before", "after", "change", "likely range", "verdict", "gate")


@dataclass(frozen=True)
class Compared:
    """A pair of cases, what has changed in each of their modes, and whether that passes.

    `limits`: how much slower is too much, one for each change; `planned`: the cases with a limit of their own.
    """

    pair: Pair
    changes: tuple[Change, ...]
    limits: tuple[float, ...]
    planned: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, pair: Pair, limits: Limits) -> Compared:
        """Compare a pair."""
        modes = limits.modes
        changes = tuple(change for change in changes_of(pair, limits.effect) if not modes or change.mode in modes)
        planned = next((found for case in sides(pair) if (found := limits.planned_of(case.case))), ())
        own = tuple(limits.of_mode(change.mode, planned) for change in changes)
        outcomes = tuple(not_slower(change, limit, limits.missing) for change, limit in zip(changes, own, strict=True))
        return cls(pair, changes, own, planned, outcomes)

    @property
    def title(self) -> str:
        """What was measured; both, where that is not the same."""
        return " → ".join(dict.fromkeys(describe_case(case.case) for case in reversed(sides(self.pair))))

    @property
    def differing(self) -> tuple[str, ...]:
        """The differences between the two surroundings, a phrase each."""
        pair = self.pair
        return differences(pair.before, pair.after) if pair.before and pair.after else ()

    @property
    def rows(self) -> Iterator[tuple[Change, Outcome]]:
        """Each change and whether it passes."""
        return zip(self.changes, self.outcomes, strict=True)

    @property
    def text(self) -> str:
        """The title, what else differs, a table, and why something cannot be told."""
        hardware = " → ".join(dict.fromkeys(case.hardware for case in reversed(sides(self.pair)) if case.hardware))
        title = f"{self.title} ({hardware})" if hardware else self.title
        own_limit = [f"fails if more than {self._limits_text} slower"] if self.planned else []
        rows = [row_of(change, outcome) for change, outcome in self.rows]
        return "\n".join([title, *self.differing, *own_limit, table([HEADER, *rows]), *reasons(self.rows)])

    @property
    def _limits_text(self) -> str:
        """`5 %`, or `5 % (graph), 50 % (xla)`."""
        modes: dict[float, list[str]] = {}
        for change, limit in zip(self.changes, self.limits, strict=True):
            modes.setdefault(limit, []).append(change.mode)
        if len(modes) == 1:
            return percent(min(modes))
        return ", ".join(f"{percent(limit)} ({listed(names)})" for limit, names in modes.items())

    @property
    def object(self) -> dict[str, Any]:
        """The pair as a JSON object."""
        pair = self.pair
        case = sides(pair)[0].case
        return {
            "workload": case.workload,
            "dims": dict(case.dims),
            "dtype": case.dtype,
            "device": case.device,
            "before_case_id": pair.before.case_id if pair.before else None,
            "after_case_id": pair.after.case_id if pair.after else None,
            "limit": min(self.limits, default=None),
            "differences": list(self.differing),
            "changes": [
                {**asdict(change), "gate": gate_word(change, outcome), "limit": limit}
                for (change, outcome), limit in zip(self.rows, self.limits, strict=True)
            ],
        }


def sides(pair: Pair) -> list[CaseResult]:
    """Return the case after, then the one before; a missing one is left out."""
    return [case for case in (pair.after, pair.before) if case is not None]


def gate_word(change: Change, outcome: Outcome) -> str:
    """`held`, `regressed`, `cannot tell`; of what one side lacks, `new` or `gone` if it is left out, else `missing`."""
    if outcome == "left out":
        return ALONE[change.missing]
    return "missing" if outcome == "failed" and change.missing else GATE_WORDS[outcome]


def row_of(change: Change, outcome: Outcome) -> tuple[str, ...]:
    """Return a cell for each column of HEADER."""
    latencies = ("–" if each is None else duration(each) for each in (change.before_s, change.after_s))
    return change.mode, *latencies, change_cell(change), range_cell(change), change.verdict, gate_word(change, outcome)


def change_cell(change: Change) -> str:
    """`+12 %`, from 1.5× on `2.3×`; empty where there are not two latencies."""
    ratio = change.ratio
    if ratio is None:
        return ""
    if not 1 / TIMES_FROM <= ratio <= TIMES_FROM:
        return f"{ratio:,.{times_decimals(ratio)}f}×"
    moved = 100 * (ratio - 1)
    ends = (moved, moved) if change.low is None or change.high is None else (100 * change.low, 100 * change.high)
    return f"{signed(moved, percent_decimals(*ends))} %"


def range_cell(change: Change) -> str:
    """The interval of a change, in the words of `change_cell`."""
    low, high, ratio = change.low, change.high, change.ratio
    if low is None or high is None or ratio is None:
        return ""
    if not 1 / TIMES_FROM <= ratio <= TIMES_FROM:
        if high > 2 * low:
            return f"{low:.{times_decimals(low)}f}-{high:,.{times_decimals(high)}f}×"
        return f"{spread(low, high, telling_decimals(low, high, times_decimals(low)))}×"
    ends = 100 * (low - 1), 100 * (high - 1)
    return f"{signed_spread(*ends, percent_decimals(*ends))} %"


def reasons(rows: Iterable[tuple[Change, Outcome]]) -> list[str]:
    """Why changes have no interval, each reason once."""
    concerned: dict[tuple[str, str], list[str]] = {}
    for change, outcome in rows:
        if change.low is None:
            concerned.setdefault((gate_word(change, outcome), change.why), []).append(change.mode)
    return [
        f"Cannot tell about {listed(modes)}: {why}."
        if word == "cannot tell"
        else f"{capitalised(listed(modes))} {are(len(modes))} {word}: {why}."
        for (word, why), modes in concerned.items()
    ]


def listed(names: Sequence[str]) -> str:
    """`eager, graph and xla`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def are(number: int) -> str:
    """Return `is` or `are` for a number of things."""
    return "is" if number == 1 else "are"
