# mypy: ignore-errors
"""Ragged tensors, as arguments and as results."""

import numpy as np
import tensorflow as tf


def _sentences():
    return tf.ragged.constant([[1.0, 2.5], [], [4.0, -1.0, 0.5]], ragged_rank=1)


def halve(x):
    return x / 2


def row_means(x):
    return tf.reduce_mean(x, axis=1)


def softmax_of_rows(x):
    return tf.map_fn(tf.nn.softmax, x, fn_output_signature=tf.RaggedTensorSpec([None], tf.float32, 0))


def to_dense(x):
    return x.to_tensor(-1.0), x.row_lengths()


def concatenated(x):
    return tf.concat([x, x * 2], axis=1)


halve_inputs = row_means_inputs = to_dense_inputs = concatenated_inputs = softmax_of_rows_inputs = lambda: (
    _sentences(),
)


def from_lengths(values, lengths):
    return tf.RaggedTensor.from_row_lengths(values, lengths)[:, :2]


def from_lengths_inputs():
    return tf.range(6), tf.constant([2, 0, 3, 1])


def embedded(ids):
    table = tf.reshape(tf.range(20.0), (10, 2))
    return tf.reduce_sum(tf.gather(table, ids), axis=1)


def embedded_inputs():
    return (tf.ragged.constant([[1, 2], [3], [9, 0, 4]]),)


def sum_of_integers(ids):
    return tf.reduce_sum(ids, axis=1)


sum_of_integers_inputs = embedded_inputs


def sum_of_integers_truth(_ids):
    return [np.array([3, 3, 13], np.int32)]


def changing_lengths(x):
    return tf.reduce_max(x, axis=1) - tf.reduce_min(x, axis=1)


def changing_lengths_inputs():
    yield (tf.ragged.constant([[1.0, 2.5], [4.0]]),)
    yield (tf.ragged.constant([[0.5], [4.0, -1.0, 2.0]]),)


PROGRAMS = (
    *("halve", "row_means", "softmax_of_rows", "to_dense", "concatenated", "from_lengths", "embedded"),
    *("sum_of_integers", "changing_lengths"),
)
