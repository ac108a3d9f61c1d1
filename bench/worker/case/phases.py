"""The steps before the rounds, each announced, timed apart, and searched for what XLA compiled meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from ...events import PhaseFinished, PhaseStarted, Suspicious
from ..checks.recompiles import Compilations, find_compilations
from .job import Job

FALSE = {
    "trace": "the worker was stopped while it was traced, so what it costs once is too much",
    "first_call": "the worker was stopped in its first call, so what it costs once is too much",
}
"""What is said of a mode's cost where the process was stopped in one of the phases that make it up."""


@dataclass
class Span:
    """How long a phase took, once it is over, and what was compiled in it.

    Whoever reads the log meanwhile adds what it found there. `counts_s`: what of it counts, where that is not all.
    """

    duration_s: float = 0.0
    counts_s: float | None = None
    compiled: Compilations = field(default_factory=Compilations)


@contextmanager
def phase(job: Job, mode: str, name: str) -> Iterator[Span]:
    """Time what is done inside for a mode; one that was not asked for leaves no events.

    Raises Stopped, before it starts, when asked to stop.
    """
    job.go_on(mode)
    if job.asked(mode):
        job.channel.emit(PhaseStarted(case_id=job.case_id, mode=mode, phase=name))
    job.channel.log.new_text()
    span = Span()
    stops = job.stops.count
    start = perf_counter()
    yield span
    span.duration_s = perf_counter() - start if span.counts_s is None else span.counts_s
    span.compiled += find_compilations(job.channel.log.new_text())
    if job.asked(mode):
        job.channel.emit(
            PhaseFinished(
                case_id=job.case_id,
                mode=mode,
                phase=name,
                duration_s=span.duration_s,
                compile_s=span.compiled.duration_s if span.compiled.count else None,
                compilations=span.compiled.count,
            )
        )
        if name in FALSE and job.stops.count > stops:
            job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=FALSE[name]))


def common_phase(job: Job, name: str) -> None:
    """Announce a phase that all modes share. Raises Stopped when asked to stop."""
    job.go_on()
    job.channel.emit(PhaseStarted(case_id=job.case_id, mode="", phase=name))
