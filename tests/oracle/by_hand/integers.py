# mypy: ignore-errors
"""Integers of every dtype, which wrap around where they are too large, and booleans."""

import numpy as np
import tensorflow as tf


def _wrapping(dtype):
    """Return the function, its inputs and its truth: the square wraps, the shift saves the sign."""
    limit = np.iinfo(dtype).max
    x = np.array([0, 1, 3, limit // 2, limit, limit - 1], dtype)

    def function(x):
        return x * x + 1, x - 2 * x

    def truth(x):
        with np.errstate(over="ignore"):
            return [x * x + np.array(1, dtype), x - x * np.array(2, dtype)]

    return function, lambda: (tf.constant(x),), truth


of_int8, of_int8_inputs, of_int8_truth = _wrapping(np.int8)
of_int16, of_int16_inputs, of_int16_truth = _wrapping(np.int16)
of_int32, of_int32_inputs, of_int32_truth = _wrapping(np.int32)
of_int64, of_int64_inputs, of_int64_truth = _wrapping(np.int64)
of_uint8, of_uint8_inputs, of_uint8_truth = _wrapping(np.uint8)
of_uint16, of_uint16_inputs, of_uint16_truth = _wrapping(np.uint16)
of_uint32, of_uint32_inputs, of_uint32_truth = _wrapping(np.uint32)
of_uint64, of_uint64_inputs, of_uint64_truth = _wrapping(np.uint64)


def divided(x, y):
    return x // y, x % y, tf.math.truediv(x, y)


def divided_inputs():
    return tf.constant([7, -7, 7, -7, 0]), tf.constant([2, 2, -2, -2, 5])


def divided_truth(x, y):
    return [x // y, x % y, x / y]


def bits(x, y):
    return (
        tf.bitwise.bitwise_xor(x, y),
        tf.bitwise.bitwise_and(x, y),
        tf.bitwise.left_shift(x, y),
        tf.bitwise.invert(x),
    )


def bits_inputs():
    return tf.constant([5, 12, 255], tf.uint8), tf.constant([1, 3, 2], tf.uint8)


def bits_truth(x, y):
    return [x ^ y, x & y, x << y, ~x]


def sums(x):
    return tf.reduce_sum(x), tf.reduce_prod(x), tf.reduce_max(x)


def sums_inputs():
    return (tf.constant([100, 27, 3, -5], tf.int8),)


def sums_truth(x):
    with np.errstate(over="ignore"):
        return [np.sum(x, dtype=x.dtype), np.prod(x, dtype=x.dtype), np.max(x)]


def magnitude(x):
    """Square and take the magnitude, of values whose squares wrap: XLA leaves `abs` out (TensorFlow 2.21)."""
    return tf.abs(x * x)


magnitude_differs = ("xla",)


def magnitude_inputs():
    return (tf.constant(np.arange(-120, 120) * 100, tf.int16),)


def magnitude_truth(x):
    with np.errstate(over="ignore"):
        return [np.abs(x * x)]


def narrowed(x):
    return tf.cast(x, tf.int8), tf.cast(x, tf.uint16)


def narrowed_inputs():
    return (tf.constant([1, 300, -300, 70000]),)


def narrowed_truth(x):
    return [x.astype(np.int8), x.astype(np.uint16)]


def matrix_product(x):
    return tf.matmul(x, x)


def matrix_product_inputs():
    return (tf.constant([[100000, 3], [-7, 46341]]),)


def matrix_product_truth(x):
    with np.errstate(over="ignore"):
        return [x @ x]


def large_64(x):
    """Compute where float64 could no longer tell neighbours apart."""
    return x + 1, x // 3


def large_64_inputs():
    return (tf.constant([2**53, 2**62, -(2**53) - 1], tf.int64),)


def large_64_truth(x):
    return [x + 1, x // 3]


def logic(x, y):
    return tf.math.logical_xor(x, y), tf.reduce_any(x & y), tf.reduce_all(x | y), ~x


def logic_inputs():
    return tf.constant([True, False, True]), tf.constant([True, True, False])


def logic_truth(x, y):
    return [x ^ y, np.any(x & y), np.all(x | y), ~x]


def order(x):
    return tf.argsort(x, stable=True), tf.argmax(x), tf.unique(x).y, tf.searchsorted(tf.sort(x), [3, 8])


def order_inputs():
    return (tf.constant([5, 3, 9, 3, 9, 1]),)


def order_truth(x):
    return [
        np.argsort(x, kind="stable").astype(np.int32),
        np.int64(2),
        np.array([5, 3, 9, 1], np.int32),
        np.array([1, 4], np.int32),
    ]


kept = tf.Variable([100, -100], dtype=tf.int8)


def keeps_wrapping(x):
    return kept.assign_add(x)


def keeps_wrapping_inputs():
    return (tf.constant([20, -20], tf.int8),)


def keeps_wrapping_truth(_x):
    return [np.array([120, -120], np.int8)]


PROGRAMS = (
    *("of_int8", "of_int16", "of_int32", "of_int64", "of_uint8", "of_uint16", "of_uint32", "of_uint64"),
    *("divided", "bits", "sums", "magnitude", "narrowed", "matrix_product", "large_64", "logic", "order"),
    "keeps_wrapping",
)
