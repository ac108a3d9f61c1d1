"""Timing calls: a visit of a mode is its first, cold call, an untimed warm-in, then a timed block.

It is warmed in since the mode before has left the caches and thread pools to its own liking. Nothing but the calls and
the synchronisation that ends them lies between two readings of the clock.
"""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, cycle, islice
from time import perf_counter, process_time
from typing import Any

from .warm_in import LONG_CALL_S, LONG_VISITS, STARTS_S, Trace

CALIBRATION_S = 0.005
BLOCK_S = 0.002

COLLECT_EVERY_S = 1.0

SHORTEST_CALL_S = 5e-8
"""No call from Python takes less: what is left of a measured one when the overhead is taken off."""

WORTH_TIMING = 100
"""A reading of the clock may cost at most one part in so many of what it times."""


@dataclass(frozen=True)
class Timed:
    """A mode ready to be timed: `group_size` calls lie between two readings of the clock.

    Calls take the argument sets in turn; a group holds each of them equally often. `overhead_s`: what these readings
    and the synchronisation add to a group, to be taken off. `is_alone`: each call of a group is synchronised and timed
    by itself instead. `warm_in_s`: for how long it is called before a block, its cold call included; where that is 0,
    its first call is timed. `ended` is told how many calls have returned.
    """

    mode: str
    call: Callable[..., Any]
    argument_sets: tuple[tuple[Any, ...], ...]
    group_size: int = 1
    overhead_s: float = 0.0
    is_alone: bool = False
    warm_in_s: float = STARTS_S[0]
    ended: Callable[[int], None] = field(default=lambda _: None, repr=False, compare=False)
    turns: Iterator[tuple[Any, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", cycle(self.argument_sets))

    def in_groups_of(self, calls: int, overhead_s: float = 0.0) -> Timed:
        """The same, in groups of at least so many calls."""
        sets = len(self.argument_sets)
        return replace(self, group_size=sets * math.ceil(calls / sets), overhead_s=overhead_s)

    def one_by_one(self) -> Timed:
        """Return the same, each call synchronised and timed alone, and nothing taken off."""
        return replace(self, group_size=len(self.argument_sets), overhead_s=0.0, is_alone=True)

    @property
    def calls_at_once(self) -> int:
        """Return how many calls lie between two readings of the clock."""
        return 1 if self.is_alone else self.group_size

    def call_s(self, taken_s: float, calls: int) -> float:
        """Seconds a call, where so many calls took `taken_s` by the clock."""
        return max((taken_s - self.overhead_s) / calls, SHORTEST_CALL_S)


@dataclass(frozen=True)
class Block:
    """A timed block: seconds per call of each group. `cold_s`: the call before its warm-in, among other calls.

    `trace` holds the groups of the warm-in too. `singles_s`: every call of the block, if each call of a
    group was timed alone. `cpu_s`: CPU time of all threads over the visit's `all_calls`, cold call and warm-in among
    them; None where nothing told it.
    """

    group_size: int
    calls_s: tuple[float, ...]
    cold_s: float | None = None
    trace: Trace = ()
    singles_s: tuple[float, ...] = ()
    cpu_s: float | None = None
    all_calls: int = 0

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
    """Keep the collector out of timed calls.

    Yields what to call between rounds: now and then it collects the cycles that calls leave behind.
    """
    was_enabled = gc.isenabled()
    gc.collect()
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
        if was_enabled:
            gc.enable()


def measure_overhead(synchronise: Callable[[], Any], samples: int = 200) -> float:
    """Seconds that reading the clock and synchronising add to a timed group: the median of `samples`."""
    taken: list[float] = []
    for _ in range(samples):
        start = perf_counter()
        synchronise()
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def least_call_s(timed: Timed, synchronise: Callable[[], Any], overhead_s: float) -> float:
    """Seconds that the quickest of a few calls takes: one call that was held up would make a group too short."""
    calls_s: list[float] = []
    while len(calls_s) < 2 or sum(calls_s) < CALIBRATION_S:
        calls_s.append(time_calls(timed, synchronise, 1))
    return max(min(calls_s) - overhead_s, SHORTEST_CALL_S)


def group_size(call_s: float, overhead_s: float) -> int:
    """Return how many calls to time as one group, so that the overhead is at most one part in WORTH_TIMING."""
    return max(1, math.ceil(WORTH_TIMING * overhead_s / call_s))


def choose_group_size(timed: Timed, synchronise: Callable[[], Any], overhead_s: float) -> int:
    """Return the same for a mode that is called to find out."""
    return group_size(least_call_s(timed, synchronise, overhead_s), overhead_s)


def expected_s(call_s: float, visits: int) -> float:
    """Seconds that so many visits of a mode take at least, from what a call of it takes."""
    if call_s >= LONG_CALL_S:
        return call_s * (visits + min(visits, LONG_VISITS))
    return visits * max(2 * call_s, STARTS_S[0] + BLOCK_S)


def visit(timed: Timed, synchronise: Callable[[], Any], flush: Callable[[], None] | None = None) -> Block:
    """Empty the device's caches, if `flush` does that; warm a mode in, if it needs that; then time a block of it."""
    if flush:
        flush()
    cpu_start, start = process_time(), perf_counter()
    cold_s = timed.call_s(time_calls(timed, synchronise, 1), 1) if timed.warm_in_s else None
    groups = tuple(_groups(timed, synchronise, start))
    cpu_s = process_time() - cpu_start
    calls = timed.group_size * len(groups) + (cold_s is not None)
    trace = tuple((begun_s, statistics.fmean(calls_s)) for begun_s, calls_s in groups)
    block = tuple(calls_s for begun_s, calls_s in groups if begun_s >= timed.warm_in_s)
    singles_s = tuple(chain.from_iterable(block)) if timed.is_alone else ()
    return Block(timed.group_size, tuple(map(statistics.fmean, block)), cold_s, trace, singles_s, cpu_s, calls)


def _groups(timed: Timed, synchronise: Callable[[], Any], start: float) -> Iterator[tuple[float, tuple[float, ...]]]:
    """When each group began and what was timed of it, a call, until those after the warm-in fill a block.

    Their number is odd: the mean of the middle two of an even number is above the median where slow calls are rare.
    """
    at_once = timed.calls_at_once
    begun_s, block_end_s, groups = perf_counter() - start, math.inf, 0
    while begun_s < block_end_s or groups % 2 == 0:
        if begun_s >= timed.warm_in_s:
            block_end_s = min(block_end_s, begun_s + BLOCK_S)
            groups += 1
        takings_s = (time_calls(timed, synchronise, at_once) for _ in range(timed.group_size // at_once))
        yield begun_s, tuple(timed.call_s(taken_s, at_once) for taken_s in takings_s)
        begun_s = perf_counter() - start


def time_calls(timed: Timed, synchronise: Callable[[], Any], number: int) -> float:
    """Seconds that so many calls take, synchronised once."""
    call, turns = timed.call, islice(timed.turns, number)
    start = perf_counter()
    try:
        for arguments in turns:
            call(*arguments)
        synchronise()
        taken_s = perf_counter() - start
    except BaseException:
        timed.ended(number - 1 - sum(1 for _ in turns))
        raise
    timed.ended(number)
    return taken_s
