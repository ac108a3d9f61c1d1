# mypy: ignore-errors
"""Keras models: sequential, functional and of one's own class, called in training and out of it."""

import keras
import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def _start(shape, dtype=None):
    return _normal(*shape, dtype=dtype, seed=2) / 4


def _dense(width, activation=None, dtype="float32"):
    return keras.layers.Dense(width, activation, kernel_initializer=_start, dtype=dtype)


def sequential(*, rows: int = 8, dtype: str = "float32"):
    model = keras.Sequential([_dense(16, "relu", dtype), _dense(3, "softmax", dtype)])
    return model, (_normal(rows, 12, dtype=dtype),)


def two_heads(*, rows: int = 4, dtype: str = "float32"):
    x = keras.Input((10,), dtype=dtype)
    hidden = _dense(8, "tanh", dtype)(x)
    model = keras.Model(x, {"mean": _dense(2, None, dtype)(hidden), "scale": _dense(2, "softplus", dtype)(hidden)})
    return model, (_normal(rows, 10, dtype=dtype),)


def two_inputs(*, rows: int = 4, dtype: str = "float32"):
    left, right = keras.Input((6,), dtype=dtype), keras.Input((6,), dtype=dtype)
    model = keras.Model([left, right], _dense(5, None, dtype)(left * right))
    return model, ([_normal(rows, 6, dtype=dtype), _normal(rows, 6, dtype=dtype, seed=4)],)


class Residual(keras.Model):
    def __init__(self, dtype):
        super().__init__(dtype=dtype)
        self.first, self.second = _dense(16, "relu", dtype), _dense(8, None, dtype)

    def call(self, x):
        return x + self.second(self.first(x))


def residual(*, rows: int = 4, dtype: str = "float32"):
    return Residual(dtype), (_normal(rows, 8, dtype=dtype),)


def image_classifier(*, size: int = 8, dtype: str = "float32"):
    layers = [
        keras.layers.Conv2D(4, 3, activation="relu", kernel_initializer=_start, dtype=dtype),
        keras.layers.GlobalAveragePooling2D(dtype=dtype),
        _dense(3, None, dtype),
    ]
    return keras.Sequential(layers), (_normal(2, size, size, 1, dtype=dtype),)


def recurrent(*, length: int = 6, dtype: str = "float32"):
    gru = keras.layers.GRU(6, kernel_initializer=_start, recurrent_initializer=_start, dtype=dtype)
    return keras.Sequential([gru, _dense(2, None, dtype)]), (_normal(2, length, 3, dtype=dtype),)


def normalised_in_training(*, rows: int = 12, dtype: str = "float32"):
    model = keras.Sequential([_dense(6, None, dtype), keras.layers.BatchNormalization(dtype=dtype)])
    return lambda x: model(x, training=True), (_normal(rows, 6, dtype=dtype),)


autoencoder = keras.Sequential([keras.Input((10,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(10)])


def autoencoder_inputs():
    return (tf.reshape(tf.linspace(-1.0, 1.0, 40), (4, 10)),)


def reconstruction_error(x):
    return tf.reduce_mean(tf.square(autoencoder(x) - x), axis=-1)


reconstruction_error_inputs = autoencoder_inputs

noisy_model = keras.Sequential([keras.Input((6,)), keras.layers.GaussianNoise(0.5), keras.layers.Dense(2)])


def noisy(x):
    return noisy_model(x, training=True)


def noisy_inputs():
    return (tf.ones((3, 6)),)


noisy_draws = True

sequential_dtypes = two_heads_dtypes = two_inputs_dtypes = residual_dtypes = image_classifier_dtypes = FLOATS
recurrent_dtypes = normalised_in_training_dtypes = FLOATS

PROGRAMS = (
    *("sequential", "two_heads", "two_inputs", "residual", "image_classifier", "recurrent"),
    *("normalised_in_training", "autoencoder", "reconstruction_error", "noisy"),
)
