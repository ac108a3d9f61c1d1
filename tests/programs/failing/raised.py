"""What people raise themselves, and what Python raises in their code."""

from __future__ import annotations

import sys
import warnings

import tensorflow as tf

from .program import Made, X, program


class ChannelError(Exception):
    """An error of the user's own class."""


class Unspeakable(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@program
def plain() -> Made:
    def step(x):
        raise ValueError("five channels are wanted, not four")

    return step, (tf.constant(X),)


@program
def wordless() -> Made:
    def step(x):
        raise ValueError

    return step, (tf.constant(X),)


@program
def many_lines() -> Made:
    def step(x):
        raise ValueError("\nthe table is broken\n  * a row is missing\n  * another, too")

    return step, (tf.constant(X),)


@program
def colons() -> Made:
    def step(x):
        raise RuntimeError("config: model: width: 7 is odd: see docs")

    return step, (tf.constant(X),)


@program
def missing_key() -> Made:
    def step(batch):
        return batch["mask"] * 2.0

    return step, ({"ids": tf.constant(X)},)


@program
def bare_assert() -> Made:
    def step(x):
        assert x.shape[-1] == 5
        return x

    return step, (tf.constant(X),)


@program
def worded_assert() -> Made:
    def step(x):
        assert x.shape[-1] == 5, f"got {x.shape}"
        return x

    return step, (tf.constant(X),)


@program
def own_class() -> Made:
    def step(x):
        raise ChannelError("five are wanted")

    return step, (tf.constant(X),)


@program
def chained() -> Made:
    def parse(text):
        return int(text)

    def step(x):
        try:
            parse("four")
        except ValueError as error:
            raise RuntimeError("the header cannot be read") from error

    return step, (tf.constant(X),)


@program
def while_handling() -> Made:
    def step(x):
        try:
            return x[{}["first"]]
        except KeyError:
            raise TypeError("no first row")

    return step, (tf.constant(X),)


@program
def deep() -> Made:
    def third(x):
        raise ValueError("from the third")

    def second(x):
        return third(x)

    def step(x):
        return second(x)

    return step, (tf.constant(X),)


@program
def coloured() -> Made:
    def step(x):
        raise ValueError("\x1b[31mred\x1b[0m and \u202ebackwards")

    return step, (tf.constant(X),)


@program
def endless_words() -> Made:
    def step(x):
        raise ValueError("word " * 2_000)

    return step, (tf.constant(X),)


@program
def unspeakable() -> Made:
    def step(x):
        raise Unspeakable

    return step, (tf.constant(X),)


@program
def odd_arguments() -> Made:
    def step(x):
        raise ValueError(3, {"shape": (2, 4)})

    return step, (tf.constant(X),)


@program
def warned() -> Made:
    def step(x):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.warn("old way", DeprecationWarning, stacklevel=2)
        return x

    return step, (tf.constant(X),)


@program
def leaves() -> Made:
    def step(x):
        sys.exit("set DATA_DIR first")

    return step, (tf.constant(X),)


@program
def recursive() -> Made:
    def step(x):
        return step(x) + 1.0

    return step, (tf.constant(X),)


@program
def unknown_name() -> Made:
    def step(x):
        return x * scael

    return step, (tf.constant(X),)


@program
def of_none() -> Made:
    weights = None

    def step(x):
        return x @ weights.kernel

    return step, (tf.constant(X),)


@program
def too_few_arguments() -> Made:
    def step(x, y):
        return x + y

    return step, (tf.constant(X),)


@program
def absent_module() -> Made:
    def step(x):
        import scikit_lern

        return scikit_lern.fit(x)

    return step, (tf.constant(X),)


@program
def absent_file() -> Made:
    def step(x):
        with open("weights.txt") as file:
            return x * float(file.read())

    return step, (tf.constant(X),)


@program
def own_tensorflow_error() -> Made:
    def step(x):
        raise tf.errors.InvalidArgumentError(None, None, "the mask is upside down")

    return step, (tf.constant(X),)
