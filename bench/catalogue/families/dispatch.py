"""Work too small to matter: what is timed is TensorFlow itself, starting one op after another."""

from __future__ import annotations

from typing import Any

from ..workload import workload


@workload(
    family="dispatch",
    teaches="Eager pays Python and dispatch for every op; a graph pays once a call, and XLA makes few kernels of many.",
    bounds={"repeats": (1, 200), "size": (1, 1_024)},
    # Arithmetic is not what this costs, so a rate of it would mislead: no `flops`.
    bytes_moved=lambda size, itemsize, **_: itemsize * (3 * size * size + size),
    bytes_unfused=lambda repeats, size, itemsize: itemsize * repeats * (24 * size * size + 3 * size),
)
def tiny_ops(*, repeats: int = 10, size: int = 4, dtype: str = "float32") -> Any:
    """Nine kinds of op on tiny tensors (size, size), repeats times over."""
    import tensorflow as tf

    def step(x: Any, w: Any, b: Any) -> Any:
        for _ in range(repeats):
            y = tf.nn.relu(tf.matmul(x, w) + b)
            y = tf.concat([y, x], axis=1)
            y = y - tf.reduce_mean(y, axis=1, keepdims=True)
            x = tf.tanh(tf.transpose(y[:, :size]))
        return x

    x = tf.random.normal((size, size), dtype=dtype)
    w = tf.random.normal((size, size), stddev=size**-0.5, dtype=dtype)
    return step, (x, w, tf.random.normal((size,), dtype=dtype))


@workload(
    family="dispatch",
    teaches="The smallest call there is: a graph can cost more than eager, since starting it costs more than the op.",
    bounds={"size": (1, 65_536)},
    bytes_moved=lambda size, itemsize: itemsize * 3 * size,
    one_op=True,
)
def tiny_add(*, size: int = 4, dtype: str = "float32") -> Any:
    """x + y on (size,): one op."""
    import tensorflow as tf

    def step(x: Any, y: Any) -> Any:
        return x + y

    return step, (tf.random.normal((size,), dtype=dtype), tf.random.normal((size,), dtype=dtype))


@workload(
    family="dispatch",
    teaches="A Python loop is unrolled as it is traced: quick calls, but traces and compiles grow with its length.",
    bounds={"steps": (1, 1_000), "size": (1, 65_536)},
    bytes_moved=lambda steps, size, itemsize: itemsize * (steps + 3) * size,
    # Taken apart once, then a product and a sum a step.
    bytes_unfused=lambda steps, size, itemsize: itemsize * 8 * steps * size,
)
def python_loop(*, steps: int = 50, size: int = 16, dtype: str = "float32") -> Any:
    """x = x * decay + row for each row of (steps, size), in a Python loop."""
    import tensorflow as tf

    def step(x: Any, decay: Any, rows: Any) -> Any:
        for row in tf.unstack(rows):
            x = x * decay + row
        return x

    x, rows = tf.random.normal((size,), dtype=dtype), tf.random.normal((steps, size), dtype=dtype)
    return step, (x, tf.fill((size,), tf.constant(0.9, dtype)), rows)
