"""The interval of the median of what two modes differ by, round by round. Pure; numpy alone.

A round visits its modes in an order drawn at random. Had the two changed places, what the machine did in one's slot
would have befallen the other: a coin decides the sign of what it adds to their difference. So the signs of the
differences about their median are independent, however the machine drifts and whatever slows it for how long
(randomisation inference; Fisher, The Design of Experiments, 1935), and the interval is that of the sign test (Conover,
Practical Nonparametric Statistics, 3.2), with the values between two ranks interpolated.

This holds for logarithms, since what slows the machine by a tenth slows either mode by a tenth. No coin decides what
slows one mode more than the other, nor what a mode does by itself, such as falling into a slow state for many rounds.
Then the differences stay high or low for as long. Where their autocorrelation tells that, the interval is the one of a
slow process (`median_interval.py`).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from .median_interval import FEWEST_VALUES, median_interval

SUSPECTED = 1.0
"""Standard errors of the autocorrelation at lag 1 beyond which the interval of a slow process is taken. Independent
differences are beyond it in one series of seven, which costs width and nothing else."""

EVIDENT = 3.0
"""The same, beyond which it is told."""


def randomised_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the interval of the median of differences in the order of their rounds; None of too few for one."""
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    if count < fewest_values(confidence):
        return None
    if is_autocorrelated(series):
        return median_interval(series, confidence)
    middle = (count - 1) / 2
    half_ranks = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(count) / 2
    ends = np.interp((middle - half_ranks, middle + half_ranks), np.arange(count), np.sort(series))
    return float(ends[0]), float(ends[1])


def fewest_values(confidence: float) -> int:
    """Return how many values it takes until their extremes hold their median so often."""
    count = FEWEST_VALUES
    while 1 - 2 / 2**count < confidence:
        count += 1
    return count


def is_autocorrelated(values: ArrayLike, errors: float = SUSPECTED) -> bool:
    """Tell whether values stay above or below their median for longer than a coin would leave them there.

    `errors`: by how many standard errors the autocorrelation of their signs at lag 1 must exceed that of independent
    ones, which is -1 / n about a median of the same n values.
    """
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    signs = np.sign(series - np.median(series)) if count else series
    power = float(signs @ signs)
    if not power:
        return False
    return float(signs[1:] @ signs[:-1]) / power > errors / math.sqrt(count) - 1 / count
