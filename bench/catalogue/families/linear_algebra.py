"""Linear algebra: a library's algorithms, in loops whose every step needs the last one's result.

FLOPs: those of the usual dense algorithms (Golub and Van Loan, Matrix Computations), lower powers left out. Errors grow
with the size n: LAPACK's own tests hold them against some tens of n roundings (LAPACK Working Note 41).
"""

from __future__ import annotations

from typing import Any

from ..workload import workload

BATCH = (1, 65_536)
DTYPES = ("float32", "float64")


def matrices(batch: int, size: int, dtype: str) -> Any:
    """Well-conditioned matrices: a random one over a heavy diagonal, (batch, size, size)."""
    import tensorflow as tf

    return tf.random.normal((batch, size, size), stddev=size**-0.5, dtype=dtype) + 3 * tf.eye(size, dtype=dtype)


@workload(
    family="linear algebra",
    teaches="On a CPU, LAPACK in eager and graph, and in XLA an expansion of its own: a loop over columns.",
    bounds={"batch": BATCH, "size": (1, 8_192)},
    dtypes=DTYPES,
    flops=lambda batch, size: batch * size**3 // 3 or 1,
    bytes_moved=lambda batch, size, itemsize: itemsize * 2 * batch * size * size,
    one_op=True,
)
def cholesky(*, batch: int = 4, size: int = 128, dtype: str = "float32") -> Any:
    """Cholesky factors of (batch, size, size)."""
    import tensorflow as tf

    def step(a: Any) -> Any:
        return tf.linalg.cholesky(a)

    a = matrices(batch, size, dtype)
    return step, (tf.matmul(a, a, transpose_b=True),)


@workload(
    family="linear algebra",
    teaches="Reflections one column after another: little to fuse. TensorFlow calls LAPACK on the CPU, for a GPU too.",
    bounds={"batch": BATCH, "size": (1, 2_048)},
    dtypes=DTYPES,
    # 4/3 n³ for R and as much for Q.
    flops=lambda batch, size: 8 * batch * size**3 // 3,
    bytes_moved=lambda batch, size, itemsize: itemsize * 3 * batch * size * size,
    one_op=True,
)
def qr(*, batch: int = 4, size: int = 64, dtype: str = "float32") -> Any:
    """QR factors of (batch, size, size)."""
    import tensorflow as tf

    def step(a: Any) -> Any:
        return tuple(tf.linalg.qr(a))

    return step, (matrices(batch, size, dtype),)


@workload(
    family="linear algebra",
    teaches="An iteration until it converges: XLA's own is coarser in float64, and loses by far on a CPU.",
    bounds={"batch": BATCH, "size": (1, 1_024)},
    dtypes=DTYPES,
    # The singular values alone, by bidiagonalisation.
    flops=lambda batch, size: 8 * batch * size**3 // 3,
    bytes_moved=lambda batch, size, itemsize: itemsize * batch * (size * size + size),
    one_op=True,
)
def svd(*, batch: int = 1, size: int = 64, dtype: str = "float32") -> Any:
    """Singular values of (batch, size, size)."""
    import tensorflow as tf

    def step(a: Any) -> Any:
        return tf.linalg.svd(a, compute_uv=False)

    return step, (matrices(batch, size, dtype),)


@workload(
    family="linear algebra",
    teaches="Two calls of a library in one op; XLA makes it of a factorisation and triangular solves.",
    bounds={"batch": BATCH, "size": (1, 8_192), "columns": (1, 8_192)},
    dtypes=DTYPES,
    flops=lambda batch, size, columns: batch * (2 * size**3 // 3 + 2 * size * size * columns),
    bytes_moved=lambda batch, size, columns, itemsize: itemsize * batch * (size * size + 2 * size * columns),
    one_op=True,
)
def solve(*, batch: int = 4, size: int = 128, columns: int = 16, dtype: str = "float32") -> Any:
    """x of a x = b, (batch, size, size) and (batch, size, columns)."""
    import tensorflow as tf

    def step(a: Any, b: Any) -> Any:
        return tf.linalg.solve(a, b)

    return step, (matrices(batch, size, dtype), tf.random.normal((batch, size, columns), dtype=dtype))
