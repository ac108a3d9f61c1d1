"""Calls whose arguments change: what a trace and a compile are good for, and what they are not.

There are no formulas: every call is of another size, or next to nothing.
"""

from __future__ import annotations

from typing import Any

from .workload import workload

CALLS = (2, 1_000)


@workload(
    family="retracing",
    teaches="One trace serves every number of rows, but XLA compiles for each: pad, or keep to a few shapes.",
    bounds={"shapes": CALLS, "columns": (1, 65_536), "repeats": (1, 100)},
)
def dynamic_shapes(*, shapes: int = 30, columns: int = 64, repeats: int = 4, dtype: str = "float32") -> Any:
    """Standardises and squashes rows; calls have 1 to `shapes` of them."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((None, columns), dtype)])  # type: ignore[untyped-decorator]
    def step(x: Any) -> Any:
        for _ in range(repeats):
            x = x - tf.reduce_mean(x, axis=-1, keepdims=True)
            x = tf.tanh(x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), axis=-1, keepdims=True) + 1e-3))
        return x

    return step, [(tf.random.normal((rows, columns), dtype=dtype),) for rows in range(1, shapes + 1)]


@workload(
    family="retracing",
    teaches="A Python number is a constant of the graph, so each one is traced and compiled anew; a tensor is not.",
    bounds={"numbers": CALLS, "size": (1, 268_435_456)},
)
def python_number(*, numbers: int = 30, size: int = 1024, dtype: str = "float32") -> Any:
    """relu(x) * 0.99**n on (size,); calls have a Python n of 1 to `numbers`."""
    import tensorflow as tf

    def step(x: Any, n: int) -> Any:
        return tf.nn.relu(x) * 0.99**n

    x = tf.random.normal((size,), dtype=dtype)
    return step, [(x, n) for n in range(1, numbers + 1)]
