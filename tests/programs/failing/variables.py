"""Variables made in calls, and data that runs out."""

from __future__ import annotations

import keras
import tensorflow as tf

from .program import Made, X, program


def _refuse(x):
    raise ValueError("no such file: rows.csv")


@program
def variable_in_call() -> Made:
    def step(x):
        w = tf.Variable(tf.ones((4, 2)))
        return x @ w

    return step, (tf.constant(X),)


@program
def variable_in_layer_call() -> Made:
    class Lookup(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = keras.layers.Dense(4)

        def call(self, ids):
            table = tf.Variable(tf.ones((50, 8)))
            return self.head(tf.gather(table, ids))

    return Lookup(), (tf.constant([3, 4, 5, 6]),)


@program
def assigned_shape() -> Made:
    v = tf.Variable(tf.zeros((3,)))

    def step(x):
        v.assign(x[0])
        return v * 1.0

    return step, (tf.constant(X),)


@program
def optimizer_in_call() -> Made:
    w = tf.Variable(tf.ones((4, 2)))

    def step(x):
        sgd = keras.optimizers.Adam()
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x @ w)
        sgd.apply_gradients([(tape.gradient(loss, w), w)])
        return loss

    return step, (tf.constant(X),)


@program
def data_ran_out() -> Made:
    rows = iter(tf.data.Dataset.range(2))

    def step():
        return [next(rows) for _ in range(3)]

    return step, ()


@program
def data_ran_out_by_get_next() -> Made:
    rows = iter(tf.data.Dataset.range(0))

    def step():
        return rows.get_next()

    return step, ()


@program
def python_iterator_ran_out() -> Made:
    rows = iter([])

    def step(x):
        return x + next(rows)

    return step, (tf.constant(X),)


@program
def iterator_argument_ran_out() -> Made:
    def step(rows):
        return next(rows) + 1

    return step, (iter(tf.data.Dataset.range(0)),)


@program
def mapped_badly() -> Made:
    def step():
        rows = tf.data.Dataset.range(3).map(_refuse)
        return rows.reduce(tf.constant(0, tf.int64), lambda a, b: a + b)

    return step, ()


@program
def mapped_badly_late() -> Made:
    rows = iter(tf.data.Dataset.range(3).map(lambda n: tf.gather(tf.range(2), n + 1)))

    def step():
        next(rows)
        return next(rows)

    return step, ()


@program
def absent_data_file() -> Made:
    def step():
        return tf.io.read_file("rows.csv")

    return step, ()
