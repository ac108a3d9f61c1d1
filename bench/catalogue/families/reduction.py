"""Reductions, scans and orders: each output needs many inputs.

FLOPs: one addition an element; comparisons are none.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload


@workload(
    family="reduction",
    teaches="One pass over memory and nothing to fuse: a mode can only add what its calls cost.",
    bounds={"rows": (1, 1_048_576), "columns": (1, 1_048_576)},
    flops=lambda rows, columns: rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * (rows * columns + rows),
    one_op=True,
)
def reduction(*, rows: int = 4096, columns: int = 1024, dtype: str = "float32") -> Any:
    """Sum of each row, (rows, columns) to (rows,)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.reduce_sum(x, axis=-1)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)


@workload(
    family="reduction",
    teaches="Each sum needs the one before: one pass for a library, a tree of them for a compiler.",
    bounds={"rows": (1, 1_048_576), "columns": (1, 1_048_576)},
    flops=lambda rows, columns: rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * 2 * rows * columns,
    one_op=True,
)
def cumsum(*, rows: int = 256, columns: int = 1024, dtype: str = "float32") -> Any:
    """Running sum along each row of (rows, columns)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.cumsum(x, axis=-1)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)


@workload(
    family="reduction",
    teaches="Where each row goes is data: a compiler cannot plan it, and falls back to one row after another.",
    bounds={"rows": (1, 1_048_576), "columns": (1, 65_536), "segments": (1, 1_048_576)},
    flops=lambda rows, columns, **_: rows * columns,
    bytes_moved=lambda rows, columns, segments, itemsize: itemsize * (rows + segments) * columns + 4 * rows,
    # And the number of segments.
    bytes_unfused=lambda rows, columns, segments, itemsize: itemsize * (rows + segments) * columns + 4 * rows + 4,
)
def segment_sum(*, rows: int = 4096, columns: int = 64, segments: int = 256, dtype: str = "float32") -> Any:
    """Sums of rows by segment, (rows, columns) to (segments, columns)."""
    import tensorflow as tf

    def step(x: Any, segment: Any) -> Any:
        return tf.math.unsorted_segment_sum(x, segment, segments)

    x = tf.random.normal((rows, columns), dtype=dtype)
    return step, (x, tf.random.uniform((rows,), maxval=segments, dtype=tf.int32))


@workload(
    family="reduction",
    teaches="TensorFlow keeps a heap of k; a compiler that sorts the whole row does far more than was asked.",
    bounds={"rows": (1, 65_536), "columns": (128, 1_048_576), "k": (1, 128)},
    bytes_moved=lambda rows, columns, k, itemsize: rows * (itemsize * (columns + k) + 4 * k),
    one_op=True,
)
def top_k(*, rows: int = 64, columns: int = 4096, k: int = 16, dtype: str = "float32") -> Any:
    """The k greatest of each row of (rows, columns), and where they are."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tuple(tf.math.top_k(x, k))

    return step, (tf.random.normal((rows, columns), dtype=dtype),)


@workload(
    family="reduction",
    teaches="Sorting is a library's business: a compiler's generic sort loses to it on a CPU.",
    bounds={"rows": (1, 65_536), "columns": (1, 1_048_576)},
    bytes_moved=lambda rows, columns, itemsize: itemsize * 2 * rows * columns,
    # By way of the greatest: negated, ordered with their places, negated.
    bytes_unfused=lambda rows, columns, itemsize: (6 * itemsize + 4) * rows * columns,
)
def sort(*, rows: int = 64, columns: int = 4096, dtype: str = "float32") -> Any:
    """Each row of (rows, columns) in ascending order."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.sort(x)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)


@workload(
    family="reduction",
    teaches="The output's size is known only when it is there: XLA makes room for the most it could be.",
    bounds={"size": (1, 16_777_216), "distinct": (1, 2_000)},
    dtypes=("float32", "float64"),
)
def unique(*, size: int = 65_536, distinct: int = 256, dtype: str = "float32") -> Any:
    """The distinct values of (size,) in the order in which they come."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.unique(x).y

    return step, (tf.cast(tf.random.uniform((size,), maxval=distinct, dtype=tf.int32), dtype),)
