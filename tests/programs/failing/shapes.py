"""Shapes, dtypes and assertions that do not hold."""

from __future__ import annotations

import keras
import tensorflow as tf

from .program import Made, X, program


@program
def matmul_shapes() -> Made:
    def step(x):
        return tf.matmul(x, x)

    return step, (tf.constant(X),)


@program
def operator_shapes() -> Made:
    w = tf.ones((3, 2))

    def step(x):
        return x @ w

    return step, (tf.constant(X),)


@program
def added_dtypes() -> Made:
    def step(x):
        return x + tf.constant([1, 2, 3, 4])

    return step, (tf.constant(X),)


@program
def added_shapes() -> Made:
    def step(x):
        return x + tf.ones((3,))

    return step, (tf.constant(X),)


@program
def late_shapes() -> Made:
    def step(x):
        kept = tf.boolean_mask(x, tf.reduce_sum(x, axis=1) > 7.0)
        return tf.matmul(kept, tf.ones((3, 4)), transpose_a=True)

    return step, (tf.constant(X),)


@program
def late_reshape() -> Made:
    def step(x):
        return tf.reshape(tf.boolean_mask(x, x > 2.0), (2, 4))

    return step, (tf.constant(X),)


@program
def concatenated() -> Made:
    def step(x):
        return tf.concat([x, tf.ones((3, 3))], axis=1)

    return step, (tf.constant(X),)


@program
def convolution() -> Made:
    def step(x):
        return tf.nn.conv2d(x[None, ..., None], tf.ones((2, 2, 3, 1)), 1, "SAME")

    return step, (tf.constant(X),)


@program
def einsum() -> Made:
    def step(x):
        return tf.einsum("ij,jkl->ik", x, x)

    return step, (tf.constant(X),)


@program
def index_too_high() -> Made:
    def step(ids):
        return tf.gather(tf.ones((5, 2)), ids)

    return step, (tf.constant([1, 7]),)


@program
def embedding_index() -> Made:
    table = keras.layers.Embedding(5, 3)
    table.build(None)
    return table, (tf.constant([1, 7]),)


@program
def keras_ops_shapes() -> Made:
    def step(x):
        return keras.ops.matmul(x, x)

    return step, (tf.constant(X),)


@program
def assertion() -> Made:
    def step(x):
        tf.debugging.assert_less(x, 3.0, message="values below three are wanted")
        return x * 2.0

    return step, (tf.constant(X),)


@program
def assertion_without_words() -> Made:
    def step(x):
        tf.debugging.assert_equal(tf.reduce_sum(x), 1.0)
        return x * 2.0

    return step, (tf.constant(X),)


@program
def raw_assertion() -> Made:
    def step(x):
        tf.debugging.Assert(tf.reduce_all(x < 3.0), ["too large:", x])
        return x * 2.0

    return step, (tf.constant(X),)


@program
def shapes_assertion() -> Made:
    def step(x):
        tf.debugging.assert_shapes([(x, ("n", 5))], message="five features")
        return x

    return step, (tf.constant(X),)


@program
def check_numerics() -> Made:
    def step(x):
        return tf.debugging.check_numerics(tf.math.log(-x), "the loss")

    return step, (tf.constant(X),)
