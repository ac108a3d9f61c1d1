"""Bias: what a mode takes in rounds of three different modes, over what it takes in a loop of its own.

Precision proves nothing: copies of one callable keep each other's caches and thread pools warm, different modes throw
each other out. Rounds and each mode's loop alternate several times a second within one process: a machine that changes
its speed by a third from one second to the next does so for both. The same on one core leaves out what the kernel takes
to spread threads over several.
"""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from time import perf_counter
from typing import Any

from bench.number_text import duration
from bench.plan import DEFAULT_MODES, Case
from bench.worker.measurement.median_interval import median_interval
from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.timing import (
    Block,
    Timed,
    choose_group_size,
    measure_overhead,
    no_garbage_collection,
    time_calls,
    visit,
)
from bench.worker.measurement.warm_in import SETTLING_VISITS
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.fidelity.subjects import from_catalogue, import_tensorflow

TURNS = 6
ROUNDS_S, LOOP_S, BARE_S = 0.08, 0.12, 0.04
"""Of a turn: rounds before and after each mode's loop, the loops, then rounds without warm-in."""

BUDGET_S = TURNS * (4 * ROUNDS_S + 3 * LOOP_S + BARE_S)

COLD_SHARE = 0.5
"""The first part of a loop is not counted: it is what it takes to be alone."""

BARE_BLOCK_S = 0.0005

ALL_CORES, ONE_CORE = "all", "one"
CAN_PIN = hasattr(os, "sched_setaffinity")

SHORT_S = 50e-6
MOST_BIAS, MOST_BIAS_OF_SHORT, MOST_BIAS_OF_RATIO = 0.02, 0.04, 0.02

CASES: dict[str, Case] = {
    "chain": Case("elementwise_chain", dims=(("size", 1_000),)),
    "matmul 256²": Case("matmul", dims=(("m", 256), ("k", 256), ("n", 256))),
    "softmax 512²": Case("softmax", dims=(("rows", 512), ("columns", 512))),
    "lstm": Case("lstm"),
    "tiny_ops": Case("tiny_ops"),
}

Blocks = Mapping[str, Sequence[float]]
"""Seconds a call, of each block of each mode."""


def units(repeats: int) -> Iterator[Key]:
    """Every repeat of a workload on all cores, half as many on one, then the next workload."""
    for name in CASES:
        for cores, number in ((ALL_CORES, repeats), (ONE_CORE, math.ceil(repeats / 2) if CAN_PIN else 0)):
            for repeat in range(number):
                yield {"workload": name, "cores": cores, "repeat": repeat, "budget_s": BUDGET_S}


def process(key: Key) -> Hashable:
    """A process for a workload on so many cores."""
    return key["workload"], key["cores"]


def measure(key: Key) -> Values:
    """What each mode takes beyond its loop, as logarithms of ratios by turn: in rounds, and in rounds without warm-in.

    `alone_s`: the median block of each loop, in seconds a call.
    """
    if key["cores"] == ONE_CORE:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    synchronise = import_tensorflow().raw_ops.SyncDevice
    modes = _modes(str(key["workload"]))
    share = float(key["budget_s"]) / BUDGET_S
    rounds, bare = (Rounds(modes, seed=int(key["repeat"])) for _ in range(2))
    turns: dict[str, list[dict[str, float]]] = {"rounds": [], "bare": [], "alone_s": []}

    def in_rounds() -> Blocks:
        return _in_rounds(rounds, lambda timed: visit(timed, synchronise), share * ROUNDS_S)

    with no_garbage_collection() as collect_garbage:
        for _ in range(SETTLING_VISITS[-1] + 1):
            rounds.go_round(lambda timed: Visited(visit(timed, synchronise)))
        for _ in range(TURNS):
            before, over_alone, alone_s = in_rounds(), {}, {}
            for timed in modes:
                mode, alone = timed.mode, _alone(timed, synchronise, share * LOOP_S)
                after = in_rounds()
                over_alone[mode] = shift([*before[mode], *after[mode]], alone)
                alone_s[mode] = statistics.median(alone)
                before = after
            without = _in_rounds(bare, lambda timed: _bare(timed, synchronise), share * BARE_S)
            turns["rounds"].append(over_alone)
            turns["bare"].append({mode: over_alone[mode] + shift(without[mode], before[mode]) for mode in without})
            turns["alone_s"].append(alone_s)
            collect_garbage()
    return turns


def shift(ours_s: Sequence[float], theirs_s: Sequence[float]) -> float:
    """The logarithm of what ours take over theirs: the median of all pairs (Hodges and Lehmann 1963).

    It is 0 where both are drawn from one distribution, however skewed, and however many there are of each.
    """
    return statistics.median(math.log(ours / theirs) for ours in ours_s for theirs in theirs_s)


