"""What a workload should compute: the same inputs and weights, cast to float64, run eagerly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from ...catalogue import Workload
from ...plan import MIXED, Case, compute_dtype
from ..errors import ERRORS
from ..modes.build import Start, build
from .verify import EPSILONS, TENSOR_FLOAT_32_EPSILON, compare_shapes, relative_error


def reference_output(workload: Workload, case: Case, start: Start, index: int = 0) -> Sequence[NDArray[Any]] | None:
    """The float64 output from `start`, for one argument set; None where there is no float64 form, or it fails.

    What mixed precision has beyond the float64 form's variables comes last: it scales the loss.
    """
    mixed = case.dtype in MIXED
    if case.dtype == "float64" or not (workload.takes_dtype or mixed):
        return None
    import tensorflow as tf

    try:
        built = build(workload, case, "eager", dtype="float64")
        if len(built.variables) != len(start.state) and not mixed:
            return None
        built.set_state(start.state[: len(built.variables)])
        arguments = tf.nest.map_structure(_widen, start.argument_sets[index])
        built = replace(built, argument_sets=(arguments,))
        return built.outputs(built())
    except ERRORS:  # whatever a workload raises in float64, the comparison with eager is left
        return None


def _widen(value: Any) -> Any:
    import tensorflow as tf

    return tf.cast(value, tf.float64) if tf.is_tensor(value) and value.dtype.is_floating else value


def same_again(output: Sequence[NDArray[Any]], again: Sequence[NDArray[Any]], epsilon: float) -> bool:
    """Whether a second call from the same state gave the same output, so that comparing values means something."""
    return not compare_shapes(again, output) and relative_error(again, output) <= epsilon


def working_epsilon(case: Case) -> float:
    """The precision of the case's arithmetic: a GPU multiplies float32 as TensorFloat-32 unless told not to."""
    import tensorflow as tf

    on_gpu = case.dtype == "float32" and case.device.startswith("GPU")
    if on_gpu and tf.config.experimental.tensor_float_32_execution_enabled():
        return TENSOR_FLOAT_32_EPSILON
    return EPSILONS[compute_dtype(case.dtype)]
