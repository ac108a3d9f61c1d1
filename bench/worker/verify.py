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

EPSILONS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
TENSOR_FLOAT_32_EPSILON = 2.0**-10

ROUNDINGS = 32
"""How many epsilons a correct output may lie from its reference, whatever eager's own error.

Without a reference, half the digits: an output may be off by the root of epsilon before it is called wrong."""


def to_arrays(output: Any) -> list[NDArray[Any]]:
    """The output's tensors, flattened out of whatever structure they are in, as numpy arrays."""
    import tensorflow as tf

    parts = tf.nest.flatten(output, expand_composites=True)
    # `np.asarray` of a scalar bfloat16 tensor fails, its own `numpy` does not.
    return [np.asarray(part.numpy() if tf.is_tensor(part) else part) for part in parts if part is not None]


def judge_output(
    output: Sequence[NDArray[Any]],
    baseline: Sequence[NDArray[Any]],
    reference: Sequence[NDArray[Any]] | None,
    epsilon: float,
) -> tuple[float | None, str]:
    """The error of a mode's output (None: not a number) and how it is wrong, in words (empty: it is right).

    `baseline` is eager's output (or that of the simplest mode that works); it fixes structure, shapes and dtypes.
    Errors are held against `reference`, computed in float64 from the same inputs; without one, against the baseline.
    """
    if mismatch := compare_shapes(output, baseline):
        return None, mismatch
    if reference is None:
        error, limit = relative_error(output, baseline), math.sqrt(epsilon)
    else:
        error = relative_error(output, reference)
        limit = max(4 * relative_error(baseline, reference), ROUNDINGS * epsilon)
    words = "" if error <= limit else f"values differ by {_percent(error)} of the largest"
    return (error if math.isfinite(error) else None), words


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


def _percent(error: float) -> str:
    return f"{100 * error:.2g} %" if math.isfinite(error) else "more than all"


def _shape(array: NDArray[Any]) -> str:
    return str(tuple(int(size) for size in array.shape))
