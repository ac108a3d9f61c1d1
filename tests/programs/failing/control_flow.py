"""Branches, loops, gradients and functions within functions."""

from __future__ import annotations

import tensorflow as tf

from .program import Made, X, program


@program
def in_cond() -> Made:
    def bad(x):
        raise ValueError("the bad branch")

    def step(x):
        return tf.cond(tf.reduce_sum(x) > 0, lambda: bad(x), lambda: x)

    return step, (tf.constant(X),)


@program
def cond_dtypes() -> Made:
    def step(x):
        return tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: tf.constant(1))

    return step, (tf.constant(X),)


@program
def in_while() -> Made:
    def step(x):
        def body(i, y):
            if y.shape[1] == 4:
                raise ValueError("the body gave up")
            return i + 1, y

        return tf.while_loop(lambda i, y: i < 3, body, (0, x))[1]

    return step, (tf.constant(X),)


@program
def loop_shape() -> Made:
    def step(x):
        y = x
        for _ in tf.range(3):
            y = tf.concat([y, x], axis=0)
        return y

    return step, (tf.constant(X),)


@program
def undefined_in_branch() -> Made:
    def step(x):
        if tf.reduce_sum(x) > 100.0:
            y = x * 2.0
        return y

    return step, (tf.constant(X),)


@program
def one_branch_returns() -> Made:
    def step(x):
        if tf.reduce_sum(x) > 0:
            return x
        else:
            y = x * 2.0

    return step, (tf.constant(X),)


@program
def in_map() -> Made:
    def step(x):
        def row(values):
            raise ValueError("this row is empty")

        return tf.map_fn(row, x)

    return step, (tf.constant(X),)


@program
def late_in_loop() -> Made:
    def step(x):
        total = tf.constant(0.0)
        for i in tf.range(5):
            total += x[0, i] / tf.cast(tf.reduce_max(tf.gather(tf.range(3), [i])), tf.float32)
        return total

    return step, (tf.constant(X),)


@program
def in_gradient() -> Made:
    @tf.custom_gradient
    def twice(x):
        def grad(upstream):
            raise ValueError("no gradient of twice")

        return x * 2.0, grad

    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(twice(x))
        return tape.gradient(y, x)

    return step, (tf.constant(X),)


@program
def gradient_of_nothing() -> Made:
    w = tf.Variable(1.0)

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x)
        return w - 0.1 * tape.gradient(loss, w)

    return step, (tf.constant(X),)


@program
def tape_used_twice() -> Made:
    w = tf.Variable(1.0)

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x) * w
        return tape.gradient(loss, w) + tape.gradient(loss, w)

    return step, (tf.constant(X),)


@program
def leaked() -> Made:
    kept = []

    @tf.function
    def inner(x):
        kept.append(x * 2.0)
        return x

    def step(x):
        inner(x)
        return kept[-1] + 1.0

    return step, (tf.constant(X),)


@program
def inner_signature() -> Made:
    @tf.function(input_signature=[tf.TensorSpec((None, 5), tf.float32)])
    def inner(x):
        return x * 2.0

    def step(x):
        return inner(x)

    return step, (tf.constant(X),)


@program
def inner_function() -> Made:
    @tf.function
    def inner(x):
        raise ValueError("from an inner tf.function")

    def step(x):
        return inner(x)

    return step, (tf.constant(X),)
