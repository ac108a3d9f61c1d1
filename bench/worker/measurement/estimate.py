"""Figures from rounds: medians, their intervals, and verdicts. Pure functions; numpy alone.

Modes are compared by the ratio of their latencies in the same round, so that what slows a round slows both, and what
falls on one of them alone falls on either by chance (`randomised_interval.py`). How wide an interval must be follows
from how many questions the case asks (`step_down.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...events import ModeEstimate, PairEstimate
from .median_interval import median_interval
from .randomised_interval import TOLD, is_autocorrelated, randomised_interval
from .rounds import ModeRounds
from .step_down import CONFIDENCE, compare_all

Interval = Callable[[NDArray[np.float64], float], tuple[float, float] | None]
"""The interval of the median of a series, at a confidence; None where it is too short for one."""


def estimate_mode(mode: str, series: ModeRounds, ready_after_s: float = 0.0) -> ModeEstimate | None:
    """A mode's figures; None where no round counts yet. `ready_after_s`: what tracing and the first call took."""
    latencies_s = series.latencies_s
    discarded, voided = series.discarded, series.voided
    counted_s = latencies_s[~np.isnan(latencies_s)]
    if not len(counted_s):
        return None
    interval = median_interval(counted_s, CONFIDENCE)
    latency_s = float(np.median(counted_s))
    single_s, cold_s = series.single_calls_s, series.cold_calls_s
    p90, p99 = np.percentile(single_s, (90, 99)) if single_s is not None else (None, None)
    return ModeEstimate(
        mode=mode,
        latency_s=latency_s,
        low_s=interval[0] if interval else None,
        high_s=interval[1] if interval else None,
        p90_s=None if p90 is None else float(p90),
        p99_s=None if p99 is None else float(p99),
        calls_per_block=series.visits[-1].calls,
        one_off_s=max(ready_after_s - latency_s, 0.0),
        cold_s=float(np.median(cold_s)) if cold_s else None,
        discarded_rounds=discarded,
        voided_rounds=voided,
        cpu_s=series.cpu_s,
    )


def estimate_pairs(
    latencies_s: Mapping[str, ArrayLike], one_off_s: Mapping[str, float], effect: float
) -> tuple[PairEstimate, ...]:
    """Every mode against every simpler one, for latencies by round (not a number: does not count), simplest first."""
    series = {mode: np.asarray(values, dtype=np.float64) for mode, values in latencies_s.items()}

    def compare(mode: str, baseline: str, confidence: float) -> PairEstimate | None:
        extra_s = one_off_s[mode] - one_off_s[baseline]
        return estimate_pair(mode, baseline, series[mode], series[baseline], extra_s, effect, confidence)

    return compare_all([*series], compare)


def estimate_pair(
    mode: str,
    baseline: str,
    ours_s: NDArray[np.float64],
    theirs_s: NDArray[np.float64],
    extra_s: float,
    effect: float,
    confidence: float = CONFIDENCE,
    ratio_interval: Interval = randomised_interval,
) -> PairEstimate | None:
    """`mode` against `baseline`; None where no round counts for both.

    `extra_s`: one-off cost beyond the baseline's. `ratio_interval`: of the log ratios by round, whose order is random
    unless another is given.
    """
    counted = ~(np.isnan(ours_s) | np.isnan(theirs_s))
    if not counted.any():
        return None
    ours_s, theirs_s = ours_s[counted], theirs_s[counted]
    log_ratios = np.log(ours_s) - np.log(theirs_s)
    interval = ratio_interval(log_ratios, confidence)
    verdict = judge(interval, effect)
    savings_s = theirs_s - ours_s  # what slows a round changes the slower mode's time the most: no coin decides that
    saving_s = float(np.median(savings_s))
    least_s, most_s = median_interval(savings_s, confidence) or (None, None)
    faster = verdict == "faster"
    return PairEstimate(
        mode=mode,
        baseline=baseline,
        ratio=math.exp(float(np.median(log_ratios))),
        low=math.exp(interval[0]) if interval else None,
        high=math.exp(interval[1]) if interval else None,
        verdict=verdict,
        break_even_calls=break_even(extra_s, saving_s) if faster else None,
        break_even_low=break_even(extra_s, most_s or 0.0) if faster else None,
        break_even_high=break_even(extra_s, least_s or 0.0) if faster else None,
        saving_s=saving_s,
        saving_low_s=least_s,
        saving_high_s=most_s,
        confidence=confidence,
        autocorrelated=is_autocorrelated(log_ratios, TOLD),
    )


def judge(log_interval: tuple[float, float] | None, effect: float) -> str:
    """faster, slower, same or unclear: where the interval of the log time ratio lies against the smallest effect."""
    if log_interval is None:
        return "unclear"
    low, high = log_interval
    bound = math.log1p(effect)
    if high < -bound:
        return "faster"
    if low > bound:
        return "slower"
    if -bound <= low and high <= bound:
        return "same"
    return "unclear"


def break_even(extra_s: float, saving_s: float) -> int | None:
    """How many calls repay `extra_s` of one-off cost at `saving_s` a call; None: never."""
    if extra_s <= 0:
        return 0
    return math.ceil(extra_s / saving_s) if saving_s > 0 else None
