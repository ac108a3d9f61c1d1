"""Our own way of comparing two callables, without the process, the wire and the screen around it."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bench.events import PairEstimate
from bench.worker.measurement.estimate import estimate_pair
from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.timing import Timed, choose_group_size, measure_overhead, no_garbage_collection, visit
from tests.fidelity.subjects import Subject, import_tensorflow

EFFECT = 0.02


def compare(first: Subject, second: Subject, *, budget_s: float, seed: int = 0) -> PairEstimate:
    """The second's time over the first's, from rounds that fill the budget, calibration included."""
    latencies_s = _latencies_s(first, second, budget_s, seed)
    pair = estimate_pair("second", "first", latencies_s["second"], latencies_s["first"], 0.0, EFFECT)
    assert pair is not None
    return pair


def rounds_of(first: Subject, second: Subject, *, budget_s: float, seed: int) -> NDArray[np.float64]:
    """The log of the second's time over the first's, by round; not a number where a round does not count."""
    latencies_s = _latencies_s(first, second, budget_s, seed)
    return np.asarray(np.log(latencies_s["second"] / latencies_s["first"]))


def _latencies_s(first: Subject, second: Subject, budget_s: float, seed: int) -> dict[str, NDArray[np.float64]]:
    start = perf_counter()
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
        while perf_counter() - start < budget_s:
            rounds.go_round(lambda timed: Visited(visit(timed, synchronise)))
            collect_garbage()
    return {mode: series.latencies_s for mode, series in rounds.series.items()}
