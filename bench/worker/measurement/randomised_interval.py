"""The interval of the median of what two modes differ by, round by round. Pure; numpy alone.

A round visits its modes in an order drawn at random. Had the two changed places, what the machine did in one's slot
would have befallen the other: a coin decides the sign of what it adds to their difference. So the signs of the
differences about their median are independent, however the machine drifts and whatever slows it for how long
(randomisation inference; Fisher, The Design of Experiments, 1935), and the interval is that of the sign test (Conover,
Practical Nonparametric Statistics, 3.2), with the values between two ranks interpolated.

This holds for logarithms, since what slows the machine by a tenth slows either mode by a tenth. No coin decides what
slows one mode more than the other, nor what a mode does by itself, such as falling into a slow state for many rounds.
Then the differences stay high or low for as long, and there are fewer of them in effect: the interval is as much wider
as the autocorrelation of their signs demands of a first-order process (Bayley and Hammersley 1946, The "Effective"
Number of Independent Observations in an Autocorrelated Time Series). Where the autocorrelation is evident, nothing is
assumed of the process, and the interval is the one of `median_interval.py`.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .median_interval import FEWEST_VALUES, median_interval

EVIDENT = 2.0
"""Counts the standard errors of the autocorrelation beyond which the interval of a slow process is taken."""

TOLD = 3.0
"""Counts those beyond which the autocorrelation is told."""

LAGS = 3


def randomised_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the interval of the median of differences in the order of their rounds; None of too few for one."""
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    if count < fewest_values(confidence):
        return None
    if is_autocorrelated(series):
        return median_interval(series, confidence)
    correlation = max(_autocorrelation(_signs(series), lag=1), 0.0)
    variance = count * (1 + correlation) / (1 - correlation)
    middle = (count - 1) / 2
    half_ranks = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(variance) / 2
    ends = np.interp((middle - half_ranks, middle + half_ranks), np.arange(count), np.sort(series))
    return float(ends[0]), float(ends[1])


def fewest_values(confidence: float) -> int:
    """Return how many values it takes until their extremes hold their median so often."""
    count = FEWEST_VALUES
    while 1 - 2 / 2**count < confidence:
        count += 1
    return count


def is_autocorrelated(values: ArrayLike, errors: float = EVIDENT) -> bool:
    """Tell whether values stay above or below their median for longer than a coin would leave them there.

    `errors`: how many standard errors of independent values are evidence, at lag 1 or over the first LAGS together: a
    slow state under noise is found in no single one.
    """
    series = np.asarray(values, dtype=np.float64)
    signs = _signs(series)
    at_lags = [_autocorrelation(signs, lag) for lag in range(1, min(LAGS, len(series) - 1) + 1)]
    if not at_lags:
        return False
    evidence = errors / math.sqrt(len(series))
    return at_lags[0] > evidence or sum(at_lags) > evidence * math.sqrt(len(at_lags))


def _signs(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return on which side of the median each value is: -1, 0 or 1."""
    return np.sign(series - np.median(series)) if len(series) else series


def _autocorrelation(signs: NDArray[np.float64], lag: int) -> float:
    """Return that of signs about the median. About a median of the same n values it is 1 / n too low."""
    power = float(signs @ signs)
    return float(signs[lag:] @ signs[:-lag]) / power + 1 / len(signs) if power else 0.0
