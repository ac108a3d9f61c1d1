"""What a workload should compute: the same inputs and weights, cast to float64, run eagerly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from ...catalogue import Workload
from ...device_names import is_gpu
from ...plan import MIXED, Case
from ..errors import ERRORS
from ..modes.build import ArgumentSets, build, to_arrays
from ..modes.variables import Starts
from .verify import TENSOR_FLOAT_32_EPSILON


def reference_output(
    workload: Workload, case: Case, starts: Starts, argument_sets: ArgumentSets
) -> Sequence[NDArray[Any]] | None:
    """Return the float64 output of the first call; None where there is no float64 form, or it fails.

    What mixed precision has beyond the float64 form's variables comes last: it scales the loss.
    """
    mixed = case.dtype in MIXED
    if case.dtype == "float64" or not (workload.takes_dtype or mixed):
        return None
    import tensorflow as tf

    known = [*starts]
    try:
        built = build(workload, case, "eager", starts=Starts(known), dtype="float64")
        with built.variables.recorded():
            arguments = tf.nest.map_structure(_widen, argument_sets[0])
            output = to_arrays(replace(built, argument_sets=(arguments,))())
        return output if mixed or len(built.variables) == len(known) else None
    except ERRORS:  # whatever a workload raises in float64, the comparison with eager is left
        return None


def _widen(value: Any) -> Any:
    import tensorflow as tf

    return tf.cast(value, tf.float64) if tf.is_tensor(value) and value.dtype.is_floating else value


def contraction_epsilon(case: Case) -> float:
    """Return the epsilon of products of float32 matrices where it is coarser than their dtype's; 0 where it is not.

    A GPU multiplies float32 as TensorFloat-32 unless told not to; other operations and dtypes it leaves as they are.
    """
    import tensorflow as tf

    coarse = is_gpu(case.device) and tf.config.experimental.tensor_float_32_execution_enabled()
    return TENSOR_FLOAT_32_EPSILON if coarse else 0.0
