"""The interval between processes, on made-up processes whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.worker.measurement.median_interval import median_interval
from bench.worker.measurement.process_interval import Error, Sample, chi_square, error_of, ratio_interval
from tests.slow import slowly

WITHIN = 0.01
ALIKE = Error(WITHIN, WITHIN)
SAMPLES = 2000  # the standard error of a share of 0.95 is 0.005


def sample(rng: np.random.Generator, processes: int, between: float) -> Sample:
    """Processes that scatter about 0 by `between`, each measured with an error of WITHIN."""
    values = rng.normal(0, between, processes) + rng.normal(0, WITHIN, processes)
    return Sample(values.tolist(), [ALIKE] * processes)


def share_held(processes: int, between: float, confidence: float = 0.95) -> float:
    rng = np.random.default_rng(1)
    intervals = [sample(rng, processes, between).interval(confidence) for _ in range(SAMPLES)]
    return sum(low <= 0 <= high for low, high in intervals) / SAMPLES


def share_that_differs(processes: int, between: float) -> float:
    rng = np.random.default_rng(2)
    return sum(sample(rng, processes, between).differs for _ in range(SAMPLES)) / SAMPLES


@pytest.mark.parametrize("processes", [2, 3, *slowly(5)])
@pytest.mark.parametrize("between", [3 * WITHIN, *slowly(10 * WITHIN)])
def test_the_interval_between_processes_holds_the_truth_as_often_as_it_says(processes: int, between: float) -> None:
    assert 0.93 <= share_held(processes, between) <= 0.97
    assert 0.97 <= share_held(processes, between, confidence=0.9833) <= 0.995


@pytest.mark.parametrize("processes", [2, 3, *slowly(5)])
def test_of_processes_that_are_alike_it_holds_the_truth_more_often(processes: int) -> None:
    assert 0.96 <= share_held(processes, between=0) <= 1


def test_processes_that_agree_by_chance_leave_the_interval_of_the_spread_within_them() -> None:
    low, high = Sample([0.5, 0.5, 0.5], [ALIKE] * 3).interval(0.95)
    assert (low, high) == pytest.approx((0.5 - 1.96 * WITHIN / math.sqrt(3), 0.5 + 1.96 * WITHIN / math.sqrt(3)), 1e-4)


def test_rounds_with_a_long_tail_widen_the_interval_to_that_side_alone() -> None:
    low, high = Sample([0.5, 0.5], [Error(WITHIN, 100 * WITHIN)] * 2).interval(0.95)
    assert (0.5 - low) * 100 == pytest.approx(high - 0.5)


def test_two_processes_can_hardly_tell() -> None:
    low, high = Sample([-0.01, 0.01], [None, None]).interval(0.95)
    assert (low, high) == pytest.approx((-12.7062 * 0.01, 12.7062 * 0.01), rel=1e-4)


@pytest.mark.parametrize("processes", [2, 3, *slowly(5, 10)])
def test_processes_that_are_alike_are_not_said_to_differ(processes: int) -> None:
    assert share_that_differs(processes, between=0) <= 0.02


@pytest.mark.parametrize(("processes", "share"), [(2, 0.75), (3, 0.95), *slowly((5, 0.99))])
def test_processes_that_lie_ten_times_further_apart_than_the_spread_within_differ(processes: int, share: float) -> None:
    assert share_that_differs(processes, between=10 * WITHIN) >= share


def test_an_error_that_is_not_known_keeps_a_difference_from_being_told() -> None:
    assert Sample([0.0, 1.0, 2.0], [ALIKE] * 3).differs
    assert not Sample([0.0, 1.0, 2.0], [ALIKE, None, ALIKE]).differs
    assert not Sample([0.0], [ALIKE]).differs


def test_the_errors_of_real_intervals_are_good_enough_for_that() -> None:
    """Medians and intervals of independent rounds, as the rounds' estimator has them."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(300):
        rounds = rng.standard_normal(100)
        interval = median_interval(rounds)
        assert interval is not None
        median = float(np.median(rounds))
        found.append((median, error_of(median, *interval, confidence=0.95)))
    picks = rng.integers(0, len(found), (SAMPLES, 3))
    samples = [Sample(*zip(*(found[index] for index in pick), strict=True)) for pick in picks]
    assert sum(each.differs for each in samples) / SAMPLES <= 0.02


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 6.635), (2, 9.210), (4, 13.277), (9, 21.666)])
def test_chi_squares_quantiles_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    assert chi_square(0.99, freedom) == pytest.approx(quantile, rel=0.01)


# --- extra cost over saving -------------------------------------------------------------------------------------------


def test_a_ratio_of_means_lies_in_its_interval_as_often_as_that_says() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(SAMPLES):
        extras = rng.normal(1.0, 0.1, 5).tolist()
        savings = Sample(rng.normal(1e-3, 5e-5, 5).tolist(), [Error(1e-6, 1e-6)] * 5)
        low, high = ratio_interval(extras, savings, 0.95)
        held += low <= 1000 <= high
    assert 0.93 <= held / SAMPLES <= 0.97


def test_its_interval_is_no_narrower_than_the_spread_within_processes_makes_it() -> None:
    low, high = ratio_interval([1.0] * 3, Sample([1e-3] * 3, [Error(1e-4, 1e-4)] * 3), 0.95)
    assert (low, high) == pytest.approx((1000 / 1.1132, 1000 / (1 - 0.1132)), rel=1e-3)


def test_a_saving_that_may_be_none_is_perhaps_never_enough() -> None:
    low, high = ratio_interval([1.0, 1.1, 0.9], Sample([1e-3, 3e-3, 5e-4], [Error(1e-5, 1e-5)] * 3), 0.95)
    assert 0 < low < 1000
    assert high == math.inf


@pytest.mark.parametrize(("extras", "interval"), [([-1.0, -2.0], (0, 0)), ([0.0, 0.0], (0, 0))])
def test_what_costs_no_more_has_nothing_to_repay(extras: list[float], interval: tuple[float, float]) -> None:
    assert ratio_interval(extras, Sample([1e-3, 1e-3], [Error(1e-5, 1e-5)] * 2), 0.95) == interval
