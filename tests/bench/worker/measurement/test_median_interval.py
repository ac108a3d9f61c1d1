"""The interval of a median, on made-up traces whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.measurement.median_interval import FEWEST_VALUES, median_interval, student_quantile
from bench.worker.measurement.warmup import warm_from
from tests.traces import TRACES, Trace

COVERAGE = {  # of 600 traces of 100 and of 300 rounds; the standard error of a share of 0.95 is 0.009
    "independent": (0.93, 0.93),
    "AR(1) at 0.5": (0.92, 0.93),
    "AR(1) at 0.9": (0.89, 0.91),
    "drift of 10 %, noise 5 %": (0.93, 0.93),
    "drift of 10 %, noise 2 %": (0.95, 0.95),
    "two states, slow for 5 rounds": (0.91, 0.92),
    "two states, slow for 10 rounds": (0.82, 0.90),
    "Pareto tail 1.5": (0.92, 0.93),
}


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
@pytest.mark.parametrize("size", [pytest.param(0, id="100"), pytest.param(1, id="300", marks=pytest.mark.slow)])
def test_the_interval_holds_the_true_median_as_often_as_it_says(trace: Trace, size: int) -> None:
    rng, count = np.random.default_rng(1), (100, 300)[size]
    held = 0
    for _ in range(600):
        values = trace.draw(rng, count)
        interval = median_interval(values[warm_from(values) :])
        held += interval is not None and interval[0] <= trace.median <= interval[1]
    assert held / 600 >= COVERAGE[trace.name][size]


def test_an_interval_is_no_wider_than_it_must_be() -> None:
    rng = np.random.default_rng(2)
    widths = [np.diff(median_interval(rng.standard_normal(400)) or (0, 9))[0] for _ in range(50)]
    by_theory = 2 * 1.96 * math.sqrt(math.pi / 2 / 400)
    assert np.median(widths) < 1.1 * by_theory


def test_a_drift_widens_the_interval_by_little() -> None:
    noise = 0.02 * np.random.default_rng(3).standard_normal(300)
    steady, drifting = (median_interval(noise + drift * np.linspace(0, 1, 300)) for drift in (0, 0.1))
    assert steady is not None
    assert drifting is not None
    assert np.diff(drifting)[0] < 4 * np.diff(steady)[0]


@given(st.lists(st.floats(-1e6, 1e6), max_size=200), st.floats(0.5, 0.999))
def test_an_interval_holds_the_sample_median_or_there_is_none(values: list[float], confidence: float) -> None:
    interval = median_interval(values, confidence)
    if len(values) < FEWEST_VALUES:
        assert interval is None
    else:
        assert interval is not None
        slack = 1e-9 * max(map(abs, values))
        assert interval[0] - slack <= np.median(values) <= interval[1] + slack
        assert min(values) <= interval[0] <= interval[1] <= max(values)


def test_more_confidence_is_a_wider_interval() -> None:
    values = np.random.default_rng(4).standard_normal(100)
    narrow, wide = (median_interval(values, confidence) or (0, 0) for confidence in (0.95, 0.983))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(  # NIST/SEMATECH e-Handbook, 1.3.6.7.2, and tables of Student's t
    ("probability", "freedom", "quantile"),
    [(0.975, 1, 12.7062), (0.975, 2, 4.30265), (0.975, 3, 3.18245), (0.99, 8, 2.89646), (0.975, 50, 2.00856)],
)
def test_students_quantiles_are_those_of_the_tables(probability: float, freedom: int, quantile: float) -> None:
    assert student_quantile(probability, freedom) == pytest.approx(quantile, rel=1e-5)


def test_a_long_series_takes_no_more_than_fifty_projections() -> None:
    interval = median_interval(np.random.default_rng(5).standard_normal(100_000))
    assert interval is not None
    assert interval[1] - interval[0] < 0.02
