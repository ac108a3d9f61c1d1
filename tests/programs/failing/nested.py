"""Code of the user's that something else calls: a dataset, a loss, a layer within layers."""

from __future__ import annotations

import functools

import keras
import numpy as np
import tensorflow as tf

from .program import Made, X, program


@program
def generator() -> Made:
    def rows():
        yield 1.0
        raise ValueError("row 2 is broken")

    data = iter(tf.data.Dataset.from_generator(rows, output_signature=tf.TensorSpec((), tf.float32)))

    def step():
        next(data)
        return next(data)

    return step, ()


@program
def unequal_rows() -> Made:
    rows = tf.data.Dataset.from_generator(
        lambda: [np.ones(2), np.ones(3)], output_signature=tf.TensorSpec((None,), tf.float64)
    )
    data = iter(rows.batch(2))

    def step():
        return next(data)

    return step, ()


@program
def loss() -> Made:
    def wrong(y, p):
        raise ValueError("the loss is undefined")

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", wrong)

    def step(x):
        return model.train_on_batch(x, tf.ones((2, 1)))

    return step, (tf.constant(X),)


@program
def metric() -> Made:
    class Wrong(keras.metrics.Metric):
        def update_state(self, y, p, sample_weight=None):
            raise ValueError("the metric is undefined")

        def result(self):
            return 0.0

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[Wrong()])

    def step(x):
        return model.train_on_batch(x, tf.ones((2, 1)))

    return step, (tf.constant(X),)


@program
def layers_in_layers() -> Made:
    class Shell(keras.layers.Layer):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def call(self, x):
            if self.inner is None:
                raise ValueError("nothing is left")
            return self.inner(x)

    layer = Shell(None)
    for _ in range(5):
        layer = Shell(layer)
    return layer, (tf.constant(X),)


@program
def python_in_layer() -> Made:
    def read(x):
        raise OSError("disk: full")

    class Reader(keras.layers.Layer):
        def call(self, x):
            return tf.ensure_shape(tf.py_function(read, [x], tf.float32), (2, 4))

    return Reader(), (tf.constant(X),)


@program
def weight_in_call() -> Made:
    class Late(keras.layers.Layer):
        def call(self, x):
            return x @ self.add_weight(shape=(4, 4))

    return Late(), (tf.constant(X),)


@program
def vectorised() -> Made:
    def row(values):
        raise ValueError("this row is empty")

    def step(x):
        return tf.vectorized_map(row, x)

    return step, (tf.constant(X),)


@program
def decorated() -> Made:
    def logged(function):
        @functools.wraps(function)
        def wrapper(*arguments):
            return function(*arguments)

        return wrapper

    @logged
    def step(x):
        raise ValueError("within a decorator")

    return step, (tf.constant(X),)


@program
def unpacked() -> Made:
    def step(x):
        first, second, third = x
        return first + second + third

    return step, (tf.constant(X),)


@program
def not_a_tensor() -> Made:
    def step(x):
        return tf.add(x, object())

    return step, (tf.constant(X),)


@program
def quoted_wrapping() -> Made:
    def step(x):
        raise ValueError("in user code:\n\n    this is mine")

    return step, (tf.constant(X),)
