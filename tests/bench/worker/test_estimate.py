"""Estimators, on made-up traces whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bench.worker.estimate import (
    FEWEST_ROUNDS,
    break_even,
    estimate_mode,
    estimate_pairs,
    judge,
    median_interval,
    precise_enough,
    variance_inflation,
)

Trace = Callable[[np.random.Generator, int], NDArray[np.float64]]


def independent(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return rng.standard_normal(count)


def heavy_tailed(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return rng.pareto(1.5, count) - (2 ** (1 / 1.5) - 1)


def autocorrelated(rho: float) -> Trace:
    def trace(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
        values = np.zeros(count + 100)
        for i, shock in enumerate(rng.standard_normal(count + 99), start=1):
            values[i] = rho * values[i - 1] + shock
        return values[100:]

    return trace


@pytest.mark.parametrize(
    ("trace", "count", "least"),
    [
        (independent, 20, 0.95),
        (independent, 200, 0.94),
        (heavy_tailed, 200, 0.94),
        (autocorrelated(0.5), 200, 0.93),
        (autocorrelated(0.9), 300, 0.88),
    ],
    ids=["independent-20", "independent-200", "heavy-tailed", "ar-0.5", "ar-0.9"],
)
def test_the_interval_holds_the_true_median_as_often_as_it_says(trace: Trace, count: int, least: float) -> None:
    rng = np.random.default_rng(1)
    intervals = [median_interval(trace(rng, count)) for _ in range(600)]
    held = [interval is not None and interval[0] <= 0 <= interval[1] for interval in intervals]
    assert np.mean(held) >= least


def test_an_interval_is_no_wider_than_it_must_be() -> None:
    rng = np.random.default_rng(2)
    interval = median_interval(rng.standard_normal(400))
    assert interval is not None
    by_theory = 2 * 1.96 * math.sqrt(math.pi / 2 / 400)
    assert interval[1] - interval[0] < 1.5 * by_theory


@given(st.lists(st.floats(-1e6, 1e6), max_size=200))
def test_an_interval_holds_the_sample_median_or_there_is_none(values: list[float]) -> None:
    interval = median_interval(values)
    if len(values) < FEWEST_ROUNDS:
        assert interval is None
    else:
        assert interval is not None
        assert interval[0] <= np.median(values) <= interval[1]
        assert {*interval} <= {*values}


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((math.log(0.90), math.log(0.95)), "faster"),
        ((math.log(1.05), math.log(1.10)), "slower"),
        ((math.log(0.99), math.log(1.01)), "same"),
        ((math.log(0.95), math.log(0.99)), "unclear"),
        ((math.log(0.90), math.log(1.10)), "unclear"),
        (None, "unclear"),
    ],
)
def test_a_verdict_is_where_the_interval_lies_against_the_smallest_effect(
    interval: tuple[float, float] | None, verdict: str
) -> None:
    assert judge(interval, effect=0.02) == verdict


def test_every_mode_is_compared_with_every_simpler_one_by_round() -> None:
    drift = np.linspace(1, 2, 50)  # a machine that slows down slows all modes
    latencies_s = {"eager": list(drift * 4e-3), "graph": list(drift * 2e-3), "xla": list(drift * 3e-3)}
    pairs = estimate_pairs(latencies_s, {"eager": 0.0, "graph": 0.1, "xla": 1.0}, effect=0.02)
    found = {(pair.mode, pair.baseline): (pair.verdict, round(pair.ratio, 9)) for pair in pairs}
    assert found == {
        ("graph", "eager"): ("faster", 0.5),
        ("xla", "eager"): ("faster", 0.75),
        ("xla", "graph"): ("slower", 1.5),
    }
    assert {(pair.mode, pair.baseline): pair.break_even_calls for pair in pairs} == {
        ("graph", "eager"): math.ceil(0.1 / 3e-3),
        ("xla", "eager"): math.ceil(1.0 / 1.5e-3),
        ("xla", "graph"): None,
    }


def test_a_compile_that_costs_no_more_than_the_baselines_is_repaid_at_once() -> None:
    assert break_even(-0.1, 1e-3) == 0


def test_percentiles_are_of_single_calls_and_unknown_where_calls_were_grouped() -> None:
    single = estimate_mode("eager", [1.0] * 10, [float(i) for i in range(101)])
    assert (single.p90_s, single.p99_s) == (90.0, 99.0)
    grouped = estimate_mode("eager", [1.0] * 10, calls_per_block=50)
    assert (grouped.p90_s, grouped.p99_s) == (None, None)


def test_rounds_are_enough_once_every_interval_is_narrow() -> None:
    rng = np.random.default_rng(3)
    latencies_s = {mode: list(np.exp(rng.normal(0, 0.02, 100))) for mode in ("eager", "xla")}
    modes = [estimate_mode(mode, values) for mode, values in latencies_s.items()]
    pairs = estimate_pairs(latencies_s, {"eager": 0, "xla": 0}, effect=0.02)
    assert precise_enough(modes, pairs, target=0.02)
    assert not precise_enough(modes, pairs, target=0.0001)
    assert not precise_enough(modes[:1], (), target=0.0001)


def test_the_inflation_is_that_of_all_lags_correlated_at_once() -> None:
    series = autocorrelated(0.7)(np.random.default_rng(4), 301)
    signs = np.sign(series - np.median(series))
    lags = np.correlate(signs, signs, "full")[300:] / (signs @ signs) * 301 / np.arange(301, 0, -1)
    pairs = lags[:100:2] + lags[1:101:2]
    positive = pairs[: np.argmax(pairs <= 0)]
    assert variance_inflation(series) == pytest.approx(2 * positive.sum() - 1)


def test_only_the_lags_that_count_are_correlated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(np, "correlate")  # all lags of a long series at once: quadratic
    assert variance_inflation(np.random.default_rng(5).standard_normal(100_000)) < 1.5
