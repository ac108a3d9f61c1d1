# mypy: ignore-errors
"""Functions that round more than once inside: activations near zero, series, decompositions."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def _positive(size, dtype):
    return tf.abs(_normal(size, dtype=dtype)) + 0.5


def elu_near_zero(*, size: int = 100, dtype: str = "float32"):
    return lambda x: (tf.nn.elu(x / 64), tf.nn.selu(x / 64)), (_normal(size, dtype=dtype),)


def softplus_and_silu(*, size: int = 100, dtype: str = "float32"):
    return lambda x: (tf.math.softplus(x), tf.nn.silu(x), tf.math.log_sigmoid(x)), (4 * _normal(size, dtype=dtype),)


def vanishing_gate(*, size: int = 30, dtype: str = "float32"):
    """Take a sigmoid of what is far below zero; not in float16, in which XLA's exp(-x) overflows."""
    return lambda x: x * tf.sigmoid(-6 - x), (_positive(size, dtype) * 4,)


def hyperbolic(*, size: int = 60, dtype: str = "float32"):
    return lambda x: (tf.sinh(x), tf.asinh(x), tf.acosh(1 + tf.abs(x))), (_normal(size, dtype=dtype),)


def up_to_one(*, size: int = 65, dtype: str = "float32"):
    return lambda x: (tf.asin(x), tf.acos(x)), (tf.cast(tf.linspace(-1.0, 1.0, size), dtype),)


def log_gamma(*, size: int = 60, dtype: str = "float32"):
    return lambda x: tf.math.lgamma(x + 8), (_positive(size, dtype),)


def error_functions(*, size: int = 60, dtype: str = "float32"):
    return lambda x: (tf.math.erf(x), tf.math.erfc(x), tf.math.expm1(x / 8)), (_normal(size, dtype=dtype),)


def powers(*, size: int = 60, dtype: str = "float32"):
    return lambda x: (x**2.5, x ** (1 / 3), x**-2, tf.math.rsqrt(x)), (_positive(size, dtype),)


def singular_vectors(*, rows: int = 6, columns: int = 4, dtype: str = "float32"):
    """Use vectors whose signs are left open, so that these do not matter; XLA's of float64 are as good as float32's."""

    def projected(x):
        s, u, _ = tf.linalg.svd(x)
        return s, tf.matmul(u, u, transpose_b=True)

    return projected, (_normal(rows, columns, dtype=dtype),)


elu_near_zero_dtypes = softplus_and_silu_dtypes = hyperbolic_dtypes = up_to_one_dtypes = error_functions_dtypes = FLOATS
powers_dtypes = FLOATS
vanishing_gate_dtypes = ("bfloat16", "float32", "float64")
log_gamma_dtypes = ("float32", "float64")

PROGRAMS = (
    *("elu_near_zero", "softplus_and_silu", "vanishing_gate", "hyperbolic", "up_to_one", "log_gamma"),
    *("error_functions", "powers", "singular_vectors"),
)
