"""Two sessions side by side, as text and as JSON: a table for each pair of cases, then a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.comparison import Change, Pair, changes_of, differences
from bench.figures import duration, percent, percent_decimals, signed_spread, spread, telling_decimals, times_decimals
from bench.findings import TIMES_FROM
from bench.results import CaseResult

from .activity import describe_case
from .gate import Outcome, not_slower
from .report import table

GATE_WORDS = {"held": "held", "failed": "regressed", "cannot tell": "cannot tell"}

MOST_NAMED = 3
"""Of what is slower, so much is named in the summary; the tables have all."""


@dataclass(frozen=True)
class Compared:
    """A pair of cases, what has changed in each of their modes, and whether that passes."""

    pair: Pair
    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, pair: Pair, effect: float, limit: float, modes: Sequence[str] = ()) -> Compared:
        """Compare a pair, in these `modes` alone where there are any. `limit`: how much slower is too much."""
        changes = tuple(change for change in changes_of(pair, effect) if not modes or change.mode in modes)
        return cls(pair, changes, tuple(not_slower(change, limit) for change in changes))

    @property
    def title(self) -> str:
        """What was measured; both, where that is not the same."""
        return " → ".join(dict.fromkeys(describe_case(case.case) for case in self._cases))

    @property
    def _cases(self) -> list[CaseResult]:
        return [case for case in (self.pair.before, self.pair.after) if case is not None]

    @property
    def text(self) -> str:
        """The title, what else differs, a table, and why something cannot be told."""
        pair = self.pair
        differing = differences(pair.before, pair.after) if pair.before and pair.after else ()
        header = ("mode", "before", "after", "change", "likely range", "verdict", "gate")
        rows = [_row(change, outcome) for change, outcome in zip(self.changes, self.outcomes, strict=True)]
        hardware = " → ".join(dict.fromkeys(case.hardware for case in self._cases if case.hardware))
        title = f"{self.title} ({hardware})" if hardware else self.title
        return "\n".join([title, *differing, table([header, *rows]), *_reasons(self.changes)])

    @property
    def object(self) -> dict[str, Any]:
        """The pair as a JSON object."""
        pair = self.pair
        case = self._cases[-1].case
        return {
            "workload": case.workload,
            "dims": dict(case.dims),
            "dtype": case.dtype,
            "device": case.device,
            "before_case_id": pair.before.case_id if pair.before else None,
            "after_case_id": pair.after.case_id if pair.after else None,
            "differences": list(differences(pair.before, pair.after)) if pair.before and pair.after else [],
            "changes": [
                {**asdict(change), "gate": GATE_WORDS[outcome]}
                for change, outcome in zip(self.changes, self.outcomes, strict=True)
            ],
        }


def summary(compared: Iterable[Compared], limit: float, modes: Sequence[str] = ()) -> str:
    """In one sentence whether all passes, and what does not; `modes`: what was looked at, where not at all."""
    named = [
        (outcome, f"{change.mode} of {each.title}")
        for each in compared
        for change, outcome in zip(each.changes, each.outcomes, strict=True)
    ]
    total, than = len(named), f"more than {percent(limit)} slower"
    slower = [name for outcome, name in named if outcome == "failed"]
    untold = sum(outcome == "cannot tell" for outcome, _ in named)
    if not named:
        return f"Cannot tell: {f'neither has {_listed(modes)}' if modes else 'there is nothing to compare'}."
    if slower:
        rest = f" and {len(slower) - MOST_NAMED} more" if len(slower) > MOST_NAMED else ""
        is_slower = f"{len(slower)} of {total} {'is' if len(slower) == 1 else 'are'} {than}"
        also = f"; of {untold} it cannot be told" if untold else ""
        return f"Regressed: {is_slower}: {'; '.join(slower[:MOST_NAMED])}{rest}{also}."
    if untold:
        return f"Cannot tell of {untold} of {total} whether {'it is' if untold == 1 else 'they are'} {than}."
    return f"Held: {'the one that was compared is not' if total == 1 else f'none of {total} is'} {than}."


def change_cell(change: Change) -> str:
    """`+12 %`, from 1.5× on `2.3×`; empty where there are not two latencies."""
    ratio = change.ratio
    if ratio is None:
        return ""
    if not 1 / TIMES_FROM <= ratio <= TIMES_FROM:
        return f"{ratio:,.{times_decimals(ratio)}f}×"
    moved = 100 * (ratio - 1)
    ends = (moved, moved) if change.low is None or change.high is None else (100 * change.low, 100 * change.high)
    shown = f"{abs(moved):.{percent_decimals(*ends)}f}"
    return f"{'' if float(shown) == 0 else '−' if moved < 0 else '+'}{shown} %"


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


def _row(change: Change, outcome: Outcome) -> tuple[str, ...]:
    latencies = ("–" if each is None else duration(each) for each in (change.before_s, change.after_s))
    return change.mode, *latencies, change_cell(change), range_cell(change), change.verdict, GATE_WORDS[outcome]


def _reasons(changes: Iterable[Change]) -> list[str]:
    """Why changes have no interval, each reason once."""
    concerned: dict[str, list[str]] = {}
    for change in changes:
        if change.low is None:
            concerned.setdefault(change.why, []).append(change.mode)
    return [f"Cannot tell about {_listed(modes)}: {why}." for why, modes in concerned.items()]


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
