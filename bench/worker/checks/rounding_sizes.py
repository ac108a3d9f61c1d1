"""How large the errors of an operation are, and where it makes none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .rounding_operations import ARITHMETIC, AROUND_ONE, DIVISIONS, FUNCTIONS, LESS_ONE, TURNED, UP_TO_ONE
from .verify import EPSILONS, epsilon_of

SAMPLED = 4_096
"""Elements that are looked at first where it is asked whether all numbers are whole."""

LARGEST = 65504.0
"""Of float16."""

OVERFLOWING = 0.25
"""Part of itself by which a value is moved that is nothing where an exponential overflows."""

RUNNING = ("Cumprod", "Cumsum", "CumulativeLogsumexp")
"""Sums along an axis, which is their second argument."""


def number_of_terms(kind: str, inputs: Sequence[Any], given: Sequence[NDArray[Any]], result: NDArray[Any]) -> float:
    """Return how many terms each element of a sum has; `given`: the arrays of numbers among its inputs."""
    if kind in RUNNING:
        return float(result.shape[int(inputs[1])]) if result.size else 0.0
    sizes = [each.size for each in given if each.size][:2]
    return float(float(np.prod(sizes, dtype=float) / max(result.size, 1)) ** (1 / max(len(sizes), 1)))


def is_small(average: NDArray[Any], terms: float) -> bool:
    """Tell whether the sum behind an average is so small that its dtype has every whole number up to it."""
    epsilon = epsilon_of(average)
    return epsilon is None or bool(np.all(np.abs(average.astype(np.float64)) * terms < 1 / epsilon))


def is_exact(kind: str, given: Sequence[NDArray[Any]], result: NDArray[Any]) -> Any:
    """Return where arithmetic or a conversion has not rounded, and would not if a graph wrote it otherwise."""
    if kind == "Cast":
        if given[0].dtype.kind == "c" or result.dtype.kind == "c":
            return True
        return result.astype(np.float64) == given[0].astype(np.float64)
    if result.dtype in (np.dtype(np.float64), np.dtype(np.complex128)):
        exact: Any = all(map(is_whole, (*given, result)))
    else:
        wide = np.complex128 if result.dtype.kind == "c" else np.float64
        with np.errstate(all="ignore"):
            # Python's 0.9 is computed with as the number of the result's dtype that is next to it.
            exact = ARITHMETIC[kind](*(each.astype(result.dtype).astype(wide) for each in given)) == result.astype(wide)
    return exact & is_power_of_two(given[1]) if kind in DIVISIONS and np.any(exact) else exact


def is_power_of_two(array: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which numbers have an exact inverse; no complex one is said to."""
    if array.dtype.kind == "c":
        return np.zeros(array.shape, bool)
    return np.asarray(np.abs(np.frexp(array.astype(np.float64))[0]) == 0.5)


def steps_of_decomposition(inputs: Sequence[Any]) -> float:
    """Return how many errors of one rounding a decomposition makes: with n columns n to the power of 1.5.

    That is the modest polynomial of Higham's bounds (Accuracy and Stability of Numerical Algorithms, 2002, chapter 19).
    """
    return float(max((each.shape[-1] for each in inputs if len(each.shape)), default=1) ** 1.5)


def steps_of_function(kind: str, array: NDArray[Any]) -> Any:
    """Return how many errors of one rounding a function makes, of an array that it is given or returns.

    Those of short floats are computed in float32, but for the sigmoid: XLA computes exp(-x) in float16, which overflows
    where the sigmoid is less than the inverse of the largest number.
    """
    epsilon = epsilon_of(array) or 1.0
    if kind == "Sigmoid" and array.dtype == np.float16:
        return np.where(np.abs(array) < 1 / LARGEST, OVERFLOWING / epsilon, 1.0)
    steps = FUNCTIONS.get(kind, 1.0)
    return max(1.0, steps * min(epsilon, EPSILONS["float32"]) / epsilon)


def moves_near_one(kind: str, array: NDArray[Any], errors: NDArray[Any]) -> NDArray[Any]:
    """Return by how much to move the argument of a function that adds it to 1, or is defined up to 1."""
    given = array.astype(np.float64)
    is_added = (kind in AROUND_ONE) | ((kind in LESS_ONE) & (given < 0))
    sizes = np.where(is_added, np.maximum(np.abs(given), 1), np.abs(given)) * (epsilon_of(array) or 0.0)
    moved = given + sizes * errors
    if kind in UP_TO_ONE:
        moved = np.where(np.abs(given) <= 1, np.clip(moved, -1, 1), moved)
    return np.asarray(moved - given)


def turned(kind: str, outputs: Sequence[Any], chance: np.random.Generator) -> list[Any]:
    """Return the vectors of a decomposition turned as no rounding decides: round, or within the space that is left.

    Each may have either sign. Those beyond the smaller dimension only complete the others, in any directions.
    """
    import tensorflow as tf

    found = list(outputs)
    places = [at for at in TURNED[kind] if len(outputs[at].shape) > 1]  # none where vectors are not asked for
    if not places:
        return found
    known = min(int(size) for at in {*places, 1} for size in outputs[at].shape[-2:])
    signs = chance.choice([-1.0, 1.0], known)

    def rotation(vectors: Any, size: int) -> Any:
        turn = np.diag([*signs, *np.ones(size - known)])
        turn[known:, known:] = np.linalg.qr(chance.normal(size=(size - known, size - known)))[0]
        return tf.cast(turn, vectors.dtype)

    for at in places:
        turn = rotation(outputs[at], int(outputs[at].shape[-1]))
        found[at] = tf.matmul(outputs[at], turn)
        if kind == "Qr":
            found[1] = tf.matmul(turn, outputs[1], transpose_a=True)
    return found


def is_whole(array: NDArray[Any]) -> bool:
    """Tell whether all numbers are whole, and so small that their dtype has every whole number up to them."""
    if array.dtype.kind == "c":
        return is_whole(array.real) and is_whole(array.imag)
    epsilon = epsilon_of(array)
    if epsilon is None:
        return True
    if array.size > SAMPLED and not is_whole(array.reshape(-1)[:SAMPLED]):
        return False
    wide = array.astype(np.float64)
    return bool(np.all((wide == np.round(wide)) & (np.abs(wide) < 1 / epsilon)))
