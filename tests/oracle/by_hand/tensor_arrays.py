# mypy: ignore-errors
"""TensorArrays: written in loops, read, stacked, concatenated and differentiated."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def recurrence(*, steps: int = 8, dtype: str = "float32"):
    def unrolled(x):
        states, state = tf.TensorArray(x.dtype, steps), tf.zeros_like(x[0])
        for step in tf.range(steps):
            state = tf.tanh(state / 2 + x[step])
            states = states.write(step, state)
        return states.stack()

    return unrolled, (_normal(steps, 5, dtype=dtype),)


def growing(*, steps: int = 6, dtype: str = "float32"):
    """Let an array grow, which XLA drops without a word: it returns no rows (TensorFlow 2.21)."""

    def collected(x):
        rows = tf.TensorArray(x.dtype, 0, dynamic_size=True)
        for step in range(steps):
            rows = rows.write(step, x[step] * (step + 1))
        return rows.stack(), rows.size()

    return collected, (_normal(steps, 3, dtype=dtype),)


def unstacked(*, steps: int = 6, dtype: str = "float32"):
    def reversed_rows(x):
        rows = tf.TensorArray(x.dtype, steps).unstack(x)
        return tf.stack([rows.read(step) for step in reversed(range(steps))])

    return reversed_rows, (_normal(steps, 3, dtype=dtype),)


def concatenated(*, steps: int = 4, dtype: str = "float32"):
    def joined(x):
        rows = tf.TensorArray(x.dtype, steps, element_shape=(3,))
        for step in tf.range(steps):
            rows = rows.write(step, x[step] - 1)
        return rows.concat()

    return joined, (_normal(steps, 3, dtype=dtype),)


def differentiated(*, steps: int = 5, dtype: str = "float32"):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            rows = tf.TensorArray(x.dtype, steps, element_shape=(3,))
            for step in range(steps):
                rows = rows.write(step, tf.sin(x[step]) * x[0])
            y = tf.reduce_sum(rows.stack())
        return tape.gradient(y, x)

    return slope, (_normal(steps, 3, dtype=dtype),)


def of_integers(x):
    rows = tf.TensorArray(tf.int32, 4, clear_after_read=False)
    for step in range(4):
        rows = rows.write(step, x * (step + 1))
    return rows.read(2), rows.stack()


def of_integers_inputs():
    return (tf.constant([1, -2, 3]),)


def of_integers_truth(x):
    return [3 * x, np.stack([x * (step + 1) for step in range(4)])]


growing_differs = ("xla",)
recurrence_dtypes = growing_dtypes = unstacked_dtypes = concatenated_dtypes = differentiated_dtypes = FLOATS

PROGRAMS = ("recurrence", "growing", "unstacked", "concatenated", "differentiated", "of_integers")
