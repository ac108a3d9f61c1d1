"""A figure over several processes: its mean, the interval between them, and whether they differ. Pure.

A process falls into modes of its own (where its memory lies, what its thread pools settled on) and stays in them: the
spread within one says nothing of what another will see. So each process gives one value, and these are a sample: its
mean, and Student's t with one degree less than there are processes (Georges, Buytaert and Eeckhout 2007, Statistically
Rigorous Java Performance Evaluation, 3.2). Values that agree by chance would make that as narrow as one likes: it is
never narrower than the spread within the processes makes their mean.

Student's t assumes that processes scatter normally. Where there are two kinds of process, a few may all be of one kind,
and no interval can tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, covariance, fmean, stdev, variance

from .median_interval import student_quantile

EQUAL_BY = 0.99
"""Of processes that are alike, so many are not said to differ."""


@dataclass(frozen=True)
class Error:
    """The standard error that a figure has within its process, to either side: rounds are seldom symmetric."""

    below: float
    above: float


@dataclass(frozen=True)
class Sample:
    """A figure by process, and its error within each (None: too few rounds to tell)."""

    values: Sequence[float]
    errors: Sequence[Error | None]

    @property
    def centre(self) -> float:
        """The mean over the processes."""
        return fmean(self.values)

    @property
    def error_within(self) -> Error:
        """The error of the mean if the processes were alike, as far as is known (MOVER: Zou and Donner 2008)."""
        known = [error for error in self.errors if error is not None]
        below, above = (math.hypot(*side) for side in ([e.below for e in known], [e.above for e in known]))
        return Error(below / len(self.values), above / len(self.values))

    def interval(self, confidence: float) -> tuple[float, float]:
        """The interval of the mean over all processes there could be; takes two values."""
        between = student(confidence, len(self.values)) * stdev(self.values) / math.sqrt(len(self.values))
        within = self.error_within
        below, above = (max(between, normal(confidence) * error) for error in (within.below, within.above))
        return self.centre - below, self.centre + above

    @property
    def differs(self) -> bool:
        """Whether the values lie further apart than their errors explain; not where one of these is unknown.

        A one-way analysis of variance whose variance within is taken as known. (Weighing each process by its own error
        says so falsely two to four times as often: the errors are estimates too.)
        """
        known = [(error.below**2 + error.above**2) / 2 for error in self.errors if error is not None]
        if len(known) < max(len(self.values), 2):
            return False
        freedom = len(known) - 1
        return freedom * variance(self.values) > chi_square(EQUAL_BY, freedom) * fmean(known)


def error_of(value: float, low: float | None, high: float | None, confidence: float) -> Error | None:
    """The standard error that an interval tells of, as if each side were the normal distribution's."""
    if low is None or high is None:
        return None
    return Error(max(value - low, 0.0) / normal(confidence), max(high - value, 0.0) / normal(confidence))


def ratio_interval(extras: Sequence[float], savings: Sample, confidence: float) -> tuple[float, float]:
    """The interval of the mean extra over the mean saving, both by process, from 0 on; its end may be infinite.

    Fieller's theorem (1954), widened where the spread of the savings within their processes asks for more.
    """
    extra, saving = fmean(extras), savings.centre
    if extra <= 0 or saving <= 0:
        return 0.0, 0.0 if extra <= 0 else math.inf
    scale = student(confidence, len(extras)) ** 2 / len(extras)
    a = saving**2 - scale * variance(savings.values)
    b = extra * saving - scale * covariance(extras, savings.values)
    c = extra**2 - scale * variance(extras)
    root = b + math.sqrt(max(b**2 - a * c, 0.0))
    most = saving + normal(confidence) * savings.error_within.above
    least = saving - normal(confidence) * savings.error_within.below
    low = c / root if c > 0 and root > 0 else 0.0
    high = root / a if a > 0 else math.inf
    return min(low, extra / most), max(high, extra / least if least > 0 else math.inf)


def student(confidence: float, count: int) -> float:
    """How many standard errors the interval of a mean of so many values reaches to either side."""
    return student_quantile(0.5 + confidence / 2, count - 1)


def normal(confidence: float) -> float:
    """The same where the standard error is known."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def chi_square(probability: float, freedom: int) -> float:
    """A quantile of chi-square (Wilson and Hilferty 1931), to one part in a hundred for the upper ones."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + NormalDist().inv_cdf(probability) * math.sqrt(spread)) ** 3)
