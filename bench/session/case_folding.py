"""The course of one case: what is known of it, and an event, give what is known next. Pure."""

from __future__ import annotations

import dataclasses
from functools import singledispatch

from ..events import (
    Breakdown,
    Calibrated,
    CaseSized,
    Combined,
    Disturbed,
    Estimate,
    Event,
    MachineState,
    ModeFailed,
    Noted,
    PeakMemory,
    PhaseFinished,
    PhaseStarted,
    Retraced,
    Round,
    Suspicious,
    Verified,
    Visit,
)
from .persistent import evolve
from .results import CaseResult, ModeResult, Retraces

MOST_REMARKS = 1_000
"""Limit of suspicions and of notes for each mode. A worker sends a handful."""


@singledispatch
def fold(event: Event, case: CaseResult) -> CaseResult:  # noqa: ARG001 - the others look at it
    """The case after the event. Those that say nothing of results change nothing."""
    return case


@fold.register
def _(event: CaseSized, case: CaseResult) -> CaseResult:
    sized = dataclasses.replace(case.case, dims=event.dims, dtype=event.dtype or case.case.dtype)
    return evolve(case, case=sized, sized=True, unwrapped=event.unwrapped, autotuned=event.autotuned)


@fold.register
def _(event: PhaseStarted, case: CaseResult) -> CaseResult:
    concerned = (mode for mode in case.modes if not mode.status and event.mode in ("", mode.mode))
    case = case.with_mode(*(evolve(mode, phase=event.phase) for mode in concerned))
    return evolve(end(case, cancelled=False), state="refining") if _has_its_result(event, case) else case


def _has_its_result(event: PhaseStarted, case: CaseResult) -> bool:
    return event.phase == "refine" and case.process == case.processes


