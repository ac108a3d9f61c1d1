"""A mode's first calls: until XLA compiles nothing more."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from ..checks.recompiles import find_compilations
from ..modes.build import Built
from ..modes.modes import mode_of
from .job import Job
from .phases import Span

MOST_CALLS = 8


def first_calls(job: Job, mode: str, built: Built, span: Span) -> list[Any]:
    """What the first call returned, and the later ones, where it takes several until all is compiled.

    These are part of what the first call costs as far as they compile; a call that does not is none of its cost.
    """
    import tensorflow as tf

    outputs = [built()]
    tf.raw_ops.SyncDevice()
    enough = mode_of(mode).calls_to_compile
    if enough == 1:
        return outputs
    span.compiled += find_compilations(job.channel.log.new_text())
    quiet = 0
    while quiet < enough and len(outputs) < MOST_CALLS:
        start = perf_counter()
        outputs.append(built())
        tf.raw_ops.SyncDevice()
        compiled = find_compilations(job.channel.log.new_text())
        span.compiled += compiled
        if not compiled.count:
            span.left_out_s += perf_counter() - start
        quiet = 0 if compiled.count else quiet + 1
    return outputs


def compile_again(mode: str, built: Built, met: int) -> None:
    """Have what was compiled in the first calls, with so many argument sets, compiled again where it is lost.

    Setting a seed, as the modes prepared later and verifying do, empties TensorFlow's cache of functions: graphs are
    optimised anew, and their clusters get other names, under which XLA does not know them.
    """
    calls = mode_of(mode).calls_to_compile
    if calls > 1:
        for arguments in built.argument_sets[:met]:
            for _ in range(calls):
                built.function(*arguments)
