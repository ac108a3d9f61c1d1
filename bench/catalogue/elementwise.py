"""Elementwise arithmetic: no reuse of data, so time goes to memory and to starting each op.

FLOPs: each multiplication and each addition counts as one.
"""

from __future__ import annotations

from typing import Any

from .workload import workload


@workload(
    family="elementwise",
    teaches="XLA fuses the chain into one loop: memory is read and written once, not once an op.",
    bounds={"size": (1, 268_435_456), "length": (1, 1_000)},
    flops=lambda size, length: 2 * size * length,
    bytes_moved=lambda size, itemsize, **_: itemsize * (2 * size + 2),
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
