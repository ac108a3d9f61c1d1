"""Our own way of comparing two callables, without the process, the wire and the screen around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bench.events import PairEstimate
from bench.plan import Effort
from bench.worker.case.round_loop import ESTIMATE_EVERY_S
from bench.worker.measurement.estimate import Interval, estimate_pair
from bench.worker.measurement.median_interval import median_interval
from bench.worker.measurement.randomised_interval import randomised_interval
from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.stopping import Stopping
from bench.worker.measurement.timing import Timed, choose_group_size, measure_overhead, no_garbage_collection, visit
from tests.fidelity.part import Values
from tests.fidelity.subjects import Subject, import_tensorflow

EFFECT = 0.02


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
    return _estimate(_latencies_s(first, second, budget_s, seed))


def look_at(
    first: Subject, second: Subject, *, looks_s: Sequence[float], seed: int, refine: bool = False
) -> list[Values]:
    """Compare the two, and tell after so many seconds each what is known; calibration is included.

    With `refine` it ends after the first look as soon as the interval is narrow enough; what is known then is told
    last. `slow_verdict`, `slow_low` and `slow_high`: the same rounds as those of a slow process (`median_interval.py`).
    """
    stopping = Stopping(Effort(), EFFECT, least_rounds=0)
    looks: list[Values] = []
    start = estimated_at = perf_counter()
    for latencies_s in _after_each_round(first, second, seed):
        now = perf_counter()
        spent_s = now - start
        is_due = spent_s >= looks_s[len(looks)]
        is_checked = refine and bool(looks) and now - estimated_at >= ESTIMATE_EVERY_S
        if is_due or is_checked:
            estimated_at = now
            is_refined = is_checked and stopping.is_refined((), (_estimate(latencies_s),))
            if is_due or is_refined:
                looks.append(_look(latencies_s, spent_s))
            if is_refined or len(looks) == len(looks_s):
                return looks
    raise AssertionError("rounds go on for ever")


def _look(latencies_s: Mapping[str, NDArray[np.float64]], spent_s: float) -> Values:
    ours, slow = _estimate(latencies_s), _estimate(latencies_s, median_interval)
    return {
        "s": spent_s,
        "ratio": ours.ratio,
        "low": ours.low,
        "high": ours.high,
        "verdict": ours.verdict,
        "slow_low": slow.low,
        "slow_high": slow.high,
        "slow_verdict": slow.verdict,
    }


def _estimate(
    latencies_s: Mapping[str, NDArray[np.float64]], ratio_interval: Interval = randomised_interval
) -> PairEstimate:
    pair = estimate_pair(
        "second", "first", latencies_s["second"], latencies_s["first"], 0.0, EFFECT, ratio_interval=ratio_interval
    )
    assert pair is not None
    return pair


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
