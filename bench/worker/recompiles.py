"""What XLA compiled, as TensorFlow's compilation profiler logs it.

`experimental_get_tracing_count` misses recompiles; the line `Compiled NAME N times, compile time: T us, ...` is exact
and in the log when the call returns. It needs `environment.PROFILER` set before TensorFlow is imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMPILED = re.compile(r"Compiled \S+ \d+ times, compile time: (\d+) us")
"""Unanchored: a user's print without a newline may stand before it."""


@dataclass(frozen=True)
class Compilations:
    """How often XLA compiled, and the seconds it took."""

    count: int
    duration_s: float


def find_compilations(log: str) -> Compilations:
    """The compilations that a piece of the log tells of."""
    times_us = [int(match[1]) for match in COMPILED.finditer(log)]
    return Compilations(len(times_us), sum(times_us) / 1e6)
