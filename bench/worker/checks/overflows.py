"""Infinite numbers of float16 that come of finite ones: modes that compute in float32 on the way may have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class Overflows:
    """Knows which tensors of one run have overflowed.

    As an output, such a number is infinite in every mode. What is computed from it is unknown.
    """

    def __init__(self) -> None:
        self._tensors: dict[int, Any] = {}
        """By identity, and kept, so that no other tensor gets it."""

    def among(self, inputs: Sequence[Any]) -> bool:
        """Tell whether one of the inputs has overflowed."""
        import tensorflow as tf

        return bool(self._tensors) and any(id(each) in self._tensors for each in tf.nest.flatten(list(inputs)))

    def unknown(self, inputs: Sequence[Any]) -> list[Any]:
        """Return the inputs with NaN where they have overflowed."""
        import tensorflow as tf

        def without(value: Any) -> Any:
            if id(value) not in self._tensors:
                return value
            return tf.where(tf.math.is_inf(value), tf.constant(np.nan, value.dtype), value)

        return [tf.nest.map_structure(without, each) for each in inputs]

    def note(self, inputs: Sequence[Any], outputs: Any) -> None:
        """Remember outputs that are infinite where no input is, or where an input has overflowed."""
        import tensorflow as tf

        shorts = [each for each in tf.nest.flatten(outputs) if getattr(each, "dtype", None) == tf.float16]
        infinite = [*filter(_has_infinite, shorts)]
        if infinite and (self.among(inputs) or not any(map(_has_infinite, tf.nest.flatten(list(inputs))))):
            self._tensors.update((id(each), each) for each in infinite)


def _has_infinite(value: Any) -> bool:
    dtype = getattr(value, "dtype", None)
    if not getattr(dtype, "is_floating", False) or not hasattr(value, "numpy"):
        return False
    with np.errstate(invalid="ignore"):
        return bool(np.any(np.isinf(value.numpy())))
