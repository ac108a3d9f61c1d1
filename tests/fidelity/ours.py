"""Our own way of comparing two callables, without the process, the wire and the screen around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bench.events import PairEstimate
from bench.plan import Effort
from bench.worker.case.round_loop import ESTIMATE_EVERY_S
from bench.worker.measurement.estimate import estimate_pair
from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.stopping import Stopping
from bench.worker.measurement.timing import Timed, choose_group_size, measure_overhead, no_garbage_collection, visit
from tests.fidelity.subjects import Subject, import_tensorflow

EFFECT = 0.02


@dataclass(frozen=True)
class Refined:
    """What is known of a pair when its budget is spent, and when it has been refined, after so many seconds."""

    before: PairEstimate
    after: PairEstimate
    spent_s: float


class _Latencies(Mapping[str, NDArray[np.float64]]):
    """The latencies of rounds by name, worked out where they are asked for."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self._rounds.series[name].latencies_s

    def __iter__(self) -> Iterator[str]:
        return iter(self._rounds.series)

    def __len__(self) -> int:
        return len(self._rounds.series)


def compare(first: Subject, second: Subject, *, budget_s: float, seed: int = 0) -> PairEstimate:
    """The second's time over the first's, from rounds that fill the budget, calibration included."""
    latencies_s = _latencies_s(first, second, budget_s, seed)
    pair = estimate_pair("second", "first", latencies_s["second"], latencies_s["first"], 0.0, EFFECT)
    assert pair is not None
    return pair


def compare_and_refine(first: Subject, second: Subject, *, budget_s: float, refine_s: float, seed: int) -> Refined:
    """The same, before and after more rounds for `refine_s` seconds, or until the interval is narrow enough."""
    stopping = Stopping(Effort(budget_s=budget_s, refine_s=refine_s), EFFECT, least_rounds=0)
    before: PairEstimate | None = None
    start = estimated_at = perf_counter()
    for latencies_s in _after_each_round(first, second, seed):
        now = perf_counter()
        spent_s = now - start
        if spent_s < budget_s or (before is not None and now - estimated_at < ESTIMATE_EVERY_S):
            continue
        pair = estimate_pair("second", "first", latencies_s["second"], latencies_s["first"], 0.0, EFFECT)
        assert pair is not None
        before, estimated_at = before or pair, now
        if spent_s >= budget_s + refine_s or stopping.is_refined((), (pair,)):
            return Refined(before, pair, spent_s)
    raise AssertionError("rounds go on for ever")


def rounds_of(first: Subject, second: Subject, *, budget_s: float, seed: int) -> NDArray[np.float64]:
    """The log of the second's time over the first's, by round; not a number where a round does not count."""
    latencies_s = _latencies_s(first, second, budget_s, seed)
    return np.asarray(np.log(latencies_s["second"] / latencies_s["first"]))


def _latencies_s(first: Subject, second: Subject, budget_s: float, seed: int) -> Mapping[str, NDArray[np.float64]]:
    """The latencies by round; the budget holds the calibration, too."""
    start = perf_counter()
    rounds = _after_each_round(first, second, seed)
    return next(latencies_s for latencies_s in rounds if perf_counter() - start >= budget_s)


def _after_each_round(first: Subject, second: Subject, seed: int) -> Iterator[Mapping[str, NDArray[np.float64]]]:
    synchronise = import_tensorflow().raw_ops.SyncDevice
    overhead_s = measure_overhead(synchronise)
    rounds = Rounds(
        (
            timed.in_groups_of(choose_group_size(timed, synchronise, overhead_s), overhead_s)
            for timed in (
                Timed("first", first.call, (first.arguments,)),
                Timed("second", second.call, (second.arguments,)),
            )
        ),
        seed,
    )
    with no_garbage_collection() as collect_garbage:
        while True:
            rounds.go_round(lambda timed: Visited(visit(timed, synchronise)))
            yield _Latencies(rounds)
            collect_garbage()
