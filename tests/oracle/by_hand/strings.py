# mypy: ignore-errors
"""Strings: XLA has none, so it refuses most of these."""

import numpy as np
import tensorflow as tf


def _words():
    return (tf.constant(["Apple pie", "", "naïve  café"]),)


def shouted(text):
    return tf.strings.upper(text, encoding="utf-8") + "!"


def lengths(text):
    return tf.strings.length(text), tf.strings.length(text, unit="UTF8_CHAR")


def lengths_truth(text):
    return [
        np.array([len(each) for each in text], np.int32),
        np.array([len(each.decode()) for each in text], np.int32),
    ]


def split_words(text):
    """Split into ragged rows of strings, at which XLA ends the process (TensorFlow 2.21)."""
    return tf.strings.split(text)


split_words_ends_process = ("xla",)


def letters(text):
    return tf.strings.unicode_decode(text, "UTF-8").to_tensor()


def buckets(text):
    return tf.strings.to_hash_bucket_fast(text, 100)


def replaced(text):
    return tf.strings.regex_replace(text, r"\s+", "_")


shouted_inputs = lengths_inputs = split_words_inputs = letters_inputs = buckets_inputs = replaced_inputs = _words


def to_numbers(text):
    return tf.strings.to_number(text) * 2


def to_numbers_inputs():
    return (tf.constant(["1.5", "-2", "1e3"]),)


def to_text(numbers):
    return tf.strings.as_string(numbers), tf.strings.join([tf.strings.as_string(numbers), ["a", "b"]], ":")


def to_text_inputs():
    return (tf.constant([12, -7]),)


def to_text_truth(_numbers):
    return [np.array([b"12", b"-7"], object), np.array([b"12:a", b"-7:b"], object)]


def same_word(text, other):
    return text == other


def same_word_inputs():
    return tf.constant(["a", "b"]), tf.constant(["a", "c"])


def same_word_truth(_text, _other):
    return [np.array([True, False])]


def string_beside_numbers(x):
    return {"label": tf.constant("sum"), "value": tf.reduce_sum(x)}


def string_beside_numbers_inputs():
    return (tf.range(4.0),)


def written_as_text(x):
    """Convert floats to text, where any rounding would show."""
    return tf.strings.as_string(x * 2, precision=3)


def written_as_text_inputs():
    return (tf.constant([0.5, 1.25]),)


PROGRAMS = (
    *("shouted", "lengths", "split_words", "letters", "buckets", "replaced", "to_numbers", "to_text"),
    *("same_word", "string_beside_numbers", "written_as_text"),
)
