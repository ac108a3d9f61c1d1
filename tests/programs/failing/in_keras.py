"""Layers and models of Keras that fail."""

from __future__ import annotations

import keras
import tensorflow as tf

from .program import Made, X, program
from .raised import ChannelError


class Strict(keras.layers.Layer):
    def call(self, x):
        raise ValueError("five channels are wanted, not four")


class Strange(keras.layers.Layer):
    def call(self, x):
        raise ChannelError("first: five\nsecond: four")


class Silent(keras.layers.Layer):
    def call(self, x):
        assert x.shape[-1] == 5
        return x


class Inside(keras.layers.Layer):
    @tf.function
    def call(self, x):
        raise ValueError("inside a tf.function")


class Tower(keras.Model):
    def __init__(self, layer):
        super().__init__()
        self.block = keras.Sequential([keras.layers.Dense(4), layer])

    def call(self, x, training=False):
        return self.block(x)


class Careful(keras.layers.Layer):
    def call(self, x):
        tf.debugging.assert_less(x, 3.0, message="values below three are wanted")
        return x


class Unbuilt(keras.layers.Layer):
    def build(self, shape):
        raise ValueError(f"cannot build for {shape}")

    def call(self, x):
        return x


class Cell(keras.layers.Layer):
    state_size = 4

    def call(self, x, states):
        raise ValueError("the cell is worn out")


@program
def layer() -> Made:
    return Strict(), (tf.constant(X),)


@program
def layer_in_model() -> Made:
    return Tower(Strict()), (tf.constant(X),)


@program
def layer_of_own_class() -> Made:
    return Tower(Strange()), (tf.constant(X),)


@program
def silent_layer() -> Made:
    return Tower(Silent()), (tf.constant(X),)


@program
def function_in_layer() -> Made:
    return Tower(Inside()), (tf.constant(X),)


@program
def layer_with_assertion() -> Made:
    return Tower(Careful()), (tf.constant(X),)


@program
def layer_in_build() -> Made:
    return Tower(Unbuilt()), (tf.constant(X),)


@program
def layer_in_function() -> Made:
    model = Tower(Strict())

    @tf.function
    def inner(x):
        return model(x)

    def step(x):
        return inner(x)

    return step, (tf.constant(X),)


@program
def layer_in_map() -> Made:
    strict = Strict()

    def step(x):
        return tf.map_fn(lambda row: strict(row[None])[0], x)

    return step, (tf.constant(X),)


@program
def cell_in_rnn() -> Made:
    return keras.layers.RNN(Cell()), (tf.ones((2, 3, 4)),)


@program
def time_distributed() -> Made:
    return keras.layers.TimeDistributed(Strict()), (tf.ones((2, 3, 4)),)


@program
def functional_wrong_shape() -> Made:
    a = keras.Input((5,))
    return keras.Model(a, keras.layers.Dense(2)(a)), (tf.constant(X),)


@program
def sequential_wrong_rank() -> Made:
    return keras.Sequential([keras.layers.Conv2D(3, 3)]), (tf.constant(X),)


@program
def wrong_last_axis() -> Made:
    dense = keras.layers.Dense(2)
    dense.build((None, 7))
    return dense, (tf.constant(X),)


@program
def model_without_call() -> Made:
    class Empty(keras.Model):
        pass

    return Empty(), (tf.constant(X),)


@program
def layer_made_in_call() -> Made:
    class Late(keras.Model):
        def call(self, x):
            return keras.layers.Dense(3)(x)

    return Late(), (tf.constant(X),)


@program
def training_with_strict() -> Made:
    model = keras.Sequential([keras.layers.Dense(4), Strict()])
    model.compile("sgd", "mse")

    def step(x):
        return model.train_on_batch(x, x)

    return step, (tf.constant(X),)


@program
def predicting_with_strict() -> Made:
    model = Tower(Strict())

    def step(x):
        return model.predict(x, verbose=0)

    return step, (tf.constant(X),)


@program
def training_with_wrong_targets() -> Made:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile("sgd", keras.losses.CategoricalCrossentropy())

    def step(x):
        return model.train_on_batch(x, tf.ones((2, 5)))

    return step, (tf.constant(X),)


@program
def no_gradients() -> Made:
    w = tf.Variable(1.0)
    sgd = keras.optimizers.SGD()

    def step(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x)
        sgd.apply_gradients([(tape.gradient(loss, w), w)])
        return loss

    return step, (tf.constant(X),)


@program
def unknown_variable() -> Made:
    sgd = keras.optimizers.SGD()
    sgd.build([tf.Variable(1.0)])
    w = tf.Variable(tf.ones((4, 2)))

    def step(x):
        sgd.apply_gradients([(tf.ones((4, 2)), w)])
        return x

    return step, (tf.constant(X),)
