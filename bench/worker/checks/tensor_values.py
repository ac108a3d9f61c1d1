"""Numbers in what eager operations are given and return: tensors, variables, or Python's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_array(value: Any) -> NDArray[Any]:
    """Return a value as a NumPy array."""
    return np.asarray(value.numpy() if hasattr(value, "numpy") else value)


def is_inexact(value: Any) -> bool:
    """Tell whether a value is a tensor, or a variable, of real or complex numbers."""
    dtype = getattr(value, "dtype", None)
    return bool(getattr(dtype, "is_floating", False) or getattr(dtype, "is_complex", False))


def numbers_in(inputs: Sequence[Any]) -> list[NDArray[Any]]:
    """Return the arrays of real or complex numbers among inputs."""
    import tensorflow as tf

    return [*map(to_array, filter(is_inexact, tf.nest.flatten(list(inputs))))]


def magnitude(value: Any) -> Any:
    """Return the absolute values of real or complex numbers, in their dtype; anything else as it is."""
    import tensorflow as tf

    return tf.cast(tf.abs(value), value.dtype) if is_inexact(value) else value


def widened(value: Any) -> Any:
    """Return real or complex numbers as float32; anything else as it is."""
    import tensorflow as tf

    return tf.cast(value, tf.float32) if is_inexact(value) else value
