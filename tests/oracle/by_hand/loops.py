# mypy: ignore-errors
"""Loops and scans: `tf.while_loop`, Python's own by AutoGraph, `tf.scan`, `tf.map_fn`, `tf.foldl`."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def square_root(*, steps: int = 6, dtype: str = "float32"):
    def newton(x):
        def step(count, guess):
            return count + 1, (guess + x / guess) / 2

        return tf.while_loop(lambda count, _: count < steps, step, (0, tf.ones_like(x)))[1]

    return newton, (1 + tf.square(_normal(9, dtype=dtype)),)


def scanned(*, steps: int = 10, dtype: str = "float32"):
    return lambda x: tf.scan(lambda state, row: tf.tanh(state) / 2 + row, x), (_normal(steps, 4, dtype=dtype),)


def scanned_backwards(*, steps: int = 6, dtype: str = "float32"):
    def returns(rewards):
        return tf.scan(lambda later, now: now + 0.875 * later, rewards, reverse=True)

    return returns, (_normal(steps, dtype=dtype),)


def mapped(*, rows: int = 5, dtype: str = "float32"):
    return lambda x: tf.map_fn(lambda row: tf.reduce_max(row) - row, x), (_normal(rows, 6, dtype=dtype),)


def mapped_to_two(*, rows: int = 5, dtype: str = "float32"):
    def both(x):
        kinds = (tf.TensorSpec((), x.dtype), tf.TensorSpec((), tf.int64))
        return tf.map_fn(lambda row: (tf.reduce_sum(row), tf.argmax(row)), x, fn_output_signature=kinds)

    return both, (_normal(rows, 6, dtype=dtype),)


def folded(*, steps: int = 8, dtype: str = "float32"):
    return lambda x: tf.foldl(lambda sum_, row: sum_ * 0.5 + row, x), (_normal(steps, 4, dtype=dtype),)


def vectorised(*, rows: int = 6, dtype: str = "float32"):
    return lambda x, y: tf.vectorized_map(lambda pair: tf.tensordot(*pair, 1), (x, y)), (
        _normal(rows, 5, dtype=dtype),
        _normal(rows, 5, dtype=dtype, seed=2),
    )


def python_loop(*, steps: int = 4, dtype: str = "float32"):
    def power(x):
        for _ in range(steps):
            x = x @ x / 4
        return x

    return power, (_normal(5, 5, dtype=dtype),)


def with_break(x):
    total = tf.zeros((), tf.int32)
    for value in x:
        if value < 0:
            continue
        if total > 10:
            break
        total += value
    return total


def with_break_inputs():
    return (tf.constant([4, -1, 5, 3, 7, 100]),)


def with_break_truth(_x):
    return [np.int32(12)]


def collatz(n):
    steps = tf.constant(0)
    while n != 1:
        n = tf.where(n % 2 == 0, n // 2, 3 * n + 1)
        steps += 1
    return steps


def collatz_inputs():
    return (tf.constant(27),)


def collatz_truth(_n):
    return [np.int32(111)]


def nested(x):
    total = tf.zeros_like(x[0])
    for i in tf.range(3):
        for j in tf.range(i, 3):
            total += x[i] * x[j]
    return total


def nested_inputs():
    return (tf.constant([[1.5, -2.0], [3.0, 0.25], [-1.0, 4.0]]),)


def differentiated_loop(*, steps: int = 4, dtype: str = "float32"):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.while_loop(
                lambda count, _: count < steps,
                lambda count, y: (count + 1, tf.sin(y) + x),
                (0, x),
                maximum_iterations=8,
            )[1]
        return tape.gradient(y, x)

    return slope, (_normal(7, dtype=dtype),)


total = tf.Variable(tf.zeros(3, tf.int64))


def updates_in_a_loop(x):
    for step in tf.range(4):
        total.assign_add(x * tf.cast(step, tf.int64))
    return total.read_value()


def updates_in_a_loop_inputs():
    return (tf.constant([1, 10, -3], tf.int64),)


def updates_in_a_loop_truth(x):
    return [6 * x]


square_root_dtypes = scanned_dtypes = scanned_backwards_dtypes = mapped_dtypes = mapped_to_two_dtypes = FLOATS
folded_dtypes = vectorised_dtypes = python_loop_dtypes = differentiated_loop_dtypes = FLOATS

PROGRAMS = (
    *("square_root", "scanned", "scanned_backwards", "mapped", "mapped_to_two", "folded", "vectorised"),
    *("python_loop", "with_break", "collatz", "nested", "differentiated_loop", "updates_in_a_loop"),
)
