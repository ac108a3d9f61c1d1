"""Normalisations: short chains of reductions and elementwise ops over rows.

FLOPs: each operation on an element counts as one, exp too; what is done once a row is left out.
"""

from __future__ import annotations

from typing import Any

from .workload import workload

ROWS = (1, 1_048_576)
COLUMNS = (1, 262_144)


@workload(
    family="normalisation",
    teaches="TensorFlow has one kernel for it already: nothing is left to fuse, and a compiler's own may be worse.",
    bounds={"rows": ROWS, "columns": COLUMNS},
    # Maximum, difference, exp, sum, quotient.
    flops=lambda rows, columns: 5 * rows * columns,
    bytes_moved=lambda rows, columns, itemsize: 2 * itemsize * rows * columns,
)
def softmax(*, rows: int = 1024, columns: int = 1024, dtype: str = "float32") -> Any:
    """Softmax of each row of (rows, columns)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.nn.softmax(x)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)


@workload(
    family="normalisation",
    teaches="Like softmax, but written as nine ops: now there is something to fuse.",
    bounds={"rows": ROWS, "columns": COLUMNS},
    # Sum, difference, square, sum of squares, quotient, scale, offset.
    flops=lambda rows, columns: 7 * rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * (2 * rows * columns + 2 * columns),
)
def layer_norm(*, rows: int = 1024, columns: int = 1024, dtype: str = "float32") -> Any:
    """Layer normalisation of each row of (rows, columns), written out."""
    import tensorflow as tf

    scale = tf.Variable(tf.random.normal((columns,), mean=1.0, stddev=0.1, dtype=dtype))
    offset = tf.Variable(tf.random.normal((columns,), stddev=0.1, dtype=dtype))

    def step(x: Any) -> Any:
        centred = x - tf.reduce_mean(x, axis=-1, keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), axis=-1, keepdims=True)
        return centred * tf.math.rsqrt(variance + 1e-3) * scale + offset

    return step, (tf.random.normal((rows, columns), dtype=dtype),)
