"""Activations: one formula, written as several ops.

FLOPs: each operation on an element counts as one, tanh and erf too.
"""

from __future__ import annotations

from typing import Any

from ..workload import workload

SIZE = (1, 268_435_456)


@workload(
    family="activation",
    teaches="Eight ops over memory for one formula: fusion makes them one, and XLA's tanh is its own.",
    bounds={"size": SIZE},
    flops=lambda size: 8 * size,
    bytes_moved=lambda size, itemsize: itemsize * 2 * size,
    # Two of the eight read two tensors; five take a number, and a power.
    bytes_unfused=lambda size, itemsize: itemsize * (18 * size + 5),
)
def gelu_tanh(*, size: int = 1_048_576, dtype: str = "float32") -> Any:
    """GELU by tanh on (size,)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.nn.gelu(x, approximate=True)

    return step, (tf.random.normal((size,), dtype=dtype),)


@workload(
    family="activation",
    teaches="Fewer ops than by tanh, but erf costs more: where it is fused, arithmetic decides.",
    bounds={"size": SIZE},
    flops=lambda size: 5 * size,
    bytes_moved=lambda size, itemsize: itemsize * 2 * size,
    bytes_unfused=lambda size, itemsize: itemsize * (11 * size + 3),
)
def gelu_erf(*, size: int = 1_048_576, dtype: str = "float32") -> Any:
    """GELU by the error function on (size,)."""
    import tensorflow as tf

    def step(x: Any) -> Any:
        return tf.nn.gelu(x, approximate=False)

    return step, (tf.random.normal((size,), dtype=dtype),)
