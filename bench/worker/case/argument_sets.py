"""A mode called once with each of its argument sets: how often that traces and compiles it again, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from ...events import Retraced
from ..checks.recompiles import Compilations, RecompileWatch, RetraceCount
from ..checks.retrace_causes import find_changes
from ..modes.build import Built
from ..modes.modes import mode_of
from .job import Job
from .phases import phase

BUDGETS, LONGEST_S = 10, 20.0
"""Sets that are not reached in so many times the rounds' budget, or in so many seconds, are met in the rounds."""


@dataclass(frozen=True)
class Meeting:
    """How many of its argument sets a mode was called with, from the first on, and what the last call returned.

    `compiled`: what XLA compiled meanwhile.
    """

    met: int
    output: Any
    compiled: Compilations


def meet_argument_sets(job: Job, mode: str, built: Built) -> Meeting:
    """Call the mode with every set but the first, in order, and report what was traced and compiled again."""
    import tensorflow as tf

    retraced: dict[int, RetraceCount] = {}
    met, output = 1, None
    with phase(job, mode, "argument_sets") as span:
        end = perf_counter() + min(BUDGETS * job.effort.budget_s, LONGEST_S)
        for arguments in built.argument_sets[1:]:
            job.go_on(mode)
            watch = RecompileWatch(job.channel.log, built.function)
            for _ in range(mode_of(mode).calls_to_compile):
                output = built(arguments)
            count = watch.retraces()
            span.compiled += count.compiled
            if count and not (count.functions and _traces_again(job, built, arguments)):
                retraced[met] = count
            met += 1
            if perf_counter() >= end:
                break
        tf.raw_ops.SyncDevice()
    again = sum(retraced.values(), RetraceCount())
    report(job, mode, built, "argument_sets", calls=met - 1, again=again, at=[*retraced])
    return Meeting(met, output, span.compiled)


def _traces_again(job: Job, built: Built, arguments: tuple[Any, ...]) -> bool:
    """Call with the same arguments once more; return whether that traces, so that these are not why."""
    watch = RecompileWatch(job.channel.log, built.function)
    built(arguments)
    return watch.retraces().traces > 0


def report(
    job: Job, mode: str, built: Built, phase: str, *, calls: int, again: RetraceCount, at: Sequence[int]
) -> None:
    """Tell what was traced or compiled again in so many calls, if anything was, and by which argument sets."""
    if not again or not job.asked(mode):
        return
    changes = find_changes(built.function, built.argument_sets, at, values=again.traces < again.compiled.count)
    job.channel.emit(
        Retraced(
            case_id=job.case_id,
            mode=mode,
            phase=phase,
            calls=calls,
            traces=again.traces,
            compilations=again.compiled.count,
            compile_s=again.compiled.duration_s,
            changes=changes,
            functions=again.functions,
        )
    )
