"""Matrix products: one large kernel a call, the compiler's hardest customer."""

from __future__ import annotations

from typing import Any

from .workload import workload

SIZES = (1, 16_384)


@workload(
    family="matmul",
    teaches="One big kernel does nearly all the work: no mode can win much, whatever surrounds it.",
    bounds={"m": SIZES, "k": SIZES, "n": SIZES},
    flops=lambda m, k, n: 2 * m * k * n,
    bytes_moved=lambda m, k, n, itemsize: itemsize * (m * k + k * n + m * n),
)
def matmul(*, m: int = 1024, k: int = 1024, n: int = 1024, dtype: str = "float32") -> Any:
    """Product of two matrices, (m, k) @ (k, n)."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.matmul(a, b)

    return step, (tf.random.normal((m, k), dtype=dtype), tf.random.normal((k, n), dtype=dtype))


@workload(
    family="matmul",
    teaches="Many small products, but one kernel: what a call costs is paid once in every mode.",
    bounds={"batch": (1, 16_384), "m": SIZES, "k": SIZES, "n": SIZES},
    flops=lambda batch, m, k, n: 2 * batch * m * k * n,
    bytes_moved=lambda batch, m, k, n, itemsize: itemsize * batch * (m * k + k * n + m * n),
)
def batch_matmul(*, batch: int = 32, m: int = 128, k: int = 128, n: int = 128, dtype: str = "float32") -> Any:
    """A batch of matrix products, (batch, m, k) @ (batch, k, n)."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.matmul(a, b)

    return step, (tf.random.normal((batch, m, k), dtype=dtype), tf.random.normal((batch, k, n), dtype=dtype))
