"""Code whose own settings differ from every mode's: what it is as written shows."""

from __future__ import annotations

import keras
import tensorflow as tf


def chain(x):
    """Enough for a cluster of XLA's."""
    for _ in range(10):
        x = tf.sin(x) * 1.01 + 0.1
    return x


def chain_inputs(*, size: int = 1000):
    return (tf.random.normal((size,)),)


compiled_chain = tf.function(chain, jit_compile=True)
compiled_chain_inputs = chain_inputs

growing_chain = tf.function(chain)


def growing_chain_inputs():
    for size in (3, 4, 5):
        yield (tf.random.normal((size, 8)),)


@tf.function(input_signature=[tf.TensorSpec((None, 8))])
def open_chain(x):
    return chain(x)


open_chain_inputs = growing_chain_inputs


def one_op(x):
    return tf.abs(x)


one_op_inputs = chain_inputs


def guarded(x):
    """Fails wherever autoclustering is not in force."""

    def check(x):
        if not tf.config.optimizer.get_jit():
            raise ValueError("autoclustering is off")
        return x

    return 1.0 + tf.py_function(check, [x], tf.float32)


guarded_inputs = growing_chain_inputs

compiled = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3)])
compiled.compile(optimizer="sgd", loss="mse", metrics=["mae"])

classifier = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
classifier.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", jit_compile=True)

bare = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])


def wants_more(*_):
    raise ValueError("these are no targets of mine")


choosy = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
choosy.compile(optimizer="sgd", loss=wants_more)
