"""Bias: what a mode takes in rounds of three different modes, over what it takes in a loop of its own.

Precision proves nothing: copies of one callable keep each other's caches and thread pools warm, different modes throw
each other out. In each repeat rounds, each mode's loop, and rounds without warm-in follow each other five times within
one process: a machine that drifts by some per cent in a few seconds does so for all three.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from time import perf_counter
from typing import Any

from bench.plan import MODES, Case
from bench.worker.rounds import Rounds, Visited
from bench.worker.settling import SETTLING_ROUNDS
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

TURNS = 5
ROUNDS_S, LOOP_S, BARE_S = 0.4, 0.15, 0.1
"""Of a turn."""

BUDGET_S = TURNS * (ROUNDS_S + 3 * LOOP_S + BARE_S)

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
            yield {"workload": name, "repeat": repeat, "budget_s": BUDGET_S}


def process(key: Key) -> Hashable:
    """A process for a workload."""
    return key["workload"]


def measure(key: Key) -> Values:
    """The median call of each mode by turn, in seconds: in rounds, in a loop of its own, in rounds without warm-in."""
    synchronise = import_tensorflow().raw_ops.SyncDevice
    modes = _modes(str(key["workload"]))
    share = float(key["budget_s"]) / BUDGET_S
    rounds, bare = (Rounds(modes, seed=int(key["repeat"])) for _ in range(2))
    turns: dict[str, list[dict[str, float]]] = {"rounds_s": [], "alone_s": [], "bare_s": []}
    with no_garbage_collection() as collect_garbage:
        for _ in range(SETTLING_ROUNDS):
            rounds.go_round(lambda timed: Visited(visit(timed, synchronise)))
        for _ in range(TURNS):
            turns["rounds_s"].append(_in_rounds(rounds, lambda timed: visit(timed, synchronise), share * ROUNDS_S))
            collect_garbage()
            turns["alone_s"].append({timed.mode: _alone(timed, synchronise, share * LOOP_S) for timed in modes})
            turns["bare_s"].append(_in_rounds(bare, lambda timed: _bare(timed, synchronise), share * BARE_S))
    return turns


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


def _in_rounds(rounds: Rounds, visit_one: Callable[[Timed], Block], budget_s: float) -> dict[str, float]:
    """The median call of each mode in rounds that fill the budget."""
    before = rounds.count
    start = perf_counter()
    while perf_counter() - start < budget_s:
        rounds.go_round(lambda timed: Visited(visit_one(timed)))
    return {
        mode: statistics.median(visit.latency_s for visit in each.visits[before:])
        for mode, each in rounds.series.items()
    }


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
    """For each workload, the bias of each mode and of each ratio between modes."""
    for (name,), repeats in group(lines, "workload").items():
        figure = f"{name}, {len(repeats)} repeats, median"
        for mode in MODES:
            call_s = statistics.median(turn[mode] for line in repeats for turn in line.values["alone_s"])
            most = MOST_BIAS if call_s >= SHORT_S else MOST_BIAS_OF_SHORT
            yield Row(
                f"{figure}: {mode} in rounds over alone ({1e6 * call_s:.3g} µs)",
                f"{_bias(repeats, 'rounds_s', mode):.3f}",
                f"within {most:.0%}",
                f"without warm-in {_bias(repeats, 'bare_s', mode):.2f}",
            )
        for baseline, mode in combinations(MODES, 2):
            yield Row(
                f"{figure}: {mode} over {baseline} in rounds over alone",
                f"{_bias(repeats, 'rounds_s', mode, baseline):.3f}",
                f"within {MOST_BIAS_OF_RATIO:.0%}",
                f"without warm-in {_bias(repeats, 'bare_s', mode, baseline):.2f}",
            )


def _bias(lines: Sequence[Line], way: str, mode: str, baseline: str | None = None) -> float:
    """A mode's time, or its ratio to another's, this way over alone: the median over repeats of that over turns."""

    def figure(turn: Mapping[str, float]) -> float:
        return turn[mode] / (turn[baseline] if baseline else 1)

    return statistics.median(
        statistics.median(
            figure(this) / figure(alone) for this, alone in zip(line.values[way], line.values["alone_s"], strict=True)
        )
        for line in lines
    )


PART = Part(
    name="bias",
    help="A mode's median in rounds of three different modes over that of its isolated loop (10 min).",
    repeats=20,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
