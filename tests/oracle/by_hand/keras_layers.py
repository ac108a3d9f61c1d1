# mypy: ignore-errors
"""Keras layers: as they come and of one's own, with variables that are made in the first call, too."""

import keras
import numpy as np
import tensorflow as tf

FLOATS = ("bfloat16", "float16", "float32", "float64")


def _normal(*shape, dtype, seed=1):
    return tf.cast(tf.constant(np.random.default_rng(seed).normal(size=shape), tf.bfloat16), dtype)


def _start(shape, dtype=None):
    return _normal(*shape, dtype=dtype, seed=2) / 4


def dense(*, rows: int = 8, dtype: str = "float32"):
    return keras.layers.Dense(16, "gelu", kernel_initializer=_start, dtype=dtype), (_normal(rows, 24, dtype=dtype),)


def convolution(*, size: int = 8, dtype: str = "float32"):
    layer = keras.layers.Conv2D(4, 3, padding="same", kernel_initializer=_start, dtype=dtype)
    return layer, (_normal(1, size, size, 3, dtype=dtype),)


def layer_normalization(*, rows: int = 8, dtype: str = "float32"):
    return keras.layers.LayerNormalization(dtype=dtype), (_normal(rows, 32, dtype=dtype),)


def batch_normalization(*, rows: int = 16, dtype: str = "float32"):
    layer = keras.layers.BatchNormalization(dtype=dtype)
    return lambda x: layer(x, training=True), (_normal(rows, 8, dtype=dtype),)


def embedding(*, length: int = 9, dtype: str = "float32"):
    layer = keras.layers.Embedding(20, 6, embeddings_initializer=_start, dtype=dtype)
    return layer, (tf.range(2 * length)[None] % 20,)


def lstm(*, length: int = 5, dtype: str = "float32"):
    layer = keras.layers.LSTM(8, kernel_initializer=_start, recurrent_initializer=_start, dtype=dtype)
    return layer, (_normal(2, length, 4, dtype=dtype),)


class Start(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return _start(shape, dtype)


def multi_head_attention(*, tokens: int = 6, dtype: str = "float32"):
    layer = keras.layers.MultiHeadAttention(2, 8, kernel_initializer=Start(), dtype=dtype)
    return lambda x: layer(x, x), (_normal(2, tokens, 16, dtype=dtype),)


class Gate(keras.layers.Layer):
    """Makes its weights in `build`."""

    def build(self, shape):
        self.gate = self.add_weight(shape=shape[-1:], initializer="ones")

    def call(self, x):
        return x * tf.sigmoid(self.gate)


def own_layer(*, rows: int = 8, dtype: str = "float32"):
    return Gate(dtype=dtype), (_normal(rows, 5, dtype=dtype),)


class Centre(keras.layers.Layer):
    """Keeps a mean that is no weight of training."""

    def build(self, shape):
        self.mean = self.add_weight(shape=shape[-1:], initializer="zeros", trainable=False)

    def call(self, x):
        self.mean.assign(self.mean / 2 + tf.reduce_mean(x, 0) / 2)
        return x - self.mean


def keeps_a_mean(*, rows: int = 8, dtype: str = "float32"):
    return Centre(dtype=dtype), (_normal(rows, 5, dtype=dtype),)


class Lazy(keras.layers.Layer):
    """Draws its weights in the first call, in `build`, and changes them in each."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 4), initializer="glorot_uniform")
        self.calls = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False)

    def call(self, x):
        self.calls.assign_add(1)
        return tf.matmul(x, self.kernel) * tf.cast(self.calls, x.dtype)


lazy_layer = Lazy()


def lazy_layer_inputs():
    return (_normal(3, 6, dtype="float32"),)


unbuilt = keras.layers.Dense(3)
"""Draws its weights at random in the first call."""


def unbuilt_inputs():
    return (_normal(4, 6, dtype="float32"),)


dropout_layer = keras.layers.Dropout(0.5, seed=3)


def dropout(x):
    return dropout_layer(x, training=True)


def dropout_inputs():
    return (tf.ones((4, 6)),)


dropout_draws = True

dense_dtypes = convolution_dtypes = layer_normalization_dtypes = batch_normalization_dtypes = FLOATS
embedding_dtypes = lstm_dtypes = multi_head_attention_dtypes = own_layer_dtypes = keeps_a_mean_dtypes = FLOATS

PROGRAMS = (
    *("dense", "convolution", "layer_normalization", "batch_normalization", "embedding", "lstm"),
    *("multi_head_attention", "own_layer", "keeps_a_mean", "lazy_layer", "unbuilt", "dropout"),
)
