"""Compare what a mode left behind with the truth: it agrees, it differs, or that cannot be told.

For floats the truth is the same program in float64. A value agrees if it is as near to the truth as arithmetic in the
program's dtype comes: within a few of its epsilons, a few times what eager itself is off, or a few times what the truth
moves when its inputs move by one epsilon (the program's condition). It differs if it is much farther away than all of
these. Between the two nothing is decided, and how often that happens is counted. The gap stands in place of a
tolerance: results that round lie below it, results that are wrong above it.

A step (a float rounded to an integer, a comparison, the place of a maximum) takes rounding much further. So an element
agrees, too, where moving the inputs by a few epsilons takes the truth at least half as far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray[Any], ...]

EPSILONS = {"bfloat16": 2.0**-7, "float16": 2.0**-10, "float32": 2.0**-23, "float64": 2.0**-52}

Outcome = Literal["agrees", "cannot tell", "differs"]
OUTCOMES: tuple[Outcome, ...] = ("agrees", "cannot tell", "differs")

NEAR, FAR = 8.0, 64.0
"""Times the scale of rounding: up to NEAR a value agrees, from FAR on it differs."""

OF_FLOAT32 = float(np.finfo(np.float64).eps / np.finfo(np.float32).eps)
"""What float64 is off, of what float32 is."""


@dataclass(frozen=True)
class Judged:
    """An outcome and, unless all agrees, where and how far off."""

    outcome: Outcome
    words: str = ""


@dataclass(frozen=True)
class Truth:
    """What should come out.

    `steps`: `exact` again, from inputs that were moved by NEAR epsilons, many times; they are looked at only where what
    was found does not agree otherwise.

    `eager`: what eager left behind, which says what shapes and dtypes are right. `exact`: the same in float64; of a
    program that has no other dtype, as of one in float64, `eager` itself. `moved`: `exact` again, from inputs that were
    moved by an epsilon. `epsilon`: of the dtype in which the program computes. `narrow`: of a program in float64, the
    same in float32; what that is off says what float64 is off, by the ratio of their epsilons.
    """

    eager: Arrays
    exact: Arrays
    moved: Sequence[Arrays]
    epsilon: float
    narrow: Arrays | None = None
    steps: Sequence[Arrays] = ()

    def off(self, number: int) -> NDArray[Any]:
        """Return how far rounding takes each element of an array, as one observation of it."""
        own = wide(self.eager[number])
        other, ratio = (self.exact, 1.0) if self.narrow is None else (self.narrow, OF_FLOAT32)
        distance: NDArray[Any] = np.abs(own - wide(other[number])) * ratio
        return distance


def judge(found: Arrays, truth: Truth) -> Judged:
    """Compare every array with the truth; the worst outcome counts."""
    if len(found) != len(truth.eager):
        return Judged("differs", f"{len(found)} arrays, not {len(truth.eager)}")
    worst = Judged("agrees")
    for number, (ours, own) in enumerate(zip(found, truth.eager, strict=True)):
        if (ours.shape, ours.dtype) != (own.shape, own.dtype):
            judged = Judged("differs", f"{ours.dtype}{ours.shape}, not {own.dtype}{own.shape}")
        elif not is_inexact(ours):
            judged = judge_exact(ours, truth.exact[number].astype(own.dtype), [moved[number] for moved in truth.steps])
        else:
            judged = judge_floats(ours, truth, number)
        if OUTCOMES.index(judged.outcome) > OUTCOMES.index(worst.outcome):
            worst = Judged(judged.outcome, f"array {number}: {judged.words}")
    return worst


def judge_exact(found: NDArray[Any], right: NDArray[Any], steps: Sequence[NDArray[Any]] = ()) -> Judged:
    """Compare integers, booleans or strings; `steps`: what may come out instead, where rounding decides."""
    unequal = found != right
    if np.any(unequal) and found.dtype.kind in "iub":
        distance = np.abs(wide(found) - wide(right))
        reach = farthest(wide(right), steps)
        near_step = unequal & (reach > 0) & (distance <= 2 * reach)
        if np.array_equal(near_step, unequal):
            return Judged("agrees", f"{np.sum(unequal)} of {found.size} values next to a step")
    return Judged("differs", f"{np.sum(unequal)} of {found.size} values") if np.any(unequal) else Judged("agrees")


def farthest(right: NDArray[Any], steps: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return how far each element is from the farthest of its finite counterparts in `steps`."""
    reach = np.zeros(right.shape)
    for each in map(wide, steps):
        reach = np.maximum(reach, np.where(np.isfinite(right) & np.isfinite(each), np.abs(each - right), 0.0))
    return reach


def judge_floats(found: NDArray[Any], truth: Truth, number: int) -> Judged:
    """Compare an array of real or complex numbers, element by element."""
    eager = truth.eager[number]
    if np.array_equal(found, eager, equal_nan=True):
        return Judged("agrees")
    ours, own, right = (wide(each) for each in (found, eager, truth.exact[number]))
    special = ~np.isfinite(own)
    if not np.array_equal(ours[special], own[special], equal_nan=True) or not np.isfinite(ours[~special]).all():
        return Judged("differs", "NaN or infinity in other places")
    known = np.isfinite(right) & ~special
    right = np.where(known, right, own)
    scale = max(truth.epsilon, epsilon_of(eager)) * np.abs(right)
    scale = np.maximum(scale, farthest(right, [moved[number] for moved in truth.moved]))
    scale = np.maximum(scale, _root_mean_square(truth.off(number)[known]))
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(special, 0.0, np.minimum(np.abs(ours - right), np.abs(ours - own)))
        times = np.where(distance == 0, 0.0, distance / scale)
    if truth.steps:
        times = np.where(distance <= 2 * farthest(right, [moved[number] for moved in truth.steps]), 0.0, times)
    most = float(np.max(times, initial=0.0))
    outcome: Outcome = "agrees" if most <= NEAR else "differs" if most >= FAR else "cannot tell"
    return Judged(outcome, f"{most:.3g} times the scale of rounding")


def is_inexact(array: NDArray[Any]) -> bool:
    """Whether the array holds real or complex numbers, bfloat16 among them."""
    return array.dtype.kind in "fc" or array.dtype.name == "bfloat16"


def epsilon_of(array: NDArray[Any]) -> float:
    """Return the distance from 1 to the next greater number of an array's dtype."""
    return EPSILONS.get(array.dtype.name) or float(np.finfo(array.dtype).eps)


def _root_mean_square(values: NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values.size else 0.0


def wide(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array in double precision."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
