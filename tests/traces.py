"""Made-up rounds whose true median is known: as independent, slow, drifting, bimodal and heavy-tailed as real ones.

TRACES are series of one mode. DIFFERENCES are what two of three modes differ by, round by round, in the random order
that rounds have: what the machine does meets each of them by chance, what a mode does does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Values]


@dataclass(frozen=True)
class Trace:
    """A kind of series: how one of some length is drawn, and the median of what it is drawn from.

    `is_by_order`: it holds what two modes differ by, and the order of the rounds alone decides its signs.
    """

    name: str
    draw: Draw
    median: float = 0.0
    is_by_order: bool = False


def _independent(rng: np.random.Generator, count: int) -> Values:
    return rng.standard_normal(count)


def _autoregressive(root: float) -> Draw:
    def draw(rng: np.random.Generator, count: int) -> Values:
        values = rng.standard_normal(count)
        values[0] /= np.sqrt(1 - root**2)  # as if it had always been going on
        for index in range(1, count):
            values[index] += root * values[index - 1]
        return values

    return draw


def _drifting(noise: float) -> Draw:
    def draw(rng: np.random.Generator, count: int) -> Values:
        return 0.1 * ((np.arange(count) + 0.5) / count - 0.5) + noise * rng.standard_normal(count)

    return draw


SLOW_SHARE, SLOWER, STATE_NOISE = 0.3, 0.2, 0.02


def _switching(slow_rounds: float) -> Draw:
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


MODES = 3


def _by_order(machine: Draw, share: float = 1.0) -> Draw:
    """Return what two of three modes differ by where all noise is the machine's, visit by visit.

    `share`: how much of it the second is slowed by.
    """

    def draw(rng: np.random.Generator, count: int) -> Values:
        slots = machine(rng, count * MODES).reshape(count, MODES)
        shuffled = rng.permuted(slots, axis=1)
        return np.asarray(shuffled[:, 0] - share * shuffled[:, 1])

    return draw


def _beside(one: Draw, share: float) -> Draw:
    """Return the machine's noise by order, and beside it what one of the modes does by itself."""
    by_order = _by_order(_independent)

    def draw(rng: np.random.Generator, count: int) -> Values:
        return by_order(rng, count) + share * one(rng, count)

    return draw


def _bursting(rng: np.random.Generator, count: int) -> Values:
    """A machine that something slows by half for some 30 visits at a time, a tenth of the time."""
    starts = rng.random(count) < 0.1 / 30
    slowed = np.convolve(starts, np.ones(30))[:count] > 0
    return np.asarray(0.5 * slowed * rng.random(count) + 0.05 * rng.standard_normal(count))


DIFFERENCES = (
    Trace("independent visits", _by_order(_independent), is_by_order=True),
    Trace("a machine that is AR(1) at 0.9", _by_order(_autoregressive(0.9)), is_by_order=True),
    Trace("a machine that is AR(1) at 0.99", _by_order(_autoregressive(0.99)), is_by_order=True),
    Trace("a machine that drifts by 10 %, noise 2 %", _by_order(_drifting(0.02)), is_by_order=True),
    Trace("a machine with bursts", _by_order(_bursting), is_by_order=True),
    Trace("a machine that is AR(1) at 0.9 and slows one mode less", _by_order(_autoregressive(0.9), 0.5)),
    Trace("a mode that is AR(1) at 0.5 by itself", _beside(_autoregressive(0.5), 1.0)),
    Trace("a mode that is AR(1) at 0.9 by itself", _beside(_autoregressive(0.9), 1.0)),
    Trace("a mode that drifts by itself", _beside(_drifting(0.0), 20.0)),
)
