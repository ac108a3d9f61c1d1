"""Two cases, or two sessions, side by side in words. Pure; `analysis/comparison.py` makes figures and verdicts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.analysis.comparison import Change, changes_of, differences
from bench.analysis.pairing import Pair
from bench.number_text import counted, times
from bench.plan import Case, Plan
from bench.session.history import Outline
from bench.session.results import CaseResult

from ..actions.actions import Thorough
from .status_text import describe_case

USUAL_EFFECT = Plan.effect

ONE_PROCESS = f"Only several processes tell a change: a thorough run ({Thorough.key}) takes three."

VERDICT_WORDS = {"faster": "faster", "slower": "slower", "same": "same", "unclear": "?"}


@dataclass(frozen=True)
class Candidate:
    """What a case may be held against: one of this session (`result`), or one that `outline` tells of."""

    when: str
    case: Case
    result: CaseResult | None = None
    outline: Outline | None = None

    @property
    def row(self) -> dict[str, str]:
        """What stands in a list of them."""
        return {"when": self.when, "measured": describe_case(self.case)}


def moment(case: CaseResult) -> str:
    """When a case was measured, by the local clock."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(case.started_at or 0))


def in_order(one: CaseResult, other: CaseResult) -> tuple[CaseResult, CaseResult]:
    """The one that was measured first, first; of two that were begun together, the first given."""
    return (other, one) if (other.started_at or 0) < (one.started_at or 0) else (one, other)


def sides(before: CaseResult, after: CaseResult) -> Iterator[str]:
    """When and how each side was measured, a line each."""
    for name, case in (("before", before), ("after", after)):
        hello = case.hello
        machine = f" ({case.machine_name})" if case.machine_name else ""
        where = f"TensorFlow {hello.tensorflow} on {hello.host}{machine}" if hello else ""
        processes = max((mode.processes for mode in case.modes), default=0)
        how = f"{processes} processes" if processes > 1 else "one process"
        yield f"{name:<7} {' · '.join(part for part in (moment(case), how, where) if part)}"


def said_differences(before: CaseResult, after: CaseResult) -> tuple[str, ...]:
    """What is not the same on both sides, a phrase each: what was asked for first."""
    one, other = _asked(before.case), _asked(after.case)
    asked = (
        f"{name} {one.get(name) or 'none'} → {other.get(name) or 'none'}"
        for name in dict.fromkeys((*one, *other))
        if one.get(name) != other.get(name)
    )
    return (*asked, *differences(before, after))


def _asked(case: Case) -> dict[str, str]:
    runtime = dict(setting.split("=") for setting in str(case.runtime).split())
    named = {"workload": case.workload, **{name: str(size) for name, size in case.dims}}
    asked = {"dtype": case.dtype, "device": case.device, "inputs": case.inputs, "seed": str(case.seed), **runtime}
    return {**named, **asked, "far side": case.far}


def effect_of(pair: Pair) -> float:
    """The smallest change that is of interest to whoever measured it last."""
    case = pair.after or pair.before
    return case.plan.effect if case else USUAL_EFFECT


def change_text(change: Change | None) -> str:
    """A change in a table's cell: `faster 0.83×`, `same 1.01×`, `? 1.07×`, `?`; empty where there is none."""
    if change is None:
        return ""
    ratio = f" {times(change.ratio)}" if change.ratio is not None else ""
    return f"{VERDICT_WORDS[change.verdict]}{ratio}"


def cells_of(pair: Pair) -> dict[str, str]:
    """What stands in a pair's row: what was measured, and by mode the change."""
    case = pair.after or pair.before
    assert case is not None
    asked = case.case
    what = {"workload": asked.workload, "dims": asked.dims_text, "dtype": asked.dtype, "device": asked.device}
    if pair.before is None or pair.after is None:
        where = "before" if pair.after is None else "after"
        return {**what, **{mode.mode: f"only {where}" for mode in case.modes if pair.decides(mode.mode)}}
    return {**what, **{change.mode: change_text(change) for change in changes_of(pair, effect_of(pair))}}


def hints_about(pair: Pair) -> Iterator[str]:
    """How to learn more of what cannot be told, by the screen's keys."""
    sides = (case for case in (pair.before, pair.after) if case is not None)
    if pair.before and pair.after and any(mode.processes == 1 for case in sides for mode in case.modes):
        yield ONE_PROCESS


def tally(pairs: Iterable[Pair]) -> str:
    """How many modes of how many cases have changed in which way: `3 cases · 2 faster, 1 slower, 6 cannot be told`."""
    verdicts: Counter[str] = Counter()
    both = alone = 0
    for pair in pairs:
        if pair.before is None or pair.after is None:
            alone += 1
            continue
        both += 1
        verdicts.update(change.verdict for change in changes_of(pair, effect_of(pair)))
    words = {"faster": "faster", "slower": "slower", "same": "the same", "unclear": "cannot be told"}
    changes = ", ".join(f"{verdicts[verdict]:,} {said}" for verdict, said in words.items() if verdicts[verdict])
    parts = [f"{counted(both, 'case')} on both sides", f"modes: {changes}" if changes else ""]
    parts.append(f"{alone:,} on one side alone" if alone else "")
    return " · ".join(filter(None, parts))
