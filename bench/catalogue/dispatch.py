"""Work too small to matter: what is timed is TensorFlow itself, starting one op after another."""

from __future__ import annotations

from typing import Any

from .workload import workload


@workload(
    family="dispatch",
    teaches="Eager pays Python and dispatch for every op; a graph pays once a call, and XLA makes few kernels of many.",
    bounds={"repeats": (1, 200), "size": (1, 1_024)},
    # Arithmetic is not what this costs, so a rate of it would mislead: no `flops`.
    bytes_moved=lambda size, itemsize, **_: itemsize * (3 * size * size + size),
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
