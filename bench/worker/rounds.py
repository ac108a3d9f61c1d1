"""Timing: rounds that visit every mode once, in random order, so that a machine that slows down slows all modes.

A visit is an untimed warm-in, since the mode before has left the caches and thread pools to its own liking, then a
timed block. Nothing but the calls and the synchronisation that ends them lies between two readings of the clock.
"""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

WARM_IN_S = 0.005
LONGEST_WARM_IN_S = 0.025
BLOCK_S = 0.005

COLLECT_EVERY_S = 1.0

SHORTEST_CALL_S = 5e-8
"""No call from Python takes less: what is left of a measured one when the overhead is taken off."""

STEADY = 0.9
"""A warm-in goes on while a group takes less than this fraction of the one before."""

WORTH_TIMING = 100
"""A reading of the clock may cost at most one part in so many of what it times."""


@dataclass(frozen=True)
class Timed:
    """A mode ready to be timed: `group_size` calls lie between two readings of the clock."""

    mode: str
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    group_size: int = 1


@dataclass(frozen=True)
class Block:
    """A timed block: seconds per call of each group."""

    group_size: int
    calls_s: tuple[float, ...]

    @property
    def latency_s(self) -> float:
        """The median call."""
        return statistics.median(self.calls_s)

    @property
    def calls(self) -> int:
        """How many calls the block timed."""
        return self.group_size * len(self.calls_s)


@contextmanager
def no_garbage_collection() -> Iterator[Callable[[], None]]:
    """Keep the collector out of timed calls; what exists already is never looked at again.

    Yields what to call between rounds: now and then it collects the cycles that calls leave behind.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    collected_at = perf_counter()

    def collect() -> None:
        nonlocal collected_at
        if perf_counter() - collected_at >= COLLECT_EVERY_S:
            gc.collect()
            collected_at = perf_counter()

    try:
        yield collect
    finally:
        gc.enable()
        gc.unfreeze()


def measure_overhead(synchronise: Callable[[], Any], samples: int = 200) -> float:
    """Seconds that reading the clock and synchronising add to a timed group: the median of `samples`."""
    taken: list[float] = []
    for _ in range(samples):
        start = perf_counter()
        synchronise()
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def choose_group_size(timed: Timed, synchronise: Callable[[], Any], overhead_s: float) -> int:
    """How many calls to time as one group, so that the overhead is at most one part in WORTH_TIMING."""
    least_s = WORTH_TIMING * overhead_s
    calls_s = [_group(timed, synchronise)]
    while len(calls_s) < 3 or sum(calls_s) < WARM_IN_S:
        calls_s.append(_group(timed, synchronise))
        if calls_s[-1] - overhead_s > least_s:
            return 1
    call_s = max(statistics.median(calls_s) - overhead_s, SHORTEST_CALL_S)
    return max(1, math.ceil(least_s / call_s))


def visit(timed: Timed, synchronise: Callable[[], Any]) -> Block:
    """Warm a mode in, then time a block of it."""
    group_s = _warm_in(timed, synchronise)
    groups = max(1, round(BLOCK_S / group_s))
    return Block(timed.group_size, tuple(_group(timed, synchronise) / timed.group_size for _ in range(groups)))


def _warm_in(timed: Timed, synchronise: Callable[[], Any]) -> float:
    start = perf_counter()
    previous_s, group_s = math.inf, _group(timed, synchronise)
    while (elapsed_s := perf_counter() - start) < WARM_IN_S or (
        group_s < STEADY * previous_s and elapsed_s < LONGEST_WARM_IN_S and previous_s < math.inf
    ):
        previous_s, group_s = group_s, _group(timed, synchronise)
    return group_s


def _group(timed: Timed, synchronise: Callable[[], Any]) -> float:
    call, arguments = timed.call, timed.arguments
    repeats = range(timed.group_size)
    start = perf_counter()
    for _ in repeats:
        call(*arguments)
    synchronise()
    return perf_counter() - start
