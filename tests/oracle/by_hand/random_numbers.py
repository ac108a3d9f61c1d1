# mypy: ignore-errors
"""Random numbers of each kind. Modes may draw others: where `NAME_draws` says so, only shapes are compared."""

import random
import time

import keras
import numpy as np
import tensorflow as tf


def _rows():
    return (tf.reshape(tf.range(24.0), (6, 4)),)


def stateful(x):
    return x + tf.random.normal(x.shape)


def seeded(x):
    return x + tf.random.uniform(x.shape, seed=3)


generator = tf.random.Generator.from_seed(5)


def of_a_generator(x):
    return x + generator.normal(x.shape)


def of_a_split_generator(x):
    return x + generator.split(2)[1].uniform(x.shape)


def stateless(x):
    return x + tf.random.stateless_normal((6, 4), seed=(4, 5))


def stateless_integers(x):
    return tf.random.stateless_uniform(x.shape, (1, 2), 0, 10, tf.int32)


def stateless_philox(x):
    return x + tf.random.stateless_uniform(x.shape, (1, 2), alg="philox")


def categorical(x):
    return tf.random.categorical(x, 5)


def shuffled(x):
    return tf.random.shuffle(x)


def dropped(x):
    return tf.nn.dropout(x, 0.5)


def of_keras(x):
    return x + keras.random.normal((6, 4), seed=1)


seeds = keras.random.SeedGenerator(2)


def of_a_seed_generator(x):
    return x + keras.random.normal((6, 4), seed=seeds)


def numpy_in_the_trace(x):
    return x + np.random.normal(size=x.shape).astype("float32")


def python_in_the_trace(x):
    return x * random.random()


def clock_in_the_trace(x):
    return x + time.perf_counter() % 1


def numpy_from_a_seed(x):
    return x + np.random.default_rng(3).normal(size=x.shape).astype("float32")


stateful_inputs = seeded_inputs = of_a_generator_inputs = of_a_split_generator_inputs = stateless_inputs = _rows
stateless_integers_inputs = stateless_philox_inputs = categorical_inputs = shuffled_inputs = dropped_inputs = _rows
of_keras_inputs = of_a_seed_generator_inputs = numpy_in_the_trace_inputs = python_in_the_trace_inputs = _rows
clock_in_the_trace_inputs = numpy_from_a_seed_inputs = _rows

stateful_draws = seeded_draws = of_a_generator_draws = of_a_split_generator_draws = stateless_draws = True
stateless_integers_draws = stateless_philox_draws = categorical_draws = shuffled_draws = dropped_draws = True
of_keras_draws = of_a_seed_generator_draws = numpy_in_the_trace_draws = python_in_the_trace_draws = True
clock_in_the_trace_draws = True

PROGRAMS = (
    *("stateful", "seeded", "of_a_generator", "of_a_split_generator", "stateless", "stateless_integers"),
    *("stateless_philox", "categorical", "shuffled", "dropped", "of_keras", "of_a_seed_generator"),
    *("numpy_in_the_trace", "python_in_the_trace", "clock_in_the_trace", "numpy_from_a_seed"),
)
