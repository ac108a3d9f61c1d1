# mypy: ignore-errors
"""Programs that are called with several sets of arguments in turn."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def two_lengths(*, dtype: str = "float32"):
    return lambda x: tf.nn.softmax(x) * x, [(_normal(length, dtype=dtype),) for length in (5, 9)]


def two_values(x):
    return x // 3, tf.reduce_sum(x)


def two_values_inputs():
    return [(tf.constant([1, 20]),), (tf.constant([-7, 5]),)]


def two_values_truth(x):
    return [x // 3, np.sum(x, dtype=np.int32)]


def two_flags(x, flag):
    return x * 2 if flag else -x


def two_flags_inputs():
    yield tf.constant([1.0, 2.0]), True
    yield tf.constant([1.0, 2.0]), False


def changing_numbers(x, n):
    return x**n


def changing_numbers_inputs():
    return [(tf.constant([1.5, 2.0]), n) for n in (2, 3)]


longest = tf.Variable(0)


def longest_so_far(words):
    return longest.assign(tf.maximum(longest, tf.size(words)))


def longest_so_far_inputs():
    return [(tf.range(3),), (tf.range(7),), (tf.range(2),)]


def longest_so_far_truth(words):
    return [np.int32(len(words))]


PROGRAMS = ("two_lengths", "two_values", "two_flags", "changing_numbers", "longest_so_far")
two_lengths_dtypes = FLOATS
