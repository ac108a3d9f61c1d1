"""Strings are refused before XLA sees them, by the names that the user gave them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench.worker.checks.compilable import check_compilable
from bench.worker.errors import RefusedError, describe_failure

Make = Callable[[Any], tuple[Callable[..., Any], tuple[Any, ...]]]

REFUSED: dict[str, Make] = {
    "argument `words` is a string": lambda tf: (lambda words: tf.strings.length(words), (tf.constant(["a"]),)),
    "argument `batch['words']` is a string": lambda tf: (
        lambda batch: batch["x"],
        ({"words": tf.constant("a"), "x": tf.ones(3)},),
    ),
    "arguments `a` and `b[1][0]` are strings": lambda tf: (
        lambda a, b: (a, b),
        (tf.constant("a"), [tf.ones(3), (tf.constant("c"),)]),
    ),
    "argument `rows` is a string": lambda tf: (lambda rows: rows, (tf.ragged.constant([["a"], ["b", "c"]]),)),
}


@pytest.mark.parametrize("mode", ["xla", "as-written"])
@pytest.mark.parametrize("words", REFUSED)
def test_a_string_is_refused_wherever_it_is_in_the_arguments(tf: Any, words: str, mode: str) -> None:
    function, arguments = REFUSED[words](tf)
    with pytest.raises(RefusedError) as refused:
        check_compilable(mode, tf.function(function, jit_compile=True).get_concrete_function(*arguments))
    assert describe_failure(refused.value, "xla") == ("unsupported", f"{words}, which XLA has no form of")


def test_a_string_from_outside_is_refused(tf: Any) -> None:
    outside = tf.constant(["a"])
    with pytest.raises(RefusedError, match="from outside"):
        check_compilable(
            "xla", tf.function(lambda: tf.strings.length(outside), jit_compile=True).get_concrete_function()
        )


def test_all_else_is_left_to_xla_and_other_modes_take_strings(tf: Any) -> None:
    rows = iter(tf.data.Dataset.range(3))
    others = tf.function(lambda rows, x, n: (next(rows), x + n), jit_compile=True).get_concrete_function(
        rows, tf.ones(3), 3
    )
    check_compilable("xla", others)
    check_compilable("as-written", tf.function(lambda words: words).get_concrete_function(tf.constant("a")))
