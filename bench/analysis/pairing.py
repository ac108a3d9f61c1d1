"""Pair the cases of two sessions that measured the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..plan import EVERY_MODE, Case
from ..session.results import CaseResult, ModeResult
from ..session.session import Session


@dataclass(frozen=True)
class Pair:
    """Two cases, one of each session, that measured the same; None for a session without one.

    `modes`: those that these two cases decide; empty means all of theirs.
    """

    before: CaseResult | None
    after: CaseResult | None
    modes: tuple[str, ...] = ()

    def decides(self, mode: str) -> bool:
        """Return whether these two cases decide a mode."""
        return not self.modes or mode in self.modes


def pair_cases(a: Session, b: Session) -> tuple[Pair, ...]:
    """The cases of two sessions by what they measured, in the order of `b`; then what `a` has alone.

    Of cases that measured the same, the latest decides in each mode. Where two modes were measured last in different
    cases, there is a pair for each. Far sides may be called otherwise; where both sessions have one of the same name,
    it goes with itself.
    """
    before, after = _by_far(a), _by_far(b)
    used: set[tuple[object, ...]] = set()
    pairs: list[Pair] = []
    for key, by_far in after.items():
        for far, cases in by_far.items():
            others = before.get(key, {})
            other = far if far in others else next(reversed(others), "")
            used.add((key, other))
            pairs += _pairs(others.get(other, ()), cases)
    alone = [cases for key, by_far in before.items() for far, cases in by_far.items() if (key, far) not in used]
    return (*pairs, *(pair for cases in alone for pair in _pairs(cases, ())))


def _by_far(session: Session) -> dict[tuple[object, ...], dict[str, list[CaseResult]]]:
    """Return the cases by what they measured, then by far side; the far side that was measured last comes last."""
    found: dict[tuple[object, ...], dict[str, list[CaseResult]]] = {}
    for case in session.begun:
        by_far = found.setdefault(what_is_measured(case.case), {})
        by_far[case.case.far] = [*by_far.pop(case.case.far, ()), case]
    return found


def _pairs(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> list[Pair]:
    """Pair cases that measured the same, mode by mode; modes that the same two cases decide share a pair."""
    modes = {mode.mode for case in (*before, *after) for mode in case.modes}
    decided: dict[tuple[str, str], Pair] = {}
    for mode in (mode for mode in EVERY_MODE if mode in modes):
        one, other = _deciding(mode, before), _deciding(mode, after)
        ids = one.case_id if one else "", other.case_id if other else ""
        earlier = decided.get(ids, Pair(one, other))
        decided[ids] = Pair(one, other, (*earlier.modes, mode))
    return list(decided.values())


def _deciding(mode: str, cases: Sequence[CaseResult]) -> CaseResult | None:
    """Return the latest case that has a result of a mode, be it a failure; else the latest that was asked for the mode.

    A mode that was cancelled before it had a figure hides no earlier result. Where no case was asked for the mode,
    return the latest case with figures: it shows what was measured in its place.
    """
    asked = [case for case in cases if case.mode(mode)]
    told = [case for case in asked if _has_result(case.known_mode(mode))]
    figures = [case for case in cases if has_figures(case)]
    return next((each[-1] for each in (told, asked, figures, cases) if each), None)


def _has_result(mode: ModeResult) -> bool:
    return mode.measured or mode.status not in ("", "cancelled")


def what_is_measured(asked: Case) -> tuple[object, ...]:
    """Equal for cases that measure the same, wherever and in whichever modes."""
    code = asked.workload, asked.against, asked.against_ref
    return code, frozenset(asked.dims), asked.dtype, asked.device, asked.runtime, asked.inputs, asked.seed


def is_measured_once(asked: Case) -> tuple[object, ...]:
    """Return a key that is equal for cases of which a plan measures only the first."""
    return what_is_measured(asked), asked.modes, asked.far


def has_figures(case: CaseResult) -> bool:
    """Return whether any of its modes was measured."""
    return any(mode.measured for mode in case.modes)
