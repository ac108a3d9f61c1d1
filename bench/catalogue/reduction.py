"""Reductions: every element is read, next to nothing is written.

FLOPs: one addition an element.
"""

from __future__ import annotations

from typing import Any

from .workload import workload


@workload(
    family="reduction",
    teaches="One pass over memory and nothing to fuse: a mode can only add what its calls cost.",
    bounds={"rows": (1, 1_048_576), "columns": (1, 1_048_576)},
    flops=lambda rows, columns: rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * (rows * columns + rows),
)
def reduction(*, rows: int = 4096, columns: int = 1024, dtype: str = "float32") -> Any:
    """Sum of each row, (rows, columns) to (rows,)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.reduce_sum(x, axis=-1)

    return step, (tf.random.normal((rows, columns), dtype=dtype),)
