"""Matrix products: one large kernel a call, the compiler's hardest customer."""

from __future__ import annotations

from typing import Any

from ..workload import workload

SIZES = (1, 16_384)


@workload(
    family="matmul",
    teaches="One big kernel does nearly all the work: no mode can win much, whatever surrounds it.",
    bounds={"m": SIZES, "k": SIZES, "n": SIZES},
    flops=lambda m, k, n: 2 * m * k * n,
    bytes_moved=lambda m, k, n, itemsize: itemsize * (m * k + k * n + m * n),
    one_op=True,
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
    one_op=True,
)
def batch_matmul(*, batch: int = 32, m: int = 128, k: int = 128, n: int = 128, dtype: str = "float32") -> Any:
    """A batch of matrix products, (batch, m, k) @ (batch, k, n)."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.matmul(a, b)

    return step, (tf.random.normal((batch, m, k), dtype=dtype), tf.random.normal((batch, k, n), dtype=dtype))


@workload(
    family="matmul",
    teaches="Tall and narrow, so bound by memory: libraries are tuned for squares.",
    bounds={"rows": (1, 4_194_304), "width": (1, 1_024)},
    flops=lambda rows, width: 2 * rows * width * width,
    bytes_moved=lambda rows, width, itemsize: itemsize * (2 * rows * width + width * width),
    one_op=True,
)
def tall_matmul(*, rows: int = 65_536, width: int = 32, dtype: str = "float32") -> Any:
    """A tall matrix by a small square, (rows, width) @ (width, width)."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.matmul(a, b)

    return step, (tf.random.normal((rows, width), dtype=dtype), tf.random.normal((width, width), dtype=dtype))


@workload(
    family="matmul",
    teaches="An einsum becomes transposes and one product, and the modes do not choose the same ones.",
    bounds={"batch": (1, 16_384), "m": SIZES, "k": SIZES, "n": SIZES},
    flops=lambda batch, m, k, n: 2 * batch * m * k * n,
    bytes_moved=lambda batch, m, k, n, itemsize: itemsize * batch * (m * k + k * n + m * n),
    one_op=True,
)
def einsum(*, batch: int = 32, m: int = 128, k: int = 128, n: int = 128, dtype: str = "float32") -> Any:
    """tf.einsum("mbk,nbk->bmn"), the batch not in front."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.einsum("mbk,nbk->bmn", a, b)

    return step, (tf.random.normal((m, batch, k), dtype=dtype), tf.random.normal((n, batch, k), dtype=dtype))


@workload(
    family="matmul",
    teaches="What follows a product can be done as it is written: graph and XLA each fuse it in ways of their own.",
    bounds={"m": SIZES, "k": SIZES, "n": SIZES},
    flops=lambda m, k, n: 2 * m * k * n,
    bytes_moved=lambda m, k, n, itemsize: itemsize * (m * k + k * n + n + m * n),
    bytes_unfused=lambda m, k, n, itemsize: itemsize * (m * k + k * n + n + 5 * m * n),
)
def matmul_bias_relu(*, m: int = 512, k: int = 512, n: int = 512, dtype: str = "float32") -> Any:
    """relu(a @ b + bias), (m, k) @ (k, n)."""
    import tensorflow as tf

    def step(a: Any, b: Any, bias: Any) -> Any:
        return tf.nn.relu(tf.matmul(a, b) + bias)

    a, b = tf.random.normal((m, k), dtype=dtype), tf.random.normal((k, n), dtype=dtype)
    return step, (a, b, tf.random.normal((n,), dtype=dtype))
