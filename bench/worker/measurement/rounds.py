"""Rounds: each visits every mode once, in random order, so that a machine that slows down slows all modes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ...events import Visit
from .timing import Block, Timed
from .warm_in import SETTLING_ROUNDS, Trace, settled_after
from .warmup import warm_from


@dataclass(frozen=True)
class Visited:
    """What a visit gave: its block, and how often the mode was traced and compiled meanwhile."""

    block: Block
    traces: int = 0
    compilations: int = 0


@dataclass
class ModeRounds:
    """What the rounds have given for one mode, by round."""

    timed: Timed
    visits: list[Visit] = field(default_factory=list)
    _calls_s: list[NDArray[np.float64]] = field(default_factory=list)
    _traces: list[Trace] = field(default_factory=list)

    def add(self, visited: Visited) -> Visit:
        """Take a round's visit in."""
        block = visited.block
        visit = Visit(self.timed.mode, block.latency_s, block.calls, block.cold_s, visited.traces, visited.compilations)
        self.visits.append(visit)
        self._calls_s.append(np.array(block.singles_s or block.calls_s))
        if not visit.void and len(self.visits) <= SETTLING_ROUNDS:
            self._traces.append(block.trace)
        return visit

    def settle(self) -> None:
        """From now on warm the mode in for as long as its visits have shown to be enough."""
        if self._traces:
            self.timed = replace(self.timed, warm_in_s=settled_after(self._traces))

    @property
    def discarded(self) -> int:
        """How many rounds the mode took until it was warm."""
        return warm_from(self._unvoided())

    @property
    def voided(self) -> int:
        """In how many rounds it was traced or compiled."""
        return sum(visit.void for visit in self.visits)

    @property
    def latencies_s(self) -> NDArray[np.float64]:
        """The median call, by round; not a number where the block is void or the mode was not warm yet."""
        latencies_s = self._unvoided()
        latencies_s[: self.discarded] = np.nan
        return latencies_s

    @property
    def single_calls_s(self) -> NDArray[np.float64] | None:
        """Every timed call that counts; None where they were timed in groups."""
        if self.timed.calls_at_once > 1:
            return None
        return np.concatenate([np.empty(0), *(self._calls_s[index] for index in self._counted)])

    @property
    def cold_calls_s(self) -> list[float]:
        """The unwarmed call of each round that counts."""
        cold_s = (self.visits[index].cold_s for index in self._counted)
        return [call_s for call_s in cold_s if call_s is not None]

    @property
    def _counted(self) -> list[int]:
        return [int(index) for index in np.flatnonzero(~np.isnan(self.latencies_s))]

    def _unvoided(self) -> NDArray[np.float64]:
        return np.array([np.nan if visit.void else visit.latency_s for visit in self.visits])


class Rounds:
    """Visits every mode once a round, and keeps what the visits gave in `series`, simplest mode first.

    The first SETTLING_ROUNDS are long: they tell how long each mode must be warmed in.
    """

    def __init__(self, timed: Iterable[Timed], seed: int) -> None:
        self.series = {each.mode: ModeRounds(each) for each in timed}
        self.count = 0
        self._shuffle = random.Random(seed).shuffle

    def go_round(self, visit: Callable[[Timed], Visited | None]) -> tuple[Visit, ...]:
        """Have `visit` called for every mode; one for which it returns None has failed and is left out from now on."""
        order = list(self.series)
        self._shuffle(order)
        visited = {mode: visit(self.series[mode].timed) for mode in order}
        self.series = {mode: series for mode, series in self.series.items() if visited[mode] is not None}
        self.count += 1
        visits = tuple(self.series[mode].add(each) for mode, each in visited.items() if each is not None)
        if self.count == SETTLING_ROUNDS:
            for series in self.series.values():
                series.settle()
        return visits
