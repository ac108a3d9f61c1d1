# mypy: ignore-errors
"""Floats that are rounded to integers: where one lies next to a step, modes may come out one step apart."""

import numpy as np
import tensorflow as tf


def gamma_to_bytes(image):
    return tf.cast(image ** (1 / 2.2) * 255 + 0.5, tf.uint8)


def gamma_to_bytes_inputs():
    """Return values whose bytes lie on a step, as 0.47905993 does, beside others."""
    steps = ((np.arange(256) + 0.5) / 255) ** 2.2
    return (tf.constant(np.concatenate([steps, np.linspace(0, 1, 1000), [0.47905993461608887]]), tf.float32),)


def rounded(x):
    return tf.round(x * 10), tf.cast(tf.round(x), tf.int32)


def rounded_inputs():
    return (tf.constant([0.5, 1.5, -0.5, 2.25, -7.75, 1e6 + 0.5]),)


def quantised(x):
    return tf.cast(tf.clip_by_value(tf.round(x / tf.reduce_max(tf.abs(x)) * 127), -127, 127), tf.int8)


def quantised_inputs():
    return (tf.constant(np.random.default_rng(1).normal(size=500), tf.float32),)


def binned(x):
    return tf.histogram_fixed_width(x, [0.0, 1.0], nbins=7), tf.cast(tf.floor(tf.sqrt(x) * 16), tf.int64)


def binned_inputs():
    return (tf.constant(np.arange(257) ** 2 / 256**2, tf.float32),)


def chosen_class(scores):
    return tf.argmax(tf.nn.softmax(scores * 0.3), axis=-1)


def chosen_class_inputs():
    return (tf.constant(np.random.default_rng(2).normal(size=(40, 10)), tf.float32),)


def over_a_threshold(x):
    return tf.exp(x) / (1 + tf.exp(x)) > 0.5


def over_a_threshold_inputs():
    return (tf.constant(np.linspace(-1, 1, 200), tf.float32),)


PROGRAMS = ("gamma_to_bytes", "rounded", "quantised", "binned", "chosen_class", "over_a_threshold")
