"""A file that switches autoclustering on for the whole process while it is imported."""

from __future__ import annotations

import tensorflow as tf

tf.config.optimizer.set_jit(True)


@tf.function
def chain(x):
    for _ in range(10):
        x = tf.sin(x) * 1.01 + 0.1
    return x


def chain_inputs(*, size: int = 1000):
    return (tf.random.normal((size,)),)
