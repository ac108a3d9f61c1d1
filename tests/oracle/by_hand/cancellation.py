# mypy: ignore-errors
"""Differences of numbers that are nearly the same, where what is left over is rounding."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def two_ways(*, size: int = 40, dtype: str = "float32"):
    return lambda x, y: (x + y) ** 2 - x**2 - 2 * x * y - y**2, (
        _normal(size, dtype=dtype),
        _normal(size, dtype=dtype, seed=2),
    )


def large_and_small(*, size: int = 40, dtype: str = "float32"):
    return lambda x: (x + 100) - 100, (_normal(size, dtype=dtype),)


def variance_by_squares(*, rows: int = 5, dtype: str = "float32"):
    def variance(x):
        return tf.reduce_mean(x**2, -1) - tf.reduce_mean(x, -1) ** 2

    return variance, (_normal(rows, 30, dtype=dtype) / 8 + 8,)


def inverse_residual(*, size: int = 6, dtype: str = "float32"):
    return lambda x: x @ tf.linalg.inv(x) - tf.eye(size, dtype=x.dtype), (_normal(size, size, dtype=dtype),)


def quiet_bins(*, size: int = 64, dtype: str = "float32"):
    """Take the spectrum of one wave: all bins but two hold nothing but rounding."""

    def spectrum(time):
        return tf.abs(tf.signal.rfft(tf.sin(time)))

    return spectrum, (tf.cast(2 * np.pi * 4 * np.arange(size) / size, dtype),)


def sine_of_pi(*, size: int = 8, dtype: str = "float32"):
    return lambda x: tf.sin(x * np.pi), (tf.range(size, dtype=dtype),)


def alternating_sum(*, size: int = 50, dtype: str = "float32"):
    return lambda x: tf.reduce_sum(tf.concat([x, -x[::-1]], 0)), (_normal(size, dtype=dtype),)


def mean_of_centred(*, rows: int = 6, dtype: str = "float32"):
    return lambda x: tf.reduce_mean(x - tf.reduce_mean(x, -1, keepdims=True), -1), (_normal(rows, 33, dtype=dtype),)


def log_of_one_plus(*, size: int = 20, dtype: str = "float32"):
    return lambda x: tf.math.log(1 + x / 256), (_normal(size, dtype=dtype),)


def softmax_less_itself(*, size: int = 20, dtype: str = "float32"):
    return lambda x: tf.nn.softmax(x) - tf.exp(tf.nn.log_softmax(x)), (_normal(size, dtype=dtype),)


two_ways_dtypes = large_and_small_dtypes = variance_by_squares_dtypes = alternating_sum_dtypes = FLOATS
mean_of_centred_dtypes = log_of_one_plus_dtypes = softmax_less_itself_dtypes = sine_of_pi_dtypes = FLOATS
inverse_residual_dtypes = quiet_bins_dtypes = ("float32", "float64")

PROGRAMS = (
    *("two_ways", "large_and_small", "variance_by_squares", "inverse_residual", "quiet_bins", "sine_of_pi"),
    *("alternating_sum", "mean_of_centred", "log_of_one_plus", "softmax_less_itself"),
)
