# mypy: ignore-errors
"""Metrics: sums that go on from call to call, in variables."""

import keras
import tensorflow as tf

mean = keras.metrics.Mean()


def running_mean(values):
    mean.update_state(values)
    return mean.result()


def running_mean_inputs():
    return (tf.constant([1.0, 2.0, 4.5]),)


accuracy = keras.metrics.SparseCategoricalAccuracy()


def running_accuracy(labels, scores):
    accuracy.update_state(labels, scores)
    return accuracy.result()


def running_accuracy_inputs():
    return tf.constant([0, 2, 1, 1]), tf.constant([[3.0, 1, 2], [0, 1, 2], [0, 3, 1], [4, 3, 1]])


area = keras.metrics.AUC(num_thresholds=20)


def running_area(labels, scores):
    area.update_state(labels, scores)
    return area.result()


def running_area_inputs():
    return tf.constant([0, 1, 1, 0, 1]), tf.constant([0.125, 0.75, 0.5, 0.625, 0.875])


error = keras.metrics.MeanSquaredError()


def error_without_result(right, found):
    """Return nothing: the sums are all there is."""
    error.update_state(right, found)


def error_without_result_inputs():
    return tf.constant([1.0, 2.0]), tf.constant([1.5, 1.0])


overlap = keras.metrics.MeanIoU(num_classes=3)


def running_overlap(labels, classes):
    overlap.update_state(labels, classes)
    return overlap.result()


def running_overlap_inputs():
    return tf.constant([0, 1, 2, 2]), tf.constant([0, 2, 2, 1])


average = keras.metrics.Mean()


def reset_and_measure(values):
    average.reset_state()
    average.update_state(values, sample_weight=values > 1)
    return average.result()


def reset_and_measure_inputs():
    return (tf.constant([0.5, 2.0, 4.5]),)


hits = tf.Variable(tf.zeros((3, 3), tf.int32))


def confusion(labels, classes):
    return hits.assign_add(tf.math.confusion_matrix(labels, classes, 3))


def confusion_inputs():
    return tf.constant([0, 1, 2, 2]), tf.constant([0, 2, 2, 1])


def confusion_truth(labels, classes):
    return [[[sum((labels == row) & (classes == column)) for column in range(3)] for row in range(3)]]


PROGRAMS = (
    *("running_mean", "running_accuracy", "running_area", "error_without_result", "running_overlap"),
    *("reset_and_measure", "confusion"),
)