@fold.register
def _(event: PhaseFinished, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.phase == "trace":
        mode = evolve(mode, trace_s=event.duration_s)
    elif event.phase == "first_call":
        mode = evolve(mode, first_call_s=event.duration_s, compile_s=event.compile_s)
        mode = evolve(mode, compilations=event.compilations or 0, retraces=Retraces())
    return case.with_mode(mode)


@fold.register
def _(event: Verified, case: CaseResult) -> CaseResult:
    mode = evolve(case.known_mode(event.mode), reference=event.reference, max_rel_error=event.max_rel_error)
    mode = evolve(mode, outputs_only=event.outputs_only)
    if event.wrong:
        mode = evolve(mode, status="wrong", error=event.wrong, wrong_state=event.wrong_state)
    return case.with_mode(mode)


@fold.register
def _(event: ModeFailed, case: CaseResult) -> CaseResult:
    mode = evolve(case.known_mode(event.mode), status=event.status, error=event.error, phase="")
    return case.with_mode(evolve(mode, traceback=event.traceback, absent=event.absent, message=event.message))


@fold.register
def _(event: Calibrated, case: CaseResult) -> CaseResult:
    case = evolve(case, overhead_s=event.overhead_s, timed_alone=event.alone)
    return evolve(case, least_rounds=event.least_rounds, least_s=event.least_s)


@fold.register
def _(event: Retraced, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.phase == "rounds" and not (event.cause or event.changes):
        return case.with_mode(evolve(mode, late_retraces=mode.late_retraces.and_in(event)))
    return case.with_mode(evolve(mode, retraces=mode.retraces.and_in(event)))


@fold.register
def _(event: Combined, case: CaseResult) -> CaseResult:
    for estimate, spread in zip(event.modes, event.spreads, strict=True):
        case = case.with_mode(evolve(case.known_mode(estimate.mode), estimate=estimate, spread=spread))
    return evolve(case, pairs=event.pairs)


@fold.register
def _(event: MachineState, case: CaseResult) -> CaseResult:
    return evolve(case, machine=event)


@fold.register
def _(event: Breakdown, case: CaseResult) -> CaseResult:
    return case.with_mode(evolve(case.known_mode(event.mode), breakdown=event))


@fold.register
def _(event: PeakMemory, case: CaseResult) -> CaseResult:
    return case.with_mode(evolve(case.known_mode(event.mode), peak_memory=event))


@fold.register
def _(event: Suspicious, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.reason in mode.suspicions:
        return case
    if len(mode.suspicions) >= MOST_REMARKS:
        raise ValueError("it is one reason too many")
    return case.with_mode(evolve(mode, suspicions=(*mode.suspicions, event.reason)))


@fold.register
def _(event: Noted, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.note in mode.notes:
        return case
    if len(mode.notes) >= MOST_REMARKS:
        raise ValueError("it is one note too many")
    return case.with_mode(evolve(mode, notes=(*mode.notes, event.note)))


@singledispatch
def fold_in_process(event: Round | Estimate | Disturbed, case: CaseResult, before: CaseResult | None) -> CaseResult:
    """Return the case after what one process tells of its own rounds; they are numbered over all processes.

    `before`: the case as its earlier processes left it, if there are any.
    """
    raise NotImplementedError


@fold_in_process.register
def _(event: Round, case: CaseResult, before: CaseResult | None) -> CaseResult:
    number = event.index + (before.rounds if before else 0)
    return case.with_mode(*(_visited(case.known_mode(visit.mode), visit, number) for visit in event.visits))


def _visited(mode: ModeResult, visit: Visit, number: int) -> ModeResult:
    return evolve(
        mode,
        rounds=mode.rounds.plus(visit.latency_s),
        round_numbers=mode.round_numbers.plus(number),
        void_rounds=mode.void_rounds.plus(len(mode.rounds)) if visit.void else mode.void_rounds,
    )


@fold_in_process.register
def _(event: Estimate, case: CaseResult, before: CaseResult | None) -> CaseResult:
    modes = []
    for estimate in event.modes:
        mode = case.known_mode(estimate.mode)
        start = len(before.known_mode(estimate.mode).rounds) if before else 0
        earlier = (warm_up for warm_up in mode.warm_ups if warm_up[0] < start)
        mode = evolve(mode, warm_ups=(*earlier, (start, start + estimate.discarded_rounds)))
        modes.append(mode if before else evolve(mode, estimate=estimate))  # with several, figures come combined
    return evolve(
        case.with_mode(*modes),
        pairs=case.pairs if before else event.pairs,
        rounds=event.rounds + (before.rounds if before else 0),
        disturbed_rounds=_sum(before.disturbed_rounds if before else None, event.disturbed_rounds),
        spent_s=event.spent_s + (before.spent_s if before else 0),
        left_s=event.left_s,
    )


@fold_in_process.register
def _(event: Disturbed, case: CaseResult, before: CaseResult | None) -> CaseResult:
    start = before.rounds if before else 0
    disturbed = evolve(event, first=start + event.first, last=start + event.last)
    return evolve(case, disturbances=case.disturbances.plus(disturbed))


def end(case: CaseResult, *, cancelled: bool) -> CaseResult:
    """The case once nothing more comes of it; `cancelled`: it was not measured to its end, unless it had its result."""
    cancelled = cancelled and case.state != "refining"
    modes = tuple(mode if mode.status else _ended(mode, case, cancelled) for mode in case.modes)
    return evolve(case, modes=modes, state="cancelled" if cancelled else "done", left_s=None)


def _ended(mode: ModeResult, case: CaseResult, cancelled: bool) -> ModeResult:
    if cancelled:
        return evolve(mode, status="cancelled", phase="")
    verified = case.plan.verify_only and not case.error and mode.reference
    if mode.measured or verified:
        return evolve(mode, status="ok", phase="")
    error = mode.error or case.error or "it was not measured"
    return evolve(mode, status="refused" if case.refused else "failed", error=error, phase="")


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
