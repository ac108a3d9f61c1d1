"""Functions that raise messages of several lines, where each mode wraps them in another way."""

import keras
import tensorflow as tf

MESSAGE = "what is wrong\nwhy it is so\nwhat to do"


class ShapeError(RuntimeError):
    """A type that AutoGraph cannot make anew."""


def plain(x):
    tf.identity(x)
    raise ValueError(MESSAGE)


def own_type(x):
    tf.identity(x)
    raise ShapeError(MESSAGE)


def deep(x):
    return own_type(x)


def after_empty_lines(x):
    tf.identity(x)
    raise ValueError(f"\n\n  {MESSAGE}")


class Layer(keras.layers.Layer):
    """Keras puts words of its own before and after the message."""

    def call(self, x):
        raise ValueError(MESSAGE)


layer = Layer()


def in_python(x):
    """Raises while the graph runs."""

    def step(values):
        raise ValueError(MESSAGE + str(values.shape))

    return tf.py_function(step, [x], tf.float32)


def inputs():
    return (tf.zeros((4,)),)


layer_inputs = inputs
