# mypy: ignore-errors
"""Keras optimizers, each applied to the same gradient, and rules written by hand."""

import keras
import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def _applied(optimizer, dtype, size):
    with keras.name_scope("weights"):
        weights = keras.Variable(_normal(size, dtype=dtype, seed=2), dtype=dtype)
    optimizer.build([weights])

    def apply(gradient):
        optimizer.apply([gradient])
        return weights.value

    return apply, (_normal(size, dtype=dtype),)


def momentum(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.SGD(0.25, momentum=0.5, nesterov=True), dtype, size)


def rmsprop(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.RMSprop(0.25), dtype, size)


def adagrad(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.Adagrad(0.25), dtype, size)


def adamw(*, size: int = 16, dtype: str = "float32"):
    """Apply AdamW, which in bfloat16 rounds `beta_2` to 1 and so moves nothing but the decay (Keras 3.15)."""
    return _applied(keras.optimizers.AdamW(0.25, weight_decay=0.125), dtype, size)


def ftrl(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.Ftrl(0.25), dtype, size)


def lion(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.Lion(0.25), dtype, size)


def with_schedule(*, size: int = 16, dtype: str = "float32"):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.5, decay_steps=1, decay_rate=0.5)
    return _applied(keras.optimizers.SGD(schedule), dtype, size)


def with_average(*, size: int = 16, dtype: str = "float32"):
    return _applied(keras.optimizers.Adam(0.25, use_ema=True, ema_momentum=0.5), dtype, size)


def adam_by_hand(*, size: int = 16, dtype: str = "float32"):
    weights, mean, square = (
        tf.Variable(start) for start in (_normal(size, dtype=dtype, seed=2), *[tf.zeros(size, dtype)] * 2)
    )

    def apply(gradient):
        mean.assign(0.875 * mean + 0.125 * gradient)
        square.assign(0.75 * square + 0.25 * tf.square(gradient))
        return weights.assign_sub(mean / (tf.sqrt(square) + 0.125))

    return apply, (_normal(size, dtype=dtype),)


momentum_dtypes = rmsprop_dtypes = adagrad_dtypes = adamw_dtypes = ftrl_dtypes = lion_dtypes = FLOATS
with_schedule_dtypes = with_average_dtypes = adam_by_hand_dtypes = FLOATS

PROGRAMS = (
    *("momentum", "rmsprop", "adagrad", "adamw", "ftrl", "lion", "with_schedule", "with_average"),
    "adam_by_hand",
)
