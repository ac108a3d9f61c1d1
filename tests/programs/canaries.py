"""Benchmarks that deceive themselves, each beside its honest twin: a graph computes less of it than eager does."""

import numpy as np
import tensorflow as tf

TIMES = 10


def unused_output(*, n: int = 64):
    """Ten products that nothing uses."""

    def step(x):
        for _ in range(TIMES):
            tf.matmul(x, x)
        return x + 1.0

    return step, (tf.random.normal((n, n)),)


def used_output(*, n: int = 64):
    """Ten products, each returned."""

    def step(x, *ys):
        return [tf.matmul(x, y) for y in ys]

    return step, tuple(tf.random.normal((n, n)) for _ in range(1 + TIMES))


def constant_input(*, n: int = 64):
    """A product of what the function closes over."""
    a = np.random.default_rng(0).standard_normal((n, n), dtype=np.float32)

    def step(_):
        return tf.matmul(a, a)

    return step, (tf.random.normal((n, n)),)


def constant_share(*, n: int = 64):
    """The same, with a little to do in each call."""
    a = np.random.default_rng(0).standard_normal((n, n), dtype=np.float32)

    def step(x):
        return tf.matmul(tf.matmul(a, a), a) + x

    return step, (tf.random.normal((n, n)),)


def variable_input(*, n: int = 64):
    """A product of variables: another call may find other values."""
    a = tf.Variable(tf.random.normal((n, n)))

    def step(_):
        return tf.matmul(a, a)

    return step, (tf.random.normal((n, n)),)


def tensor_closed_over(*, n: int = 64):
    """A product of a tensor that the function closes over: its graph has that as an input."""
    a = tf.random.normal((n, n))

    def step(x):
        return tf.matmul(a, x)

    return step, (tf.random.normal((n, n)),)


def duplicated(*, n: int = 64):
    """The same product ten times."""

    def step(x):
        return tf.add_n([tf.matmul(x, x) for _ in range(TIMES)])

    return step, (tf.random.normal((n, n)),)


def chained(*, n: int = 64):
    """Ten products, each of the one before."""

    def step(x, w):
        for _ in range(TIMES):
            x = tf.matmul(x, w)
        return x

    return step, (tf.random.normal((n, n)), tf.random.normal((n, n), stddev=n**-0.5))


def transposed_twice(*, n: int = 64):
    """There and back."""

    def step(x):
        return tf.transpose(tf.transpose(x)) + 1.0

    return step, (tf.random.normal((n, n)),)


def transposed_differently(*, n: int = 64):
    """Twice, to a third order of the axes."""

    def step(x):
        return tf.transpose(tf.transpose(x, (1, 2, 0)), (1, 2, 0)) + 1.0

    return step, (tf.random.normal((4, n, n)),)
