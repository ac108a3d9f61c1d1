"""A mode's first calls: until XLA compiles nothing more."""

from __future__ import annotations

from time import perf_counter

from ...plan import is_own
from ..checks.python_state.watch import PythonState
from ..checks.recompiles import find_compilations
from ..machine.devices import device_of
from ..machine.memory import MemoryWatch
from ..modes.build import Built
from ..modes.modes import mode_of
from .job import Job
from .observation import Observer
from .phases import Span

MOST_CALLS = 8


def first_calls(job: Job, mode: str, built: Built, span: Span, memory: MemoryWatch) -> tuple[str, Observer]:
    """Return where the first call's output lay, and what the first two left behind, as far as they have been made.

    Where it takes several calls until all is compiled, these are part of what the first call costs as far as they
    compile; a call that does not is none of its cost, nor is looking at what calls leave behind.
    """
    import tensorflow as tf

    is_watched = mode == "eager" and is_own(job.case.workload)
    observer = Observer(built, PythonState(built.function, built.arguments, job.case.workload) if is_watched else None)
    start = perf_counter()
    output = built()
    tf.raw_ops.SyncDevice()
    took_s = perf_counter() - start
    observer.see(output)
    ran_on = device_of(output)
    del output  # it would be part of what the next call takes of the device's memory
    enough = mode_of(mode).calls_to_compile
    if enough > 1:
        span.compiled += find_compilations(job.channel.log.new_text())
        took_s += _compile_the_rest(job, built, span, observer, enough, memory)
    span.counts_s = took_s
    return ran_on, observer


def _compile_the_rest(
    job: Job, built: Built, span: Span, observer: Observer, enough: int, memory: MemoryWatch
) -> float:
    """Call until as many calls in a row have compiled nothing; return the seconds of those that have compiled."""
    import tensorflow as tf

    took_s, quiet = 0.0, 0
    for _ in range(MOST_CALLS - 1):
        if quiet >= enough:
            break
        start = perf_counter()
        output = memory.call(built)
        tf.raw_ops.SyncDevice()
        call_s = perf_counter() - start
        observer.see(output)
        del output
        compiled = find_compilations(job.channel.log.new_text())
        span.compiled += compiled
        took_s += call_s if compiled.count else 0.0
        quiet = 0 if compiled.count else quiet + 1
    return took_s


def compile_again(mode: str, built: Built, met: int) -> None:
    """Have what was compiled in the first calls, with so many argument sets, compiled again where it is lost.

    Setting a seed, as the modes prepared later and verifying do, empties TensorFlow's cache of functions: graphs are
    optimised anew, and their clusters get other names, under which XLA does not know them.
    """
    calls = mode_of(mode).calls_to_compile
    if calls > 1:
        for arguments in built.argument_sets[:met]:
            for _ in range(calls):
                built(arguments)
