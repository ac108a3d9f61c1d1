"""Control flow that depends on data: Python decides in eager, the graph itself in the other modes."""

from __future__ import annotations

from typing import Any

from ..workload import workload

SIZE = (1, 268_435_456)


@workload(
    family="control flow",
    teaches="Eager must wait for the sum before Python can choose; a graph chooses where the data is.",
    bounds={"size": SIZE},
    # The sum, and one op on each element.
    flops=lambda size: 2 * size,
    bytes_moved=lambda size, itemsize: itemsize * 2 * size,
    bytes_unfused=lambda size, itemsize: itemsize * 3 * size,
)
def cond(*, size: int = 65_536, dtype: str = "float32") -> Any:
    """tanh(x) if x sums to more than 0, else relu(x), on (size,)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.cond(tf.reduce_sum(x) > 0, lambda: tf.tanh(x), lambda: tf.nn.relu(x))

    return step, (tf.random.normal((size,), dtype=dtype),)


@workload(
    family="control flow",
    teaches="How often the loop turns is known only as it turns: in eager a question to the device each time.",
    bounds={"size": SIZE},
)
def until_small(*, size: int = 4096, dtype: str = "float32") -> Any:
    """x = 0.8 x on (size,), until no element is above 0.001."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.while_loop(lambda y: tf.reduce_max(tf.abs(y)) > 1e-3, lambda y: (y * 0.8,), (x,))[0]

    return step, (tf.random.normal((size,), dtype=dtype),)