@cache
def _modes(name: str) -> tuple[Timed, ...]:
    synchronise = import_tensorflow().raw_ops.SyncDevice
    overhead_s = measure_overhead(synchronise)
    modes = []
    for mode in DEFAULT_MODES:
        subject = from_catalogue(name, mode, CASES[name])
        timed = Timed(mode, subject.call, (subject.arguments,))
        modes.append(timed.in_groups_of(choose_group_size(timed, synchronise, overhead_s), overhead_s))
    return tuple(modes)


def _in_rounds(rounds: Rounds, visit_one: Callable[[Timed], Block], budget_s: float) -> Blocks:
    """The blocks of each mode in rounds that fill the budget, one at least."""
    before = rounds.count
    start = perf_counter()
    while rounds.count == before or perf_counter() - start < budget_s:
        rounds.go_round(lambda timed: Visited(visit_one(timed)))
    return {mode: [visit.latency_s for visit in each.visits[before:]] for mode, each in rounds.series.items()}


def _alone(timed: Timed, synchronise: Callable[[], Any], budget_s: float) -> list[float]:
    """The blocks of a loop that fills the budget, as in rounds but with nothing between them."""
    unwarmed = replace(timed, warm_in_s=0.0)
    blocks_s: list[float] = []
    start = perf_counter()
    while (elapsed_s := perf_counter() - start) < budget_s or not blocks_s:
        block = visit(unwarmed, synchronise)
        if elapsed_s > COLD_SHARE * budget_s:
            blocks_s.append(block.latency_s)
    return blocks_s


def _bare(timed: Timed, synchronise: Callable[[], Any]) -> Block:
    start = perf_counter()
    calls_s: list[float] = []
    while not calls_s or perf_counter() - start < BARE_BLOCK_S:
        calls_s.append(timed.call_s(time_calls(timed, synchronise, timed.group_size), timed.group_size))
    return Block(timed.group_size, tuple(calls_s))


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """For each workload, the bias of each mode, and of each ratio between modes."""
    for (name,), of_workload in group(lines, "workload").items():
        by_cores = {cores: repeats for (cores,), repeats in group(of_workload, "cores").items()}
        repeats = by_cores[ALL_CORES]
        calls_s = {
            mode: statistics.median(turn[mode] for line in repeats for turn in line.values["alone_s"])
            for mode in DEFAULT_MODES
        }
        within = f"within {MOST_BIAS:.0%}"
        if min(calls_s.values()) < SHORT_S:
            within += f", below 50 µs {MOST_BIAS_OF_SHORT:.0%}"
        told = ", ".join(f"{mode} {duration(call_s)}" for mode, call_s in calls_s.items())
        yield _row(f"{name} ({told}), modes", {mode: (mode,) for mode in DEFAULT_MODES}, within, by_cores)
        pairs = {f"{mode}/{baseline}": (mode, baseline) for baseline, mode in combinations(DEFAULT_MODES, 2)}
        yield _row(f"{name}, ratios between modes", pairs, f"within {MOST_BIAS_OF_RATIO:.0%}", by_cores)


def _row(figure: str, figures: Mapping[str, tuple[str, ...]], within: str, by_cores: Mapping[str, list[Line]]) -> Row:
    def told(cores: str, way: str, *, interval: bool = True) -> str:
        return ", ".join(
            f"{name} {bias(by_cores[cores], way, *modes, interval=interval)}" for name, modes in figures.items()
        )

    beside = f"without warm-in {told(ALL_CORES, 'bare', interval=False)}"
    if ONE_CORE in by_cores:
        beside = f"on one core {told(ONE_CORE, 'rounds')}; {beside}"
    title = f"in rounds over alone, {figure}, {len(by_cores[ALL_CORES])} repeats: median (95 %)"
    return Row(title, told(ALL_CORES, "rounds"), within, beside)


def bias(lines: Sequence[Line], way: str, mode: str, baseline: str | None = None, *, interval: bool = True) -> str:
    """A mode's time, or its ratio to another's, this way over alone: the median of all turns, with its interval."""
    turns = [turn[mode] - (turn[baseline] if baseline else 0.0) for line in lines for turn in line.values[way]]
    median = f"{math.exp(statistics.median(turns)):.3f}"
    ends = median_interval(turns) if interval else None
    return f"{median} ({math.exp(ends[0]):.3f}-{math.exp(ends[1]):.3f})" if ends else median


PART = Part(
    name="bias",
    help="A mode's median in rounds of three different modes over that of its isolated loop (17 min).",
    repeats=20,
    units=units,
    measure=measure,
    rows=rows,
    process=process,
)
