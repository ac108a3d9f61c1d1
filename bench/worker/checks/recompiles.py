"""What is traced and compiled, and when: TensorFlow's own counts of traces, and its compilation profiler's log.

`experimental_get_tracing_count` misses recompiles; the line `Compiled NAME N times, compile time: T us, ...` is exact
and in the log when the call returns. It needs `environment.PROFILER` set before TensorFlow is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..channel import Log
from .traces import trace_log

COMPILED = re.compile(r"Compiled \S+ \d+ times, compile time: (\d+) us")
"""Unanchored: a user's print without a newline may stand before it."""


MOST_NAMED = 10
"""Inner functions that are named."""


@dataclass(frozen=True)
class Compilations:
    """How often XLA compiled, and the seconds it took."""

    count: int = 0
    duration_s: float = 0.0

    def __add__(self, other: Compilations) -> Compilations:
        return Compilations(self.count + other.count, self.duration_s + other.duration_s)


def find_compilations(log: str) -> Compilations:
    """The compilations that a piece of the log tells of."""
    times_us = [int(match[1]) for match in COMPILED.finditer(log)]
    return Compilations(len(times_us), sum(times_us) / 1e6)


@dataclass(frozen=True)
class RetraceCount:
    """What was done again, that steady calls do not do. `functions`: what was traced beside the mode's own function."""

    traces: int = 0
    compiled: Compilations = Compilations()
    functions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.traces > 0 or self.compiled.count > 0

    def __add__(self, other: RetraceCount) -> RetraceCount:
        functions = tuple(dict.fromkeys((*self.functions, *other.functions)))
        return RetraceCount(self.traces + other.traces, self.compiled + other.compiled, functions)


class RecompileWatch:
    """Counts what is traced and compiled from its making on: the function itself, and what it makes or calls."""

    def __init__(self, log: Log, function: Callable[..., Any]) -> None:
        self._log = log
        self._function = function
        self._traces = count_traces(function)
        self._all_traces = trace_log().count
        log.new_text()

    def retraces(self) -> RetraceCount:
        """What came since."""
        own, seen = count_traces(self._function) - self._traces, trace_log().since(self._all_traces)
        compiled = find_compilations(self._log.new_text())
        inner = tuple(dict.fromkeys(str(each) for each in seen)) if len(seen) > own else ()
        return RetraceCount(max(own, len(seen)), compiled, inner[:MOST_NAMED])


def count_traces(function: Callable[..., Any]) -> int:
    """How often a `tf.function` was traced; 0 for another callable."""
    count = getattr(function, "experimental_get_tracing_count", None)
    return int(count()) if count else 0
