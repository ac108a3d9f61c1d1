"""Rounds: each visits the modes once, in random order, so that a machine that slows down slows all modes.

A mode may be left out of most rounds (`resting.py`), so its visits know in which round they were.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ...events import Visit
from .timing import Block, Timed
from .warm_in import FEWEST_SETTLING, LONG_VISITS, LONGEST_S, SETTLING_VISITS, Trace, is_warm_at_once, settled_after
from .warmup import FEWEST_ROUNDS, warm_from

RECENT_VISITS = 5


@dataclass(frozen=True)
class Visited:
    """What a visit gave: its block, and how often the mode was traced and compiled meanwhile."""

    block: Block
    traces: int = 0
    compilations: int = 0


@dataclass
class ModeRounds:
    """Keeps what the rounds have given for one mode, by visit; `rounds` says in which round each visit was.

    `timed`: the mode, warmed in for as long as its long visits have shown to be enough.
    """

    timed: Timed
    visits: list[Visit] = field(default_factory=list)
    rounds: list[int] = field(default_factory=list)
    _took_s: list[float] = field(default_factory=list)
    _calls_s: list[NDArray[np.float64]] = field(default_factory=list)
    _cpu_s: list[tuple[float | None, int]] = field(default_factory=list)
    _warm_ins_s: list[float] = field(default_factory=list)
    _traces: list[Trace] = field(default_factory=list)

    def add(self, visited: Visited, took_s: float = 0.0, in_round: int | None = None) -> Visit:
        """Take a visit in; `in_round`: the next after its last, unless it says another. `took_s`: all of the visit."""
        block = visited.block
        visit = Visit(self.timed.mode, block.latency_s, block.calls, block.cold_s, visited.traces, visited.compilations)
        self.rounds.append((self.rounds[-1] + 1 if self.rounds else 0) if in_round is None else in_round)
        self._warm_ins_s.append(self.next_timed.warm_in_s)
        self.visits.append(visit)
        self._took_s.append(took_s)
        self._calls_s.append(np.array(block.singles_s or block.calls_s))
        self._cpu_s.append((block.cpu_s, block.all_calls))
        number = len(self.visits) - 1
        if number in SETTLING_VISITS and not visit.void:
            self._traces.append(block.trace)
        if len(self.visits) == LONG_VISITS and self._is_warm_at_once:
            self.timed = replace(self.timed, warm_in_s=0.0)
        elif number in SETTLING_VISITS[FEWEST_SETTLING - 1 :]:
            self._settle()
        return visit

    @property
    def next_timed(self) -> Timed:
        """Return the mode as its next visit times it."""
        is_long = len(self.visits) in SETTLING_VISITS and self.timed.warm_in_s > 0
        return replace(self.timed, warm_in_s=LONGEST_S) if is_long else self.timed

    @property
    def visit_s(self) -> float:
        """Return what a visit takes, warm-in and all, in seconds; 0 before the first."""
        return median(self._took_s[-RECENT_VISITS:]) if self._took_s else 0.0

    @property
    def discarded(self) -> int:
        """Return how many visits were left out: until the mode was warm, or since they were not warmed in enough."""
        first = self._warm_from
        return first + int(self._is_short[first:].sum())

    @property
    def voided(self) -> int:
        """Return in how many visits it was traced or compiled."""
        return sum(visit.void for visit in self.visits)

    @property
    def latencies_s(self) -> NDArray[np.float64]:
        """Return the median call, by visit; not a number where the block is void or the mode was not warm enough."""
        latencies_s = self._unvoided()
        latencies_s[: self._warm_from] = np.nan
        latencies_s[self._is_short] = np.nan
        return latencies_s

    def latencies_by_round_s(self, count: int) -> NDArray[np.float64]:
        """Return the same by round, of `count` rounds; not a number where the mode was not visited, either."""
        by_round_s = np.full(count, np.nan)
        by_round_s[self.rounds] = self.latencies_s
        return by_round_s

    @property
    def single_calls_s(self) -> NDArray[np.float64] | None:
        """Every timed call that counts; None where they were timed in groups."""
        if self.timed.calls_at_once > 1:
            return None
        return np.concatenate([np.empty(0), *(self._calls_s[index] for index in self._counted)])

    @property
    def cold_calls_s(self) -> list[float]:
        """Return the unwarmed call of each visit that counts."""
        cold_s = (self.visits[index].cold_s for index in self._counted)
        return [call_s for call_s in cold_s if call_s is not None]

    @property
    def cpu_s(self) -> float | None:
        """CPU time a call, of all threads, over the whole visits that count; None where nothing told it.

        It is the time of all these visits over their calls: of a short visit a coarse clock may tell nothing. No call
        takes none: where all visits are below the clock's resolution, it has told nothing.
        """
        told = [(cpu_s, calls) for cpu_s, calls in (self._cpu_s[index] for index in self._counted) if cpu_s is not None]
        calls = sum(calls for _, calls in told)
        taken_s = sum(cpu_s for cpu_s, _ in told)
        return taken_s / calls if taken_s else None

    @property
    def _is_warm_at_once(self) -> bool:
        return is_warm_at_once([(visit.cold_s or visit.latency_s, visit.latency_s) for visit in self.visits])

    @property
    def _counted(self) -> list[int]:
        return [int(index) for index in np.flatnonzero(~np.isnan(self.latencies_s))]

    @property
    def _warm_from(self) -> int:
        return warm_from(self._unvoided())

    @property
    def _is_short(self) -> NDArray[np.bool_]:
        """Tell of each visit whether its warm-in was shorter than the mode needs, once there are enough others."""
        is_short = np.array(self._warm_ins_s) < self.timed.warm_in_s
        return is_short & (np.count_nonzero(~is_short) >= FEWEST_ROUNDS)

    def _settle(self) -> None:
        if self._traces and self.timed.warm_in_s:
            self.timed = replace(self.timed, warm_in_s=settled_after(self._traces))

    def _unvoided(self) -> NDArray[np.float64]:
        return np.array([np.nan if visit.void else visit.latency_s for visit in self.visits])


class Rounds:
    """Visits the modes round by round, and keeps what the visits gave in `series`, simplest mode first.

    `every`: in every how many rounds a mode is visited, of those that rest. `clock`: seconds, for what a visit takes.
    """

    def __init__(self, timed: Iterable[Timed], seed: int, clock: Callable[[], float] = perf_counter) -> None:
        self.series = {each.mode: ModeRounds(each) for each in timed}
        self.count = 0
        self.every: Mapping[str, int] = {}
        self._clock = clock
        self._shuffle = random.Random(seed).shuffle

    @property
    def round_s(self) -> float:
        """Return what a round that visits every mode takes, in seconds; 0 before the first."""
        return sum(series.visit_s for series in self.series.values())

    def go_round(self, visit: Callable[[Timed], Visited | None]) -> tuple[Visit, ...]:
        """Have `visit` called for every mode whose turn it is; one for which it returns None has failed and is left out
        from now on.
        """
        order = [mode for mode in self.series if self.count % self.every.get(mode, 1) == 0]
        self._shuffle(order)
        visits = []
        for mode in order:
            start = self._clock()
            visited = visit(self.series[mode].next_timed)
            if visited is None:
                del self.series[mode]
            else:
                visits.append(self.series[mode].add(visited, self._clock() - start, self.count))
        self.count += 1
        return tuple(visits)
