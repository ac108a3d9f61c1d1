# mypy: ignore-errors
"""Lookup tables: state that no variable holds."""

import keras
import numpy as np
import tensorflow as tf

colours = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(["red", "green", "blue"], tf.constant([1, 2, 3], tf.int64)), -1
)


def colour_ids(words):
    return colours.lookup(words)


def colour_ids_inputs():
    return (tf.constant(["blue", "pink", "red"]),)


def colour_ids_truth(_words):
    return [np.array([3, -1, 1], np.int64)]


squares = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(tf.range(5), tf.cast(tf.range(5), tf.float32) ** 2), -1.0
)


def square_by_table(ids):
    return squares.lookup(ids) / 2


def square_by_table_inputs():
    return (tf.constant([4, 9, 2]),)


seen = tf.lookup.experimental.MutableHashTable(tf.int64, tf.int64, 0)


def times_seen(key):
    seen.insert(key, seen.lookup(key) + 1)
    return seen.lookup(key)


def times_seen_inputs():
    return (tf.constant([7, 8], tf.int64),)


def times_seen_truth(_key):
    return [np.array([1, 1], np.int64)]


words = keras.layers.StringLookup(vocabulary=["a", "b", "c"])


def word_ids(text):
    """Look up words of ragged rows, at which XLA ends the process (TensorFlow 2.21)."""
    return words(tf.strings.split(text))


word_ids_ends_process = ("xla",)


def word_ids_inputs():
    return (tf.constant(["a c", "b z a"]),)


numbers = keras.layers.IntegerLookup(vocabulary=[10, 20, 30])


def number_ids(x):
    return numbers(x)


def number_ids_inputs():
    return (tf.constant([30, 11, 10], tf.int64),)


PROGRAMS = ("colour_ids", "square_by_table", "times_seen", "word_ids", "number_ids")
