# mypy: ignore-errors
"""NaN, infinity, zeros and what lies beyond a dtype's range."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _special(dtype):
    return tf.constant([0.0, -0.0, 1.0, -2.0, np.inf, -np.inf, np.nan, 0.5], dtype)


def arithmetic(*, copies: int = 1, dtype: str = "float32"):
    return lambda x: (x + 1, x * 0, 1 / x, x - x), (tf.tile(_special(dtype), [copies]),)


def functions(*, copies: int = 1, dtype: str = "float32"):
    return lambda x: (tf.exp(x), tf.math.log(x), tf.sqrt(x), tf.tanh(x)), (tf.tile(_special(dtype), [copies]),)


def greatest(*, copies: int = 1, dtype: str = "float32"):
    return lambda x: (tf.nn.relu(x), tf.maximum(x, 0.25), tf.clip_by_value(x, -1, 1)), (
        tf.tile(_special(dtype), [copies]),
    )


def kinds_of_values(*, copies: int = 1, dtype: str = "float32"):
    return lambda x: (tf.math.is_nan(x), tf.math.is_inf(x), x > 0, x == x), (tf.tile(_special(dtype), [copies]),)


def safe_division(*, size: int = 5, dtype: str = "float32"):
    return lambda x, y: tf.math.divide_no_nan(x, y), (tf.ones(size, dtype), tf.range(size, dtype=dtype))


def nan_gradient(*, size: int = 4, dtype: str = "float32"):
    """Take a gradient through `where`: eager has NaN at 0, as TensorFlow's guide warns, and XLA has simplified it."""

    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.where(x > 0, tf.sqrt(x), tf.zeros_like(x))
        return tape.gradient(y, x)

    return slope, (tf.range(size, dtype=dtype),)


def overflow(*, size: int = 6, dtype: str = "float32"):
    largest = np.float64(tf.as_dtype(dtype).max)
    return lambda x: (x * 4, x / 4 + x / 4), (tf.fill(size, tf.constant(largest, dtype)) * tf.cast(0.5, dtype),)


def overflow_in_float16(x):
    return tf.exp(tf.cast(x, tf.float16))


def overflow_in_float16_inputs():
    return (tf.constant([1.0, 10.0, 12.0, 20.0]),)


def log_of_zero_weights(p):
    return -tf.reduce_sum(p * tf.math.log(p), -1), tf.reduce_sum(tf.math.xlogy(p, p), -1)


def log_of_zero_weights_inputs():
    return (tf.constant([[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]]),)


def empty(x):
    return tf.reduce_sum(x), tf.reduce_mean(x), tf.reduce_max(x)


def empty_inputs():
    return (tf.zeros((0,)),)


def infinite_mask(*, size: int = 6, dtype: str = "float32"):
    mask = tf.where(tf.range(size) % 2 == 0, tf.cast(0, dtype), tf.cast(-np.inf, dtype))
    return lambda x: tf.nn.softmax(x + mask), (tf.range(size, dtype=dtype) / 4,)


arithmetic_dtypes = functions_dtypes = greatest_dtypes = kinds_of_values_dtypes = safe_division_dtypes = FLOATS
nan_gradient_dtypes = infinite_mask_dtypes = FLOATS
nan_gradient_differs = ("xla",)
overflow_dtypes = ("float32", "float64")

PROGRAMS = (
    *("arithmetic", "functions", "greatest", "kinds_of_values", "safe_division", "nan_gradient", "overflow"),
    *("overflow_in_float16", "log_of_zero_weights", "empty", "infinite_mask"),
)
