"""Estimators, on made-up traces whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence

import numpy as np
import pytest

from bench.worker.measurement.estimate import break_even, estimate_mode, estimate_pairs, judge
from bench.worker.measurement.rounds import ModeRounds, Visited
from bench.worker.measurement.timing import Block, Timed


def series(latencies_s: Sequence[float], group_size: int = 1, voided: Container[int] = ()) -> ModeRounds:
    """One call a round; in `voided` rounds something was compiled."""
    rounds = ModeRounds(Timed("eager", lambda: None, ((),), group_size))
    for index, latency_s in enumerate(latencies_s):
        rounds.add(Visited(Block(group_size, (latency_s,), cold_s=2 * latency_s), compilations=int(index in voided)))
    return rounds


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


def test_intervals_of_several_pairs_are_wider_than_of_one() -> None:
    rng = np.random.default_rng(1)
    latencies_s = {mode: np.exp(rng.normal(0, 0.05, 100)) for mode in ("eager", "graph", "xla")}
    no_cost = dict.fromkeys(latencies_s, 0.0)
    of_three = estimate_pairs(latencies_s, no_cost, effect=0.02)[0]
    (alone,) = estimate_pairs({mode: latencies_s[mode] for mode in ("eager", "graph")}, no_cost, effect=0.02)
    assert (of_three.mode, of_three.baseline, of_three.ratio) == (alone.mode, alone.baseline, alone.ratio)
    assert of_three.low is not None
    assert of_three.high is not None
    assert alone.low is not None
    assert alone.high is not None
    assert of_three.low < alone.low < alone.high < of_three.high


def test_a_mode_that_stays_slow_for_many_rounds_is_told_from_noise() -> None:
    rng = np.random.default_rng(3)
    latencies_s = {mode: np.exp(rng.normal(0, 0.01, 80)) for mode in ("eager", "graph", "xla")}
    latencies_s["xla"] *= np.repeat([1.0, 1.1, 1.0, 1.1], 20)
    pairs = estimate_pairs(latencies_s, dict.fromkeys(latencies_s, 0.0), effect=0.02)
    assert [(pair.mode, pair.baseline, pair.autocorrelated) for pair in pairs] == [
        ("graph", "eager", False),
        ("xla", "eager", True),
        ("xla", "graph", True),
    ]


def test_modes_are_compared_over_the_rounds_that_count_for_both() -> None:
    eager, xla = np.full(30, 2e-3), np.full(30, 1e-3)
    eager[:5], xla[20] = np.nan, np.nan
    eager[20], xla[:5] = 9.0, 9.0
    (pair,) = estimate_pairs({"eager": eager, "xla": xla}, {"eager": 0.0, "xla": 1.0}, effect=0.02)
    assert pair.ratio == pytest.approx(0.5)
    assert pair.high == pytest.approx(0.5)


def test_what_has_no_round_in_common_is_not_compared() -> None:
    never = np.full(10, np.nan)
    assert estimate_pairs({"eager": np.ones(10), "xla": never}, {"eager": 0.0, "xla": 0.0}, effect=0.02) == ()
    assert estimate_mode("xla", series([1.0] * 10, voided=range(10))) is None


def test_break_even_has_the_interval_of_the_saving() -> None:
    rng = np.random.default_rng(2)
    latencies_s = {"eager": rng.normal(2e-3, 1e-4, 200), "xla": rng.normal(1e-3, 1e-4, 200)}
    (pair,) = estimate_pairs(latencies_s, {"eager": 0.0, "xla": 1.0}, effect=0.02)
    assert pair.break_even_calls is not None
    assert pair.break_even_low is not None
    assert pair.break_even_high is not None
    assert 950 < pair.break_even_low < pair.break_even_calls < pair.break_even_high < 1050
    assert pair.saving_s == pytest.approx(1e-3, rel=0.05)


@pytest.mark.parametrize(
    ("extra_s", "saving_s", "calls"), [(-0.1, 1e-3, 0), (1.0, 1e-3, 1000), (1.0, 0.0, None), (1.0, -1e-3, None)]
)
def test_what_costs_no_more_is_repaid_at_once_and_what_saves_nothing_never(
    extra_s: float, saving_s: float, calls: int | None
) -> None:
    assert break_even(extra_s, saving_s) == calls


def test_percentiles_are_of_single_calls_and_unknown_where_calls_were_grouped() -> None:
    single = estimate_mode("eager", series([float(i) for i in range(101)]))
    assert single is not None
    assert (single.p90_s, single.p99_s) == (90.0, 99.0)
    grouped = estimate_mode("eager", series([1.0] * 10, group_size=50))
    assert grouped is not None
    assert (grouped.p90_s, grouped.p99_s) == (None, None)


def test_warm_up_and_voided_rounds_are_counted_and_are_no_part_of_the_figures() -> None:
    mode = estimate_mode("eager", series([5.0] * 3 + [1.0] * 40, voided={20}))
    assert mode is not None
    assert (mode.latency_s, mode.p99_s, mode.cold_s) == (1.0, 1.0, 2.0)
    assert (mode.discarded_rounds, mode.voided_rounds) == (3, 1)
