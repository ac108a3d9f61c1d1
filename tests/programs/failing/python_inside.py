"""Python inside of graphs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from .program import Made, X, program


def _refuse(x):
    raise ValueError("no such file: rows.csv")


@program
def py_function() -> Made:
    def step(x):
        return tf.py_function(_refuse, [x], tf.float32)

    return step, (tf.constant(X),)


@program
def numpy_function() -> Made:
    def step(x):
        return tf.numpy_function(_refuse, [x], tf.float32)

    return step, (tf.constant(X),)


@program
def numpy_of_symbol() -> Made:
    def step(x):
        return x * x.numpy().max()

    return step, (tf.constant(X),)


@program
def array_of_symbol() -> Made:
    def step(x):
        return tf.constant(np.sin(x))

    return step, (tf.constant(X),)


@program
def symbol_as_bool() -> Made:
    @tf.autograph.experimental.do_not_convert
    def step(x):
        return x if tf.reduce_sum(x) > 0 else -x

    return step, (tf.constant(X),)


@program
def symbol_iterated() -> Made:
    @tf.autograph.experimental.do_not_convert
    def step(x):
        return [row * 2.0 for row in x[tf.newaxis][0]] + [float(x[0, 0])]

    return step, (tf.constant(X),)


@program
def float_of_symbol() -> Made:
    def step(x):
        return float(tf.reduce_sum(x))

    return step, (tf.constant(X),)


@dataclass
class Batch:
    rows: tf.Tensor
    weight: float


@program
def object_argument() -> Made:
    def step(batch):
        return batch.rows * batch.weight

    return step, (Batch(tf.constant(X), 2.0),)
