# mypy: ignore-errors
"""Sparse tensors, and gradients that are slices of a table."""

import numpy as np
import tensorflow as tf


def _matrix():
    return tf.sparse.from_dense(tf.constant([[0.0, 1.5, 0.0], [-2.0, 0.0, 0.25], [0.0, 0.0, 0.0]]))


def times_dense(matrix, x):
    return tf.sparse.sparse_dense_matmul(matrix, x)


def times_dense_inputs():
    return _matrix(), tf.reshape(tf.range(6.0), (3, 2)) / 4


def row_totals(matrix):
    return tf.sparse.reduce_sum(matrix, axis=1)


def dense_form(matrix):
    return tf.sparse.to_dense(matrix) + 1


def doubled(matrix):
    return matrix.with_values(matrix.values * 2)


def transposed(matrix):
    return tf.sparse.transpose(matrix)


row_totals_inputs = dense_form_inputs = doubled_inputs = transposed_inputs = lambda: (_matrix(),)


def table_slices(table, ids):
    with tf.GradientTape() as tape:
        tape.watch(table)
        y = tf.reduce_sum(tf.gather(table, ids) ** 2)
    slices = tape.gradient(y, table)
    return slices.values, slices.indices


def table_slices_inputs():
    return tf.reshape(tf.range(8.0), (4, 2)), tf.constant([1, 3, 1])


def segments(x):
    return tf.math.segment_sum(x, tf.constant([0, 0, 1, 3]))


def segments_inputs():
    return (tf.constant([5, -1, 7, 100]),)


def segments_truth(_x):
    return [np.array([4, 7, 0, 100], np.int32)]


def one_hot_counts(ids):
    return tf.math.bincount(ids, minlength=5, maxlength=5), tf.one_hot(ids, 5, dtype=tf.int8)


def one_hot_counts_inputs():
    return (tf.constant([0, 3, 3, 1, 0, 3]),)


def one_hot_counts_truth(ids):
    return [np.bincount(ids, minlength=5).astype(np.int32), np.eye(5, dtype=np.int8)[ids]]


PROGRAMS = (
    *("times_dense", "row_totals", "dense_form", "doubled", "transposed", "table_slices", "segments"),
    "one_hot_counts",
)
