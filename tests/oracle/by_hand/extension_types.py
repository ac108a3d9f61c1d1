# mypy: ignore-errors
"""Structured arguments: extension types, named tuples, dictionaries, dataclasses and plain objects."""

import collections
import dataclasses

import numpy as np
import tensorflow as tf


class Masked(tf.experimental.ExtensionType):
    values: tf.Tensor
    mask: tf.Tensor


def _masked():
    return Masked(tf.constant([1.0, 5.0, 2.5]), tf.constant([True, False, True]))


def mean_of_masked(x):
    kept = tf.cast(x.mask, x.values.dtype)
    return tf.reduce_sum(x.values * kept) / tf.reduce_sum(kept)


def negated(x):
    return Masked(-x.values, tf.logical_not(x.mask))


mean_of_masked_inputs = negated_inputs = lambda: (_masked(),)


class Interval(tf.experimental.ExtensionType):
    low: tf.Tensor
    high: tf.Tensor

    def __add__(self, other):
        return Interval(self.low + other.low, self.high + other.high)


def sum_of_intervals(a, b):
    return a + b


def sum_of_intervals_inputs():
    return Interval(tf.constant([1, 2]), tf.constant([3, 4])), Interval(tf.constant([10, 0]), tf.constant([20, 5]))


def sum_of_intervals_truth(*_intervals):
    return [np.array([11, 2], np.int32), np.array([23, 9], np.int32)]


State = collections.namedtuple("State", ["position", "velocity"])


def orbit(state):
    velocity = state.velocity - 0.125 * state.position
    return State(state.position + 0.125 * velocity, velocity)


def orbit_inputs():
    return (State(tf.constant([1.0, 0.0]), tf.constant([0.0, 1.0])),)


def from_dictionary(batch):
    return {"scores": tf.nn.sigmoid(batch["x"]) * batch["weights"], "ids": batch["ids"] + 1}


def from_dictionary_inputs():
    return ({"x": tf.linspace(-2.0, 2.0, 6), "weights": tf.range(6.0), "ids": tf.range(6)},)


def nested_lists(pairs):
    return [tf.reduce_sum(pair[0] * pair[1]) for pair in pairs]


def nested_lists_inputs():
    return ([[tf.range(3.0), tf.ones(3)], (tf.range(2.0), tf.fill(2, 0.25))],)


@dataclasses.dataclass
class Settings:
    scale: float
    shift: int


def with_settings(x, settings):
    return x * settings.scale + settings.shift


def with_settings_inputs():
    return tf.range(4.0), Settings(0.25, 3)


def python_numbers(x, power, flag):
    return x**power if flag else x


def python_numbers_inputs():
    return tf.constant([2, -3]), 3, True


def python_numbers_truth(x, power, _flag):
    return [x**power]


PROGRAMS = (
    *("mean_of_masked", "negated", "sum_of_intervals", "orbit", "from_dictionary", "nested_lists"),
    *("with_settings", "python_numbers"),
)
