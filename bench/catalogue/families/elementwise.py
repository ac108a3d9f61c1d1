"""Elementwise arithmetic: no reuse of data, so time goes to memory and to starting each op.

FLOPs: each operation on an element counts as one, a sigmoid or a tanh too.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload


@workload(
    family="elementwise",
    teaches="XLA fuses the chain into one loop: memory is read and written once, not once an op.",
    bounds={"size": (1, 268_435_456), "length": (1, 1_000)},
    flops=lambda size, length: 2 * size * length,
    bytes_moved=lambda size, itemsize, **_: itemsize * (2 * size + 2),
    bytes_unfused=lambda size, length, itemsize: itemsize * 2 * length * (2 * size + 1),
)
def elementwise_chain(*, size: int = 262_144, length: int = 30, dtype: str = "float32") -> Any:
    """x = x * scale + shift on (size,), length times: 2 × length ops."""
    import tensorflow as tf

    def step(x: Any, scale: Any, shift: Any) -> Any:
        for _ in range(length):
            x = x * scale + shift
        return x

    # A scale below 1 keeps the values in range at every length.
    return step, (tf.random.normal((size,), dtype=dtype), tf.constant(0.75, dtype), tf.constant(0.5, dtype))


@workload(
    family="elementwise",
    teaches="Much arithmetic on few bytes: fused, it is bound by arithmetic; op by op, by memory.",
    bounds={"size": (1, 268_435_456), "degree": (1, 200)},
    flops=lambda size, degree: 2 * size * degree,
    bytes_moved=lambda size, itemsize, **_: itemsize * 2 * size,
    # A product of two and a sum with a number, for each degree.
    bytes_unfused=lambda size, degree, itemsize: itemsize * degree * (5 * size + 1),
)
def polynomial(*, size: int = 262_144, degree: int = 16, dtype: str = "float32") -> Any:
    """A polynomial by Horner's rule on (size,), y = y * x + 0.5."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        y = x
        for _ in range(degree):
            y = y * x + 0.5
        return y

    # Within (-0.9, 0.9) it converges.
    return step, (tf.cast(tf.random.uniform((size,), -0.9, 0.9), dtype),)


@workload(
    family="elementwise",
    teaches="Three ops, eight passes over memory where three would do: the least that fusion can win.",
    bounds={"size": (1, 268_435_456)},
    flops=lambda size: 3 * size,
    bytes_moved=lambda size, itemsize: itemsize * 3 * size,
    bytes_unfused=lambda size, itemsize: itemsize * 8 * size,
)
def silu_gate(*, size: int = 1_048_576, dtype: str = "float32") -> Any:
    """x * sigmoid(x) * gate on (size,)."""
    import tensorflow as tf

    def step(x: Any, gate: Any) -> Any:
        return x * tf.sigmoid(x) * gate

    return step, (tf.random.normal((size,), dtype=dtype), tf.random.normal((size,), dtype=dtype))


@workload(
    family="elementwise",
    teaches="A large output of small inputs: unfused, it is written and read once more than it need be.",
    bounds={"rows": (1, 65_536), "columns": (1, 65_536)},
    flops=lambda rows, columns: 2 * rows * columns,
    bytes_moved=lambda rows, columns, itemsize: itemsize * (rows + columns + rows * columns),
    bytes_unfused=lambda rows, columns, itemsize: itemsize * (rows + columns + 3 * rows * columns),
)
def outer_tanh(*, rows: int = 1024, columns: int = 1024, dtype: str = "float32") -> Any:
    """tanh(x + y), (rows, 1) and (1, columns) broadcast."""
    import tensorflow as tf

    def step(x: Any, y: Any) -> Any:
        return tf.tanh(x + y)

    return step, (tf.random.normal((rows, 1), dtype=dtype), tf.random.normal((1, columns), dtype=dtype))
