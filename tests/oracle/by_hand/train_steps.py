# mypy: ignore-errors
"""Train steps: what they return is a loss, what they are for lies in variables."""

import keras
import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def _start(shape, dtype=None):
    return _normal(*shape, dtype=dtype, seed=2) / 4


def _model(dtype, *, width=1):
    layers = [keras.layers.Dense(units, kernel_initializer=_start, dtype=dtype) for units in (8, width)]
    return keras.Sequential([keras.Input((6,), dtype=dtype), layers[0], keras.layers.ReLU(dtype=dtype), layers[1]])


def _batch(dtype, rows):
    return _normal(rows, 6, dtype=dtype), _normal(rows, 1, dtype=dtype, seed=5)


def plain_step(*, rows: int = 16, dtype: str = "float32"):
    weights = tf.Variable(_normal(6, 1, dtype=dtype, seed=2))

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x @ weights - y))
        weights.assign_sub(0.125 * tape.gradient(loss, weights))
        return loss

    return step, _batch(dtype, rows)


def _keras_step(optimizer, dtype, rows):
    model = _model(dtype)
    optimizer.build(model.trainable_variables)

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    return step, _batch(dtype, rows)


def sgd_step(*, rows: int = 16, dtype: str = "float32"):
    return _keras_step(keras.optimizers.SGD(0.125, momentum=0.5), dtype, rows)


def adam_step(*, rows: int = 16, dtype: str = "float32"):
    return _keras_step(keras.optimizers.Adam(0.125), dtype, rows)


def returns_nothing(*, rows: int = 16, dtype: str = "float32"):
    weights = tf.Variable(_normal(6, 1, dtype=dtype, seed=2))

    def step(x, y):
        weights.assign_sub(tf.matmul(x, x @ weights - y, transpose_a=True) / 64)

    return step, _batch(dtype, rows)


def clipped_step(*, rows: int = 16, dtype: str = "float32"):
    weights = tf.Variable(_normal(6, 1, dtype=dtype, seed=2))

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(x @ weights - y))
        clipped, norm = tf.clip_by_global_norm([tape.gradient(loss, weights)], 1.0)
        weights.assign_sub(clipped[0] / 8)
        return loss, norm

    return step, _batch(dtype, rows)


def accumulated_step(*, rows: int = 16, dtype: str = "float32"):
    """Apply gradients in every second call alone."""
    weights, total, calls = (
        tf.Variable(_normal(6, 1, dtype=dtype, seed=2)),
        tf.Variable(tf.zeros((6, 1), dtype)),
        tf.Variable(0),
    )

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x @ weights - y))
        total.assign_add(tape.gradient(loss, weights))
        if calls.assign_add(1) % 2 == 0:
            weights.assign_sub(total / 16)
            total.assign(tf.zeros_like(total))
        return loss

    return step, _batch(dtype, rows)


def classifier_step(*, rows: int = 16, dtype: str = "float32"):
    """Train with a Keras loss, which computes in float32 whatever its arguments are."""
    model = _model(dtype, width=4)
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def step(x, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(x, training=True))
        for variable, gradient in zip(
            model.trainable_variables, tape.gradient(loss, model.trainable_variables), strict=True
        ):
            variable.assign_sub(tf.cast(gradient, variable.dtype) * 0.25)
        return loss

    return step, (_normal(rows, 6, dtype=dtype), tf.range(rows) % 4)


compiled = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
compiled.compile("adam", "mse")
compiled.optimizer.build(compiled.trainable_variables)


def guide_step(data):
    """Train as the guide to one's own `train_step` does."""
    x, y = data
    with tf.GradientTape() as tape:
        loss = compiled.compute_loss(x=x, y=y, y_pred=compiled(x, training=True))
    gradients = tape.gradient(loss, compiled.trainable_variables)
    compiled.optimizer.apply(gradients, compiled.trainable_variables)
    return {"loss": loss}


def guide_step_inputs():
    return ((tf.reshape(tf.linspace(-1.0, 1.0, 32), (8, 4)), tf.ones((8, 1))),)


plain_step_dtypes = returns_nothing_dtypes = clipped_step_dtypes = accumulated_step_dtypes = FLOATS
sgd_step_dtypes = adam_step_dtypes = classifier_step_dtypes = FLOATS

PROGRAMS = (
    *("plain_step", "sgd_step", "adam_step", "returns_nothing", "clipped_step", "accumulated_step"),
    *("classifier_step", "guide_step"),
)
