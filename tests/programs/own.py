"""Code as people have it, that knows nothing of being measured: TensorFlow's guide on `tf.function` among it."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import keras
import tensorflow as tf


@tf.function
def add(a, b):
    return a + b


def add_inputs(*, m: int = 2, n: int = 3):
    return tf.ones((m, n)), tf.ones((m, n))


def dense_layer(x, w, b):
    return add(tf.matmul(x, w), b)


def dense_layer_inputs():
    return tf.ones([3, 2]), tf.ones([2, 2]), tf.ones([2])


@tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32), tf.TensorSpec((None,), tf.int64, name="ids")])
def signed(x, ids):
    return tf.gather(x, ids % tf.shape(x, out_type=tf.int64)[0])


def annotated(x: tf.TensorSpec((None, 8), tf.float64), w: tf.TensorSpec((8, None), tf.float64), scale: float = 0.5):
    """A product, scaled."""
    return scale * (x @ w)


@tf.function
def collatz(x):
    n = tf.constant(0)
    while x != 1:
        n += 1
        x = x // 2 if x % 2 == 0 else 3 * x + 1
    return n


def collatz_inputs():
    for number in (6, 7, 9):
        yield (tf.constant(number),)


class Counter(tf.Module):
    """A variable made in the first call, as the guide has it."""

    def __init__(self):
        super().__init__()
        self.count = None

    @tf.function
    def __call__(self, x):
        if self.count is None:
            self.count = tf.Variable(tf.random.normal(()))
        return self.count.assign_add(x)


counter = Counter()


def counter_inputs():
    return (tf.constant(1.0),)


layer = keras.layers.Dense(3, activation="relu")


def layer_inputs(*, batch: int = 4, dtype: str = "float32"):
    return (tf.ones((batch, 5), dtype),)


def unknown(x, y):
    return x + y


def no_arguments():
    return tf.random.normal((4, 4)) @ tf.ones((4, 4))


def never_returns(x):  # noqa: ARG001
    while True:
        time.sleep(0.05)


def eats_memory(x):  # noqa: ARG001
    """As in a container that has little: it may not take what the tests' machine has."""
    unlimited = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + (1 << 30), unlimited[1]))
    kept = []
    try:
        while True:
            kept.append(bytearray(1 << 26))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, unlimited)


def raises(x):
    helper(x)


def helper(x):  # noqa: ARG001
    raise RuntimeError("a line of the user's own")


def inputs():
    return (tf.ones((2, 2)),)


number = 3
