"""The course of one case: what is known of it, and an event, give what is known next. Pure."""

from __future__ import annotations

import dataclasses
from functools import singledispatch

from ..events import (
    Breakdown,
    Calibrated,
    CaseSized,
    Combined,
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
from .evolve import replace
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
    return replace(case, case=sized, sized=True, unwrapped=event.unwrapped)


@fold.register
def _(event: PhaseStarted, case: CaseResult) -> CaseResult:
    concerned = (mode for mode in case.modes if not mode.status and event.mode in ("", mode.mode))
    return case.with_mode(*(replace(mode, phase=event.phase) for mode in concerned))


@fold.register
def _(event: PhaseFinished, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.phase == "trace":
        mode = replace(mode, trace_s=event.duration_s)
    elif event.phase == "first_call":
        mode = replace(mode, first_call_s=event.duration_s, compile_s=event.compile_s)
        mode = replace(mode, compilations=event.compilations or 0, retraces=Retraces())
    return case.with_mode(mode)


@fold.register
def _(event: Verified, case: CaseResult) -> CaseResult:
    mode = replace(case.known_mode(event.mode), reference=event.reference, max_rel_error=event.max_rel_error)
    return case.with_mode(replace(mode, status="wrong", error=event.wrong) if event.wrong else mode)


@fold.register
def _(event: ModeFailed, case: CaseResult) -> CaseResult:
    mode = replace(case.known_mode(event.mode), status=event.status, error=event.error, phase="")
    return case.with_mode(replace(mode, traceback=event.traceback, absent=event.absent))


@fold.register
def _(event: Calibrated, case: CaseResult) -> CaseResult:
    return replace(case, overhead_s=event.overhead_s)


@fold.register
def _(event: Round, case: CaseResult) -> CaseResult:
    return case.with_mode(*(_visited(case.known_mode(visit.mode), visit) for visit in event.visits))


def _visited(mode: ModeResult, visit: Visit) -> ModeResult:
    void_rounds = mode.void_rounds.plus(len(mode.rounds)) if visit.void else mode.void_rounds
    return replace(mode, rounds=mode.rounds.plus(visit.latency_s), void_rounds=void_rounds)


@fold.register
def _(event: Retraced, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.phase == "rounds" and not (event.cause or event.changes):
        return case.with_mode(replace(mode, late_retraces=mode.late_retraces.and_in(event)))
    return case.with_mode(replace(mode, retraces=mode.retraces.and_in(event)))


@fold.register
def _(event: Combined, case: CaseResult) -> CaseResult:
    for estimate, spread in zip(event.modes, event.spreads, strict=True):
        case = case.with_mode(replace(case.known_mode(estimate.mode), estimate=estimate, spread=spread))
    return replace(case, pairs=event.pairs)


@fold.register
def _(event: MachineState, case: CaseResult) -> CaseResult:
    return replace(case, machine=event)


@fold.register
def _(event: Breakdown, case: CaseResult) -> CaseResult:
    return case.with_mode(replace(case.known_mode(event.mode), breakdown=event))


@fold.register
def _(event: PeakMemory, case: CaseResult) -> CaseResult:
    return case.with_mode(replace(case.known_mode(event.mode), peak_memory=event))


@fold.register
def _(event: Suspicious, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.reason in mode.suspicions:
        return case
    if len(mode.suspicions) >= MOST_REMARKS:
        raise ValueError("it is one reason too many")
    return case.with_mode(replace(mode, suspicions=(*mode.suspicions, event.reason)))


@fold.register
def _(event: Noted, case: CaseResult) -> CaseResult:
    mode = case.known_mode(event.mode)
    if event.note in mode.notes:
        return case
    if len(mode.notes) >= MOST_REMARKS:
        raise ValueError("it is one note too many")
    return case.with_mode(replace(mode, notes=(*mode.notes, event.note)))


def end(case: CaseResult, *, cancelled: bool) -> CaseResult:
    """The case once nothing more comes of it; `cancelled`: it was not measured to its end."""
    modes = tuple(mode if mode.status else _ended(mode, case.error, cancelled) for mode in case.modes)
    return replace(case, modes=modes, state="cancelled" if cancelled else "done", left_s=None)


def _ended(mode: ModeResult, error: str, cancelled: bool) -> ModeResult:
    if cancelled:
        return replace(mode, status="cancelled", phase="")
    if not mode.measured:
        return replace(mode, status="failed", error=mode.error or error or "it was not measured", phase="")
    return replace(mode, status="ok", phase="")
