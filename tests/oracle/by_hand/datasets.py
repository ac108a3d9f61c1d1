# mypy: ignore-errors
"""Datasets and iterators as arguments, and datasets within functions."""

import numpy as np
import tensorflow as tf


def _rows():
    return tf.data.Dataset.from_tensor_slices(tf.reshape(tf.range(12.0), (6, 2)) / 4)


def total(dataset):
    sum_ = tf.zeros(2)
    for row in dataset:
        sum_ += row
    return sum_


def total_inputs():
    return (_rows(),)


def reduced(dataset):
    return dataset.reduce(np.float32(0), lambda most, row: tf.maximum(most, tf.reduce_max(row)))


reduced_inputs = total_inputs


def next_batch(iterator):
    return next(iterator) * 2


def next_batch_inputs():
    return (iter(_rows().batch(2).repeat()),)


weights = tf.Variable([0.5, -0.25])


def epoch(dataset):
    for x in dataset:
        weights.assign_sub(0.125 * x * (tf.reduce_sum(x * weights) - 1))
    return weights.read_value()


epoch_inputs = total_inputs


def made_inside(n):
    squares = tf.data.Dataset.range(n).map(lambda i: i * i)
    return squares.reduce(tf.constant(0, tf.int64), lambda sum_, square: sum_ + square)


def made_inside_inputs():
    return (tf.constant(5, tf.int64),)


def made_inside_truth(_n):
    return [np.int64(30)]


PROGRAMS = ("total", "reduced", "next_batch", "epoch", "made_inside")
