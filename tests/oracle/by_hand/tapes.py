# mypy: ignore-errors
"""Gradients: tapes in loops, tapes in tapes, Jacobians, and gradients of one's own."""

import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def descent(*, steps: int = 5, dtype: str = "float32"):
    def minimise(x):
        for _ in tf.range(steps):
            with tf.GradientTape() as tape:
                tape.watch(x)
                loss = tf.reduce_sum(tf.square(x - 1) * (1 + tf.square(x) / 8))
            x = x - tape.gradient(loss, x) / 16
        return x

    return minimise, (_normal(7, dtype=dtype),)


def second_derivative(*, size: int = 9, dtype: str = "float32"):
    def curvature(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.sin(x) * x
            slope = inner.gradient(y, x)
        return slope, outer.gradient(slope, x)

    return curvature, (_normal(size, dtype=dtype),)


def jacobian(*, size: int = 5, dtype: str = "float32"):
    def of_softmax(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.softmax(x)
        return tape.jacobian(y, x)

    return of_softmax, (_normal(size, dtype=dtype),)


def persistent_tape(*, size: int = 6, dtype: str = "float32"):
    def both(x):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y, z = tf.exp(x / 4), tf.square(x)
        return tape.gradient(y, x), tape.gradient(z, x)

    return both, (_normal(size, dtype=dtype),)


def forward_mode(*, size: int = 6, dtype: str = "float32"):
    def directional(x, direction):
        with tf.autodiff.ForwardAccumulator(x, direction) as accumulator:
            y = tf.tanh(x) * x
        return accumulator.jvp(y)

    return directional, (_normal(size, dtype=dtype), _normal(size, dtype=dtype, seed=2))


@tf.custom_gradient
def _clipped(x):
    return x * 2, lambda upstream: tf.clip_by_value(upstream, -0.5, 0.5)


def own_gradient(*, size: int = 8, dtype: str = "float32"):
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(_clipped(x) * x)
        return tape.gradient(y, x)

    return slope, (_normal(size, dtype=dtype),)


def stopped_gradient(*, size: int = 8, dtype: str = "float32"):
    def straight_through(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x + tf.stop_gradient(tf.sign(x) - x)
        return y, tape.gradient(y, x)

    return straight_through, (_normal(size, dtype=dtype),)


def gradient_of_gather(*, rows: int = 8, dtype: str = "float32"):
    def sparse_slope(table, ids):
        with tf.GradientTape() as tape:
            tape.watch(table)
            y = tf.reduce_sum(tf.square(tf.gather(table, ids)))
        return tf.convert_to_tensor(tape.gradient(y, table))

    return sparse_slope, (_normal(rows, 3, dtype=dtype), tf.constant([1, 4, 1]))


def unconnected(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.constant(3.0)
    return y, tape.gradient(y, x)


def unconnected_inputs():
    return (tf.ones(3),)


descent_dtypes = second_derivative_dtypes = jacobian_dtypes = persistent_tape_dtypes = forward_mode_dtypes = FLOATS
own_gradient_dtypes = stopped_gradient_dtypes = gradient_of_gather_dtypes = FLOATS

PROGRAMS = (
    *("descent", "second_derivative", "jacobian", "persistent_tape", "forward_mode", "own_gradient"),
    *("stopped_gradient", "gradient_of_gather", "unconnected"),
)
