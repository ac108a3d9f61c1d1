# mypy: ignore-errors
"""Sums of many numbers, which stand still in short dtypes, and quotients that a graph writes as products."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _uniform(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).uniform(size=shape), tf.bfloat16), dtype)


def running_sum(*, size: int = 1000, dtype: str = "float32"):
    return tf.cumsum, (_uniform(size, dtype=dtype),)


def long_mean(*, size: int = 3000, dtype: str = "float32"):
    return lambda x: (tf.reduce_mean(x, 0), tf.reduce_sum(x, 0)), (_uniform(size, 3, dtype=dtype),)


def spread_out(*, size: int = 2000, dtype: str = "float32"):
    return lambda x: (tf.math.reduce_std(x), tf.norm(x)), (_uniform(size, dtype=dtype),)


def scattered(*, size: int = 600, dtype: str = "float32"):
    places = (tf.range(size) % 3)[:, None]
    return lambda x: tf.scatter_nd(places, x, [3]), (_uniform(size, dtype=dtype),)


def by_segment(*, size: int = 600, dtype: str = "float32"):
    return lambda x: tf.math.unsorted_segment_mean(x, tf.range(size) % 3, 3), (_uniform(size, dtype=dtype),)


def long_products(*, size: int = 1500, dtype: str = "float32"):
    return lambda x: tf.matmul(x, x, transpose_b=True), (_uniform(4, size, dtype=dtype),)


def weeks(*, size: int = 100, dtype: str = "float32"):
    """Divide multiples of seven: eager is exact, a graph multiplies by one seventh."""
    return lambda days: tf.cast(days / 7, tf.int32), (tf.cast(7 * tf.range(size) % 256, dtype),)


def there_and_back(*, size: int = 5, dtype: str = "float32"):
    return lambda x: x / 49 * 29 - x, (tf.cast(49 * tf.range(size), dtype),)


running_sum_dtypes = long_mean_dtypes = spread_out_dtypes = scattered_dtypes = by_segment_dtypes = FLOATS
long_products_dtypes = weeks_dtypes = there_and_back_dtypes = FLOATS

PROGRAMS = (
    *("running_sum", "long_mean", "spread_out", "scattered", "by_segment", "long_products", "weeks"),
    "there_and_back",
)
