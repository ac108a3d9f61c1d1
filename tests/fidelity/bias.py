"""Bias: what a mode takes in rounds of three different modes, over what it takes in a loop of its own.

Precision proves nothing: copies of one callable keep each other's caches and thread pools warm, different modes throw
each other out. In each repeat the rounds, each mode's loop and rounds without warm-in follow each other in one process.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from time import perf_counter
from typing import Any

from bench.plan import MODES, Case
from bench.worker.rounds import Rounds, Visited
from bench.worker.timing import (
    Block,
    Timed,
    choose_group_size,
    measure_overhead,
    no_garbage_collection,
    time_calls,
    visit,
)

from .part import Key, Line, Part, Row, Values, group
from .subjects import from_catalogue, import_tensorflow

ROUNDS_S, LOOP_S, BARE_S = 2.0, 0.5, 0.5

COLD_SHARE = 0.2
"""The first part of a loop is not counted: it is what it takes to be alone."""

BARE_BLOCK_S = 0.0005

SHORT_S = 50e-6
MOST_BIAS, MOST_BIAS_OF_SHORT, MOST_BIAS_OF_RATIO = 0.02, 0.04, 0.02

CASES: dict[str, Case] = {
    "chain": Case("elementwise_chain", dims=(("size", 1_000),)),
    "matmul 256²": Case("matmul", dims=(("m", 256), ("k", 256), ("n", 256))),
    "softmax 512²": Case("softmax", dims=(("rows", 512), ("columns", 512))),
    "lstm": Case("lstm"),
    "tiny_ops": Case("tiny_ops"),
}


def units(repeats: int) -> Iterator[Key]:
    """Every repeat of a workload, then the next workload."""
    for name in CASES:
        for repeat in range(repeats):
            yield {"workload": name, "repeat": repeat, "budget_s": ROUNDS_S}


def process(key: Key) -> Hashable:
    """A process for a workload."""
    return key["workload"]


def measure(key: Key) -> Values:
    """The median call of each mode, in seconds: in rounds, in a loop of its own, in rounds without warm-in."""
    synchronise = import_tensorflow().raw_ops.SyncDevice
    modes = _modes(str(key["workload"]))
    share, seed = float(key["budget_s"]) / ROUNDS_S, int(key["repeat"])
    with no_garbage_collection() as collect_garbage:
        in_rounds = _in_rounds(modes, lambda timed: visit(timed, synchronise), seed, share * ROUNDS_S, collect_garbage)
        alone = {timed.mode: _alone(timed, synchronise, share * LOOP_S) for timed in modes}
        bare = _in_rounds(modes, lambda timed: _bare(timed, synchronise), seed, share * BARE_S, collect_garbage)
    return {"rounds_s": in_rounds, "alone_s": alone, "bare_s": bare}


@cache
def _modes(name: str) -> tuple[Timed, ...]:
    synchronise = import_tensorflow().raw_ops.SyncDevice
    overhead_s = measure_overhead(synchronise)
    modes = []
    for mode in MODES:
        subject = from_catalogue(name, mode, CASES[name])
        timed = Timed(mode, subject.call, (subject.arguments,))
        modes.append(timed.in_groups_of(choose_group_size(timed, synchronise, overhead_s), overhead_s))
    return tuple(modes)


def _in_rounds(
    modes: Sequence[Timed],
    visit_one: Callable[[Timed], Block],
    seed: int,
    budget_s: float,
    collect_garbage: Callable[[], None],
) -> dict[str, float]:
    rounds = Rounds(modes, seed)
    start = perf_counter()
    while perf_counter() - start < budget_s:
        rounds.go_round(lambda timed: Visited(visit_one(timed)))
        collect_garbage()
    return {mode: statistics.median(visit.latency_s for visit in each.visits) for mode, each in rounds.series.items()}


def _alone(timed: Timed, synchronise: Callable[[], Any], budget_s: float) -> float:
    calls_s: list[float] = []
    start = perf_counter()
    while (elapsed_s := perf_counter() - start) < budget_s or not calls_s:
        call_s = timed.call_s(time_calls(timed, synchronise, timed.group_size), timed.group_size)
        if elapsed_s > COLD_SHARE * budget_s:
            calls_s.append(call_s)
    return statistics.median(calls_s)


def _bare(timed: Timed, synchronise: Callable[[], Any]) -> Block:
    start = perf_counter()
    calls_s: list[float] = []
    while not calls_s or perf_counter() - start < BARE_BLOCK_S:
        calls_s.append(timed.call_s(time_calls(timed, synchronise, timed.group_size), timed.group_size))
    return Block(timed.group_size, tuple(calls_s))


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """For each workload, each mode's bias and the worst of a ratio between modes."""
    for (name,), repeats in group(lines, "workload").items():
        figure = f"{name}, {len(repeats)} repeats, median: "
        for mode in MODES:
            call_s = statistics.median(line.values["alone_s"][mode] for line in repeats)
            most = MOST_BIAS if call_s >= SHORT_S else MOST_BIAS_OF_SHORT
            bias, bare = (_median_ratio(repeats, way, mode) for way in ("rounds_s", "bare_s"))
            yield Row(
                f"{figure}{mode} in rounds over alone ({1e6 * call_s:.3g} µs)",
                f"{bias:.3f}",
                f"within {most:.0%}",
                f"without warm-in {bare:.2f}",
            )
        for way, mode in (("graph", "eager"), ("xla", "eager"), ("xla", "graph")):
            bias, bare = (
                statistics.median(_ratio(line, kind, way) / _ratio(line, kind, mode) for line in repeats)
                for kind in ("rounds_s", "bare_s")
            )
            yield Row(
                f"{figure}{way} over {mode} in rounds over alone",
                f"{bias:.3f}",
                f"within {MOST_BIAS_OF_RATIO:.0%}",
                f"without warm-in {bare:.2f}",
            )


def _median_ratio(lines: Sequence[Line], way: str, mode: str) -> float:
    return statistics.median(_ratio(line, way, mode) for line in lines)


def _ratio(line: Line, way: str, mode: str) -> float:
    return float(line.values[way][mode] / line.values["alone_s"][mode])


PART = Part(
    name="bias",
    help="A mode's median in rounds of three different modes over that of its isolated loop (10 min).",
    repeats=20,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
