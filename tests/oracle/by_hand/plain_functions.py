# mypy: ignore-errors
"""Plain functions of tensors, each made in every float dtype from values that bfloat16 holds exactly."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def affine(*, rows: int = 16, columns: int = 32, dtype: str = "float32"):
    weights, bias = _normal(columns, 8, dtype=dtype, seed=2), _normal(8, dtype=dtype, seed=3)
    return lambda x: tf.nn.relu(tf.matmul(x, weights) + bias), (_normal(rows, columns, dtype=dtype),)


def scaled_softmax(*, rows: int = 16, columns: int = 64, dtype: str = "float32"):
    return lambda x: tf.nn.softmax(x * 0.125), (_normal(rows, columns, dtype=dtype),)


def gelu(*, size: int = 256, dtype: str = "float32"):
    return lambda x: tf.nn.gelu(x, approximate=True), (_normal(size, dtype=dtype),)


def exact_gelu(*, size: int = 256, dtype: str = "float32"):
    return lambda x: tf.nn.gelu(x), (_normal(size, dtype=dtype),)


def layer_norm(*, rows: int = 16, columns: int = 64, dtype: str = "float32"):
    def normalised(x):
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        return (x - mean) * tf.math.rsqrt(variance + 1e-3)

    return normalised, (_normal(rows, columns, dtype=dtype),)


def attention(*, tokens: int = 12, width: int = 16, dtype: str = "float32"):
    def attend(query, key, value):
        scores = tf.einsum("qd,kd->qk", query, key) / width**0.5
        return tf.einsum("qk,kd->qd", tf.nn.softmax(scores), value)

    return attend, tuple(_normal(tokens, width, dtype=dtype, seed=seed) for seed in (1, 2, 3))


def convolution(*, size: int = 12, dtype: str = "float32"):
    kernel = _normal(3, 3, 2, 4, dtype=dtype, seed=2)
    return lambda image: tf.nn.conv2d(image, kernel, 1, "SAME"), (_normal(1, size, size, 2, dtype=dtype),)


def pooling(*, size: int = 12, dtype: str = "float32"):
    def pool(image):
        return tf.nn.max_pool2d(image, 2, 2, "VALID"), tf.nn.avg_pool2d(image, 2, 2, "VALID")

    return pool, (_normal(1, size, size, 2, dtype=dtype),)


def polynomial(*, size: int = 100, dtype: str = "float32"):
    return lambda x: ((2 * x - 3) * x + 0.5) * x - 1, (_normal(size, dtype=dtype),)


def log_sum_exp(*, rows: int = 8, columns: int = 50, dtype: str = "float32"):
    return lambda x: tf.reduce_logsumexp(4 * x, axis=-1), (_normal(rows, columns, dtype=dtype),)


def distances(*, points: int = 10, dtype: str = "float32"):
    def pairwise(x):
        return tf.norm(x[:, None] - x[None] + 0.25, axis=-1)

    return pairwise, (_normal(points, 3, dtype=dtype),)


def sorted_values(*, size: int = 65, dtype: str = "float32"):
    def ordered(x):
        return tf.sort(x), tf.argsort(x, stable=True), tf.math.top_k(x, 5).values

    return ordered, (_normal(size, dtype=dtype),)


def statistics(*, rows: int = 33, columns: int = 7, dtype: str = "float32"):
    def summary(x):
        return {
            "mean": tf.reduce_mean(x, 0),
            "std": tf.math.reduce_std(x, 0),
            "range": tf.reduce_max(x) - tf.reduce_min(x),
        }

    return summary, (_normal(rows, columns, dtype=dtype),)


def gather_and_scatter(*, rows: int = 12, dtype: str = "float32"):
    places = tf.constant([[1], [5], [1], [0]])

    def moved(x):
        return tf.scatter_nd(places, tf.gather_nd(x, places), x.shape), tf.math.unsorted_segment_sum(
            x, tf.range(rows) // 3, 4
        )

    return moved, (_normal(rows, 4, dtype=dtype),)


def branches(*, size: int = 9, dtype: str = "float32"):
    def chosen(x, flag):
        if flag:
            return tf.sin(x)
        return tf.cos(x)

    return chosen, (_normal(size, dtype=dtype), tf.constant(False))


def running_sums(*, size: int = 60, dtype: str = "float32"):
    return lambda x: (tf.cumsum(x), tf.math.cumprod(1 + x / 64)), (_normal(size, dtype=dtype),)


affine_dtypes = scaled_softmax_dtypes = gelu_dtypes = layer_norm_dtypes = attention_dtypes = FLOATS
polynomial_dtypes = log_sum_exp_dtypes = distances_dtypes = statistics_dtypes = branches_dtypes = FLOATS
sorted_values_dtypes = gather_and_scatter_dtypes = running_sums_dtypes = FLOATS
exact_gelu_dtypes = pooling_dtypes = convolution_dtypes = ("bfloat16", "float16", "float32", "float64")

PROGRAMS = (
    *("affine", "scaled_softmax", "gelu", "exact_gelu", "layer_norm", "attention", "convolution", "pooling"),
    *("polynomial", "log_sum_exp", "distances", "sorted_values", "statistics", "gather_and_scatter", "branches"),
    "running_sums",
)
