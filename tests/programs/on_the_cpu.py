"""What users have on a GPU's machine that has no kernels for the GPU: strings, a lookup table, tf.data, and predict."""

import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])


def words(x):
    return tf.strings.length(tf.strings.as_string(x))


def words_inputs():
    return (tf.ones(4),)


table = tf.lookup.StaticHashTable(
    tf.lookup.KeyValueTensorInitializer(tf.constant([1, 2], tf.int64), tf.constant([3, 4], tf.int64)), -1
)


def looks_up(keys):
    return table.lookup(keys)


def looks_up_inputs():
    return (tf.constant([1, 2, 3], tf.int64),)


def reads_data(x):
    for each in tf.data.Dataset.range(3):
        x += tf.cast(each, tf.float32)
    return x


reads_data_inputs = words_inputs
