"""What XLA does not compile."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from .program import Made, X, program


@program
def string_argument() -> Made:
    def step(words):
        return tf.strings.length(words)

    return step, (tf.constant(["a", "bcd"]),)


@program
def string_in_dict() -> Made:
    def step(batch):
        return tf.strings.length(batch["words"]), batch["x"]

    return step, ({"words": tf.constant(["a", "bcd"]), "x": tf.constant(X)},)


@program
def string_result() -> Made:
    def step(x):
        return tf.strings.as_string(x)

    return step, (tf.constant(X),)


@program
def iterator_argument() -> Made:
    def step(rows):
        return next(rows) + 1

    return step, (iter(tf.data.Dataset.range(100).repeat()),)


@program
def iterator_in_closure() -> Made:
    rows = iter(tf.data.Dataset.range(100).repeat())

    def step():
        return next(rows) + 1

    return step, ()


@program
def dataset_argument() -> Made:
    def step(rows):
        total = tf.constant(0, tf.int64)
        for row in rows:
            total += row
        return total

    return step, (tf.data.Dataset.range(5),)


@program
def dataset_in_closure() -> Made:
    rows = tf.data.Dataset.range(5)

    def step():
        total = tf.constant(0, tf.int64)
        for row in rows:
            total += row
        return total

    return step, ()


@program
def lookup_table() -> Made:
    table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer([1, 2], [10, 20]), -1)

    def step(ids):
        return table.lookup(ids)

    return step, (tf.constant([1, 2, 3]),)


@program
def ragged_strings() -> Made:
    def step(words):
        return tf.strings.split(words).row_lengths()

    return step, (tf.constant(["a b", "c"]),)


@program
def image_decoding() -> Made:
    picture = tf.io.encode_jpeg(tf.zeros((8, 8, 3), tf.uint8))

    def step():
        return tf.io.decode_jpeg(picture)

    return step, ()


@program
def eigenvalues() -> Made:
    def step(x):
        return tf.linalg.eigvals(x @ tf.transpose(x))

    return step, (tf.constant(X),)


@program
def printing() -> Made:
    def step(x):
        tf.print(tf.reduce_sum(x), output_stream="file:///dev/null")
        return x * 2.0

    return step, (tf.constant(X),)


@program
def py_function_compiled() -> Made:
    def step(x):
        return tf.py_function(lambda v: v * 2.0, [x], tf.float32)

    return step, (tf.constant(X),)


@program
def sets() -> Made:
    def step(x):
        return tf.sets.size(tf.sparse.from_dense(tf.cast(x, tf.int32)))

    return step, (tf.constant(X),)


@program
def variant_list() -> Made:
    def step(x):
        kept = tf.TensorArray(tf.float32, size=0, dynamic_size=True, infer_shape=False)
        for i in tf.range(3):
            kept = kept.write(i, x[:, : i + 1])
        return kept.concat()

    return step, (tf.constant(X),)


@program
def string_variable() -> Made:
    greeting = tf.Variable("hello")

    def step(x):
        return tf.strings.length(greeting), x

    return step, (tf.constant(X),)


@program
def file_reading() -> Made:
    def step(x):
        return x * tf.cast(tf.strings.length(tf.io.read_file(__file__)), tf.float32)

    return step, (tf.constant(X),)


@program
def parsed_records() -> Made:
    def step(records):
        return tf.io.parse_example(records, {"x": tf.io.FixedLenFeature((), tf.float32, 0.0)})["x"]

    return step, (tf.constant([b"", b""]),)


@program
def queue() -> Made:
    waiting = tf.queue.FIFOQueue(10, [tf.float32])

    def step(x):
        waiting.enqueue(tf.reduce_sum(x))
        return waiting.dequeue()

    return step, (tf.constant(X),)


@program
def sparse_strings() -> Made:
    def step(x):
        return tf.sparse.to_dense(tf.strings.split(tf.strings.as_string(x[0])).to_sparse(), default_value="")

    return step, (tf.constant(X),)


@program
def two_kinds() -> Made:
    def step(x):
        tf.print(tf.reduce_sum(x), output_stream="file:///dev/null")
        return tf.linalg.eigvals(x @ tf.transpose(x))

    return step, (tf.constant(X),)


@program
def text_of_numbers() -> Made:
    def step(x):
        return tf.strings.to_number(tf.strings.as_string(x))

    return step, (tf.constant(X),)


@program
def compiled_inside() -> Made:
    @tf.function(jit_compile=True)
    def inner(x):
        return tf.linalg.eigvals(x @ tf.transpose(x))

    def step(x):
        return inner(x) * 2.0

    return step, (tf.constant(X),)


@program
def sampling() -> Made:
    def step(x):
        return tf.random.fixed_unigram_candidate_sampler(
            tf.constant([[1]], tf.int64), 1, 2, True, 4, unigrams=(1.0, 2.0, 3.0, 4.0)
        )[0]

    return step, (tf.constant(X),)


@program
def too_much_memory() -> Made:
    def step(x):
        return tf.reduce_sum(x) + tf.ones((2_000_000, 2_000_000)) @ tf.ones((2_000_000, 1))

    return step, (tf.constant(X),)


@program
def pythons_memory() -> Made:
    def step(x):
        return x + float(np.ones((3_000_000, 3_000_000)).sum())

    return step, (tf.constant(X),)
