"""How other tools compare two callables, each in its own way, given the same time.

A tool's ratio is that of its headline figures: what it prints first, sorts by or calls the result. Its verdict follows
its own rule; where it has none, two figures differ as they do for anyone who reads them: by more than 2 %. A tool times
the first callable, then the second, for half of the budget each; what it takes to choose how many calls to time is not
counted against it. All of them run in the process in which ours does, on the same callables, once `load` was called.
"""

from __future__ import annotations

import importlib
import os
import statistics
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.fidelity import rival_packages
from tests.fidelity.subjects import Subject

NAIVE_EFFECT = 0.02


@dataclass(frozen=True)
class Comparison:
    """The second callable's time over the first's, and the verdict on the second: faster, slower or same."""

    ratio: float
    verdict: str


@cache
def load() -> None:
    """Import them all: whichever tool has its turn, the process is the same."""
    rival_packages.enable()
    for package in ("torch.utils.benchmark", "pyperf", "pytest_benchmark.plugin"):
        importlib.import_module(package)


def torch_blocked(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """`torch.utils.benchmark.Timer.blocked_autorange`: the median block."""
    return _torch(first, second, lambda timer: timer.blocked_autorange(min_run_time=budget_s / 2))


def torch_adaptive(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """`Timer.adaptive_autorange`: the same until the interquartile range is small, given its half of the budget."""
    half_s = budget_s / 2
    return _torch(first, second, lambda timer: timer.adaptive_autorange(min_run_time=half_s, max_run_time=half_s))


def _torch(first: Subject, second: Subject, measure: Callable[[Any], Any]) -> Comparison:
    """PyTorch tells two measurements apart in two ways; the verdict needs both.

    `Compare.trim_significant_figures` prints medians with as many figures as their spread allows: these must differ.
    A `Measurement` prints its interquartile range: these must not overlap.
    """
    from torch.utils.benchmark import Timer
    from torch.utils.benchmark.utils.common import trim_sigfig

    one, other = (
        measure(Timer("call(*arguments)", globals={"call": subject.call, "arguments": subject.arguments}))
        for subject in (first, second)
    )
    printed = [trim_sigfig(found.median, found.significant_figures) for found in (one, other)]
    (one_low, one_high), (other_low, other_high) = (_quartiles(found.times) for found in (one, other))
    apart = printed[0] != printed[1] and (other_high < one_low or one_high < other_low)
    ratio = other.median / one.median
    return Comparison(ratio, _direction(ratio) if apart else "same")


def _quartiles(times: list[float]) -> tuple[float, float]:
    if len(times) < 2:
        return times[0], times[0]
    low, _, high = statistics.quantiles(times, n=4, method="inclusive")
    return low, high


def timeit_best(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """`timeit`: the best of 5 repeats, as its command line prints; `autorange` tells how many calls fill a repeat."""

    def best_s(subject: Subject) -> float:
        timer = timeit.Timer("call(*arguments)", globals={"call": subject.call, "arguments": subject.arguments})
        calls, taken_s = timer.autorange()
        number = max(1, round(calls * budget_s / 2 / 5 / taken_s))
        return min(timer.repeat(repeat=5, number=number)) / number

    return naive(best_s(first), best_s(second))


def seed_loop(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """The script that the preset `seed` comes from: N calls between two readings of the clock, after one call."""

    def mean_s(subject: Subject) -> float:
        calls = _calls_in(budget_s / 2, subject)
        subject()
        start = perf_counter()
        for _ in range(calls):
            _output = subject.call(*subject.arguments)
        return (perf_counter() - start) / calls

    return naive(mean_s(first), mean_s(second))


def pytest_pedantic(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """pytest-benchmark's `pedantic`: single calls, as it chooses for all that take longer than 5 µs; the least.

    Its table is sorted by the least time. It runs as it is meant to: in tests, by a pytest of their own.
    """
    # Of the plugins there are, only its own: the outer pytest's, if there is one, are none of its business.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import pytest

    from tests.fidelity.pedantic import Pedantic

    pedantic = Pedantic([(subject, _calls_in(budget_s / 2, subject)) for subject in (first, second)])
    tests = Path(__file__).with_name("pedantic.py")
    options = ("-q", "-s", "-c", os.devnull, "--rootdir", str(tests.parent), "--import-mode=importlib")
    status = pytest.main([*options, "-p", "pytest_benchmark.plugin", str(tests)], plugins=[pedantic])
    if status != 0:
        raise RuntimeError(f"the inner pytest ended with {status!r}")
    return naive(*pedantic.least_s)


def pyperf_worker(first: Subject, second: Subject, budget_s: float) -> Comparison:
    """pyperf's runner in worker mode: loops calibrated to 0.1 s a value, a warm-up value, then values; their mean.

    Left to itself it spreads values over 20 processes; each would import TensorFlow, and two callables would be timed
    in different ones. Here one process is its worker, which spares it the difference between processes. The verdict
    is that of `pyperf compare_to`: Student's t-test at 95 %.
    """
    from pyperf._compare import CompareData, CompareResult

    runner = _pyperf_runner()
    loops, value_s = zip(*(_pyperf_calibrate(runner, subject) for subject in (first, second)), strict=True)
    # The test wants as many values of the one as of the other.
    values = max(2, round(budget_s / sum(value_s)))
    one, other = (
        _pyperf_run(runner, subject, loops=number, values=values, calibrate_loops=False)
        for subject, number in zip((first, second), loops, strict=True)
    )
    result = CompareResult(CompareData("first", one), CompareData("second", other))
    return Comparison(result.norm_mean, _direction(result.norm_mean) if result.significant else "same")


@cache
def _pyperf_runner() -> Any:
    """It allows one in a process."""
    import pyperf

    runner = pyperf.Runner()
    runner.parse_args(["--worker", "--calibrate-loops", "--quiet"])
    return runner


def _pyperf_calibrate(runner: Any, subject: Subject) -> tuple[int, float]:
    """How many calls make a value, and how many seconds such a value takes."""
    found = _pyperf_run(runner, subject, loops=0, values=3, calibrate_loops=True)
    loops, call_s = found.get_runs()[0].warmups[-1]
    return loops, loops * call_s


def _pyperf_run(runner: Any, subject: Subject, **arguments: Any) -> Any:
    vars(runner.args).update(arguments)
    return runner.bench_func(f"benchmark {next(_pyperf_numbers)}", subject.call, *subject.arguments)


_pyperf_numbers = count()  # it takes no name twice


RIVALS: dict[str, Callable[[Subject, Subject, float], Comparison]] = {
    "torch blocked_autorange": torch_blocked,
    "torch adaptive_autorange": torch_adaptive,
    "timeit": timeit_best,
    "pyperf": pyperf_worker,
    "pytest-benchmark": pytest_pedantic,
    "the seed's loop": seed_loop,
}


def _calls_in(seconds: float, subject: Subject) -> int:
    """How many calls take so long, going by a few."""
    taken_s: list[float] = []
    while len(taken_s) < 5 or sum(taken_s) < 0.02:
        start = perf_counter()
        subject.call(*subject.arguments)
        taken_s.append(perf_counter() - start)
    return max(1, round(seconds / statistics.median(taken_s)))


def naive(first_s: float, second_s: float) -> Comparison:
    """What a reader of two bare figures makes of them."""
    ratio = second_s / first_s
    differs = ratio > 1 + NAIVE_EFFECT or ratio < 1 / (1 + NAIVE_EFFECT)
    return Comparison(ratio, _direction(ratio) if differs else "same")


def _direction(ratio: float) -> str:
    return "slower" if ratio > 1 else "faster"
