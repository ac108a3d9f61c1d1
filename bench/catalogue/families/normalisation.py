"""Normalisations: short chains of reductions and elementwise ops over rows.

FLOPs: each operation on an element counts as one, exp too; what is done once a row is left out.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload

ROWS = (1, 1_048_576)
COLUMNS = (1, 262_144)


@workload(
    family="normalisation",
    teaches="TensorFlow has one kernel for it already: nothing is left to fuse, and a compiler's own may be worse.",
    bounds={"rows": ROWS, "columns": COLUMNS},
    # Maximum, difference, exp, sum, quotient.
    flops=lambda rows, columns: 5 * rows * columns,
    bytes_moved=lambda rows, columns, itemsize: 2 * itemsize * rows * columns,
    one_op=True,
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
    # Two reductions, and five ops that write what they read; the rest is of a number a row.
    bytes_unfused=lambda rows, columns, itemsize: itemsize * (12 * rows * columns + 8 * rows + 2 * columns + 1),
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


@workload(
    family="normalisation",
    teaches="Statistics over the whole batch, then one pass: two reads of everything even where all is fused.",
    bounds={"batch": (1, 4_096), "size": (1, 2_048), "channels": (1, 4_096)},
    # Sum, difference, square, sum of squares, product, sum.
    flops=lambda batch, size, channels: 6 * batch * size * size * channels,
    bytes_moved=lambda batch, size, channels, itemsize: itemsize * 2 * (batch * size * size * channels + channels),
    # Mean, squared difference, its mean, product, sum; the rest is of a number a channel.
    bytes_unfused=lambda batch, size, channels, itemsize: (
        itemsize * (8 * batch * size * size * channels + 18 * channels + 1)
    ),
)
def batch_norm(*, batch: int = 8, size: int = 56, channels: int = 64, dtype: str = "float32") -> Any:
    """Batch normalisation as in training, of (batch, size, size, channels)."""
    import tensorflow as tf

    scale = tf.Variable(tf.random.normal((channels,), mean=1.0, stddev=0.1, dtype=dtype))
    offset = tf.Variable(tf.random.normal((channels,), stddev=0.1, dtype=dtype))

    def step(x: Any) -> Any:
        mean = tf.reduce_mean(x, axis=(0, 1, 2))
        variance = tf.reduce_mean(tf.math.squared_difference(x, mean), axis=(0, 1, 2))
        return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-3)

    return step, (tf.random.normal((batch, size, size, channels), dtype=dtype),)


@workload(
    family="normalisation",
    teaches="Reshapes around reductions: free as a graph's bookkeeping, and in the way of kernels that match patterns.",
    bounds={"batch": (1, 4_096), "size": (1, 2_048), "groups": (1, 1_024), "channels": (1, 4_096)},
    flops=lambda batch, size, groups, channels: 7 * batch * size * size * groups * channels,
    bytes_moved=lambda batch, size, groups, channels, itemsize: (
        itemsize * 2 * groups * channels * (batch * size * size + 1)
    ),
    bytes_unfused=lambda batch, size, groups, channels, itemsize: (
        itemsize * (2 * groups * channels * (6 * batch * size * size + 1) + 8 * batch * groups + 1)
    ),
)
def group_norm(*, batch: int = 8, size: int = 28, groups: int = 8, channels: int = 16, dtype: str = "float32") -> Any:
    """Normalisation of groups of so many channels in each image."""
    import tensorflow as tf

    width = groups * channels
    scale = tf.Variable(tf.random.normal((width,), mean=1.0, stddev=0.1, dtype=dtype))
    offset = tf.Variable(tf.random.normal((width,), stddev=0.1, dtype=dtype))

    def step(x: Any) -> Any:
        grouped = tf.reshape(x, (batch, size * size, groups, channels))
        centred = grouped - tf.reduce_mean(grouped, axis=(1, 3), keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), axis=(1, 3), keepdims=True)
        normal = centred * tf.math.rsqrt(variance + 1e-3)
        return tf.reshape(normal, (batch, size, size, width)) * scale + offset

    return step, (tf.random.normal((batch, size, size, width), dtype=dtype),)
