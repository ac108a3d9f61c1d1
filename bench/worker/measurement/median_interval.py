"""The interval of a median over rounds. Pure; numpy alone.

Rounds that follow each other are alike, the machine drifts, and a process falls into modes of its own. So nothing is
assumed of the values but that they scatter about a median that may drift; what is estimated is how much the count of
values below it varies:

1. The signs of the values about their median, without their linear trend: a drift moves the median, not its error.
2. Their long-run variance: prewhitened (Andrews and Monahan 1992) by the first-order root that lags one to three agree
   on, since a slow process under noise looks quicker at lag one; then the mean square of the residuals' projections on
   the first cosines (Lazarus, Lewis, Stock and Watson 2018, HAR Inference), with Student's t for so many of them.
3. The ranks so many standard errors from the middle are the interval's ends (the sign test's; Conover, Practical
   Nonparametric Statistics, 3.2), with the values between two ranks interpolated.

`python -m tests.fidelity coverage` holds it against made-up traces whose truth is known.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_VALUES = 6
"""With fewer, not even their extremes hold the median 95 % of the time: 1 - 2 / 2**6 = 0.97."""

FEWEST_FOR_RANKS = 10
"""With fewer, the extremes are the interval."""

LEAST_COSINES, MOST_COSINES = 3, 50
LARGEST_ROOT = 0.98
ROOT_LAGS = 2


def median_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval of the median of a series in the order of its rounds; None where it is too short for one."""
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    if count < FEWEST_VALUES:
        return None
    ordered = np.sort(series)
    if count < FEWEST_FOR_RANKS:
        return float(ordered[0]), float(ordered[-1])
    cosines = min(max(int(count ** (2 / 3) / 4), LEAST_COSINES), MOST_COSINES)
    variance = _long_run_variance(np.sign(series - np.median(series)), cosines)
    half_ranks = student_quantile(0.5 + confidence / 2, cosines) * math.sqrt(count * variance) / 2
    middle = (count - 1) / 2
    ends = np.interp((middle - half_ranks, middle + half_ranks), np.arange(count), ordered)
    return float(ends[0]), float(ends[1])


def _long_run_variance(signs: NDArray[np.float64], cosines: int) -> float:
    """The variance of the signs' sum over their number; 1 for independent ones."""
    deviations = _without_trend(signs)
    if not deviations.any():
        return 0.0
    root = _root(deviations)
    residuals = deviations[1:] - root * deviations[:-1]
    projections = _cosines(len(residuals), cosines) @ residuals
    return float(projections @ projections) / cosines / (1 - root) ** 2


def _without_trend(series: NDArray[np.float64]) -> NDArray[np.float64]:
    times = np.arange(len(series)) - (len(series) - 1) / 2
    trend = times * (times @ series) / (times @ times)
    return np.asarray(series - series.mean() - trend)


def _root(deviations: NDArray[np.float64]) -> float:
    """The first-order autoregressive root, corrected for what removing mean and trend takes from it; at least 0."""
    count = len(deviations)
    lags = [float(deviations[lag:] @ deviations[: count - lag]) for lag in range(ROOT_LAGS + 2)]
    correlations = [lag / lags[0] for lag in lags]
    root = correlations[1]
    if root > 1.5 / math.sqrt(count):
        pairs = list(pairwise(correlations[1:]))
        root = max(root, sum(near * far for near, far in pairs) / sum(near**2 for near, _ in pairs))
    return min(max(root + (1 + 4 * root) / count, 0.0), LARGEST_ROOT)


@lru_cache(maxsize=2)
def _cosines(count: int, number: int) -> NDArray[np.float64]:
    """Orthonormal rows; the first cosine is left out, since it is nearly the trend."""
    frequencies = np.arange(2, number + 2)[:, np.newaxis]
    rows: NDArray[np.float64] = np.cos(np.pi * frequencies * (np.arange(count) + 0.5) / count)
    return rows * math.sqrt(2 / count)


@cache
def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t for `freedom` degrees, by bisection; `probability` is above one half."""
    low, high = 0.0, 1e3
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _student_cdf(middle, freedom) < probability else (low, middle)
    return low


def _student_cdf(t: float, freedom: int) -> float:
    """P(T < t) for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    if freedom > 200:
        return NormalDist().cdf(t)
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, term, total = math.cos(angle), 1.0, 0.0
    for power in range(freedom % 2, freedom - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    within = math.sin(angle) * total
    if freedom % 2:
        within = 2 / math.pi * (angle + cosine * within)
    return 0.5 + within / 2
