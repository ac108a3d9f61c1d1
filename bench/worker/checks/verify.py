"""Whether a mode computes what it should: its output against a reference, tensor by tensor.

The measure is max|y - ref| / max|ref| (elementwise relative error or ULP condemns a correct matmul, whose entries near
zero are sums that cancel). Infinity stands for an error that is no number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...number_text import percent

EPSILONS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
TENSOR_FLOAT_32_EPSILON = 2.0**-10

ROUNDINGS = 32
"""How many epsilons a correct output may lie from its reference, whatever eager's own error.

Without a reference, half the digits: an output may be off by the root of epsilon before it is called wrong."""


def judge_output(
    output: Sequence[NDArray[Any]],
    baseline: Sequence[NDArray[Any]],
    reference: Sequence[NDArray[Any]] | None,
    epsilon: float,
    input_scale: float = 0.0,
) -> tuple[float | None, str]:
    """The error of a mode's output (None: not a number) and how it is wrong, in words (empty: it is right).

    `baseline` is eager's output (or that of the simplest mode that works); it fixes structure, shapes and dtypes.
    Errors are held against `reference`, computed in float64 from the same inputs; without one, against the baseline.
    Each tensor has a limit of its own: where eager is far off in one, the others must still be right. `input_scale`
    is the largest magnitude that went in.
    """
    if mismatch := compare_shapes(output, baseline):
        return None, mismatch
    exact = [None] * len(baseline) if reference is None else reference
    judged = [_judge_tensor(*tensors, epsilon, input_scale) for tensors in zip(output, baseline, exact, strict=True)]
    wrong = max((error for error, limit in judged if error > limit), default=None)
    error = max((error for error, _ in judged), default=0.0)
    words = "" if wrong is None else f"values differ by {_share(wrong)} of the largest"
    return (error if math.isfinite(error) else None), words


def _judge_tensor(
    output: NDArray[Any],
    baseline: NDArray[Any],
    exact: NDArray[Any] | None,
    epsilon: float,
    input_scale: float,
) -> tuple[float, float]:
    """The tensor's error and the greatest that is right."""
    least = ROUNDINGS * epsilon
    if all(_is_rounding(tensor, input_scale) for tensor in (output, baseline, exact) if tensor is not None):
        return 0.0, least
    if exact is not None:
        error, own = _error(output, exact), _error(baseline, exact)
        if math.isfinite(own) or error <= least:
            return error, max(4 * own, least)
    # Without a reference, or where eager is no match for it (float16 overflows), eager is all there is.
    return _error(output, baseline), math.sqrt(epsilon)


def _is_rounding(tensor: NDArray[Any], input_scale: float) -> bool:
    """Whether the tensor is zero but for its dtype's rounding of what went in, so that relative errors mean nothing."""
    epsilon = EPSILONS.get(tensor.dtype.name)
    if epsilon is None:
        return False
    return bool(np.max(np.abs(tensor.astype(np.float64)), initial=0.0) <= ROUNDINGS * epsilon * input_scale)


def largest_magnitude(arrays: Sequence[NDArray[Any]]) -> float:
    """The largest finite magnitude in the floating-point arrays; 0 where there is none."""
    wide = [array.astype(np.float64) for array in arrays if array.dtype.name in EPSILONS]
    return max((float(np.max(np.abs(array[np.isfinite(array)]), initial=0.0)) for array in wide), default=0.0)


def compare_shapes(output: Sequence[NDArray[Any]], expected: Sequence[NDArray[Any]]) -> str:
    """How structure, shapes or dtypes differ, in words; empty if they do not."""
    if len(output) != len(expected):
        return f"{len(output)} tensors, not {len(expected)}"
    for ours, theirs in zip(output, expected, strict=True):
        if ours.shape != theirs.shape:
            return f"shape {_shape(ours)}, not {_shape(theirs)}"
        if ours.dtype != theirs.dtype:
            return f"dtype {ours.dtype}, not {theirs.dtype}"
    return ""


def relative_error(output: Sequence[NDArray[Any]], reference: Sequence[NDArray[Any]]) -> float:
    """The largest max|y - ref| / max|ref| of all tensors, which must have equal shapes; 0 for equal ones."""
    return max((_error(ours, theirs) for ours, theirs in zip(output, reference, strict=True)), default=0.0)


def _error(output: NDArray[Any], reference: NDArray[Any]) -> float:
    if output.size == 0:
        return 0.0
    if output.dtype.kind in "OSU":
        return 0.0 if np.array_equal(output, reference) else math.inf
    if output.dtype.kind == "c":
        wide, exact = output.astype(np.complex128), reference.astype(np.complex128)
    else:
        wide, exact = output.astype(np.float64), reference.astype(np.float64)
    finite = np.isfinite(exact)
    if not np.array_equal(wide[~finite], exact[~finite], equal_nan=True) or not np.isfinite(wide[finite]).all():
        return math.inf
    wide, exact = wide[finite], exact[finite]
    difference = float(np.max(np.abs(wide - exact), initial=0.0))
    if difference == 0:
        return 0.0
    largest = float(np.max(np.abs(exact), initial=0.0))
    return difference / largest if largest else math.inf


def _share(error: float) -> str:
    return percent(error, 2) if math.isfinite(error) else "more than all"


def _shape(array: NDArray[Any]) -> str:
    return str(tuple(int(size) for size in array.shape))
