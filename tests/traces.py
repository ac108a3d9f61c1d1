"""Made-up rounds whose true median is known: as independent, slow, drifting, bimodal and heavy-tailed as real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """A kind of series: how one of some length is drawn, and the median of what it is drawn from."""

    name: str
    draw: Callable[[np.random.Generator, int], Values]
    median: float = 0.0


def _independent(rng: np.random.Generator, count: int) -> Values:
    return rng.standard_normal(count)


def _autoregressive(root: float) -> Callable[[np.random.Generator, int], Values]:
    def draw(rng: np.random.Generator, count: int) -> Values:
        values = rng.standard_normal(count)
        values[0] /= np.sqrt(1 - root**2)  # as if it had always been going on
        for index in range(1, count):
            values[index] += root * values[index - 1]
        return values

    return draw


def _drifting(noise: float) -> Callable[[np.random.Generator, int], Values]:
    def draw(rng: np.random.Generator, count: int) -> Values:
        return 0.1 * ((np.arange(count) + 0.5) / count - 0.5) + noise * rng.standard_normal(count)

    return draw


SLOW_SHARE, SLOWER, STATE_NOISE = 0.3, 0.2, 0.02


def _switching(slow_rounds: float) -> Callable[[np.random.Generator, int], Values]:
    """Slow for so many rounds on average, in SLOW_SHARE of all."""
    leaves_slow = 1 / slow_rounds
    leaves_quick = leaves_slow * SLOW_SHARE / (1 - SLOW_SHARE)

    def draw(rng: np.random.Generator, count: int) -> Values:
        slow = np.empty(count, dtype=bool)
        state = rng.random() < SLOW_SHARE
        for index, chance in enumerate(rng.random(count)):
            slow[index] = state
            state ^= chance < (leaves_slow if state else leaves_quick)
        return SLOWER * slow + STATE_NOISE * rng.standard_normal(count)

    return draw


MEDIAN_OF_SWITCHING = STATE_NOISE * NormalDist().inv_cdf(0.5 / (1 - SLOW_SHARE))
"""The slow state is so far off that the median is a quantile of the quick one."""

PARETO_TAIL = 1.5


def _pareto(rng: np.random.Generator, count: int) -> Values:
    return 1 + rng.pareto(PARETO_TAIL, count)


TRACES = (
    Trace("independent", _independent),
    Trace("AR(1) at 0.5", _autoregressive(0.5)),
    Trace("AR(1) at 0.9", _autoregressive(0.9)),
    Trace("drift of 10 %, noise 5 %", _drifting(0.05)),
    Trace("drift of 10 %, noise 2 %", _drifting(0.02)),
    Trace("two states, slow for 5 rounds", _switching(5), MEDIAN_OF_SWITCHING),
    Trace("two states, slow for 10 rounds", _switching(10), MEDIAN_OF_SWITCHING),
    Trace("Pareto tail 1.5", _pareto, 2 ** (1 / PARETO_TAIL)),
)
