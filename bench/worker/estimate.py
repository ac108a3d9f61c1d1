"""Figures from rounds: medians, their intervals, verdicts. Pure functions; numpy alone.

The interval of a median is a pair of order statistics (the sign test's; Conover, Practical Nonparametric Statistics,
3.2): it assumes no distribution. Rounds that follow each other are alike, which makes the count of values below the
median vary more than a binomial's; the ranks are moved apart accordingly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..events import ModeEstimate, PairEstimate

Z_95 = 1.959964

FEWEST_ROUNDS = 6
"""With fewer values not even their extremes hold the median 95 % of the time: 1 - 2 / 2**6 = 0.97."""


def median_interval(values: ArrayLike) -> tuple[float, float] | None:
    """The 95 % interval of the median of a stationary series; None where it is too short for one."""
    series = np.asarray(values, dtype=np.float64)
    count = len(series)
    if count < FEWEST_ROUNDS:
        return None
    spread = 0.5 * Z_95 * math.sqrt(count * variance_inflation(series))
    ordered = np.sort(series)
    low = max(math.floor(count / 2 - spread), 1)
    high = min(math.ceil(count / 2 + spread) + 1, count)
    return float(ordered[low - 1]), float(ordered[high - 1])


def variance_inflation(series: NDArray[np.float64]) -> float:
    """How much more the count of values below the median varies than if they were independent; at least 1.

    One plus twice the sum of the autocorrelations of the signs about the median, taken in pairs of lags for as long as
    a pair is positive (Geyer 1992, Practical Markov Chain Monte Carlo: the initial positive sequence).
    """
    signs = np.sign(series - np.median(series))
    energy = float(signs @ signs)
    if energy == 0:
        return 1.0
    count = len(signs)

    def correlation(lag: int) -> float:
        return float(signs[lag:] @ signs[: count - lag]) / energy * count / (count - lag)

    total = 0.0
    for lag in range(0, count // 3, 2):
        pair = correlation(lag) + correlation(lag + 1)
        if pair <= 0:
            break
        total += pair
    return max(2 * total - 1, 1.0)


def estimate_mode(
    mode: str,
    latencies_s: Sequence[float],
    single_calls_s: Sequence[float] | None = None,
    *,
    calls_per_block: int = 1,
    ready_after_s: float = 0.0,
) -> ModeEstimate:
    """A mode's figures from its latency by round.

    `single_calls_s`: every timed call; None where calls were timed in groups. `ready_after_s`: what tracing and the
    first call took together.
    """
    interval = median_interval(latencies_s)
    latency_s = float(np.median(latencies_s))
    p90, p99 = np.percentile(single_calls_s, (90, 99)) if single_calls_s else (None, None)
    return ModeEstimate(
        mode=mode,
        latency_s=latency_s,
        low_s=interval[0] if interval else None,
        high_s=interval[1] if interval else None,
        p90_s=None if p90 is None else float(p90),
        p99_s=None if p99 is None else float(p99),
        calls_per_block=calls_per_block,
        one_off_s=max(ready_after_s - latency_s, 0.0),
    )


def estimate_pairs(
    latencies_s: Mapping[str, Sequence[float]], one_off_s: Mapping[str, float], effect: float
) -> tuple[PairEstimate, ...]:
    """Every mode against every simpler one; `latencies_s` holds them simplest first, one value a round."""
    return tuple(
        _estimate_pair(mode, baseline, latencies_s, one_off_s, effect)
        for baseline, mode in combinations(latencies_s, 2)
    )


def _estimate_pair(
    mode: str,
    baseline: str,
    latencies_s: Mapping[str, Sequence[float]],
    one_off_s: Mapping[str, float],
    effect: float,
) -> PairEstimate:
    log_ratios = np.log(latencies_s[mode]) - np.log(latencies_s[baseline])
    interval = median_interval(log_ratios)
    verdict = judge(interval, effect)
    ratio = math.exp(float(np.median(log_ratios)))
    saving_s = float(np.median(latencies_s[baseline])) * (1 - ratio)
    return PairEstimate(
        mode=mode,
        baseline=baseline,
        ratio=ratio,
        low=math.exp(interval[0]) if interval else None,
        high=math.exp(interval[1]) if interval else None,
        verdict=verdict,
        break_even_calls=break_even(one_off_s[mode] - one_off_s[baseline], saving_s) if verdict == "faster" else None,
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


def break_even(extra_s: float, saving_s: float) -> int:
    """How many calls repay `extra_s` of one-off cost at `saving_s` (above 0) a call."""
    return max(0, math.ceil(extra_s / saving_s))


def precise_enough(modes: Sequence[ModeEstimate], pairs: Sequence[PairEstimate], target: float) -> bool:
    """Whether every speedup's interval (with one mode, the latency's) reaches at most `target` to either side."""
    intervals = [(pair.low, pair.high) for pair in pairs] or [(mode.low_s, mode.high_s) for mode in modes]
    return all(low and high and math.log(high / low) / 2 <= math.log1p(target) for low, high in intervals)
