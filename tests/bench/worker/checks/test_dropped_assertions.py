"""Assertions that XLA leaves out are told, wherever it compiles; those that are checked are not."""

from __future__ import annotations

from typing import Any

from bench.worker.checks.dropped_assertions import describe_dropped_assertions


def check(tf: Any, x: Any) -> Any:
    """Compute something of what three assertions allow."""
    tf.debugging.assert_positive(x)
    tf.Assert(tf.reduce_all(x < 3.0), [x])
    return 2.0 * tf.debugging.check_numerics(x, "not a number")


def described(tf: Any, function: Any, **settings: Any) -> str:
    return describe_dropped_assertions(tf.function(function, **settings).get_concrete_function(tf.ones((3,))))


def test_xla_drops_them_and_graph_does_not(tf: Any) -> None:
    words = "XLA leaves out 3 assertions (`tf.debugging`): what eager and graph refuse, it computes without a word"
    assert described(tf, lambda x: check(tf, x), jit_compile=True) == words
    assert described(tf, lambda x: check(tf, x)) == ""
    assert described(tf, lambda x: x + 1.0, jit_compile=True) == ""


def test_where_xla_compiles_a_part_the_assertions_of_that_part_are_told(tf: Any) -> None:
    inner = tf.function(lambda x: tf.debugging.check_numerics(x, "not a number"), jit_compile=True)
    assert described(tf, lambda x: inner(x) + check(tf, x)).startswith("XLA leaves out an assertion (")


def test_those_in_loops_are_found(tf: Any) -> None:
    def loop(x: Any) -> Any:
        return tf.while_loop(lambda y: tf.reduce_sum(y) < 9.0, lambda y: (check(tf, y),), [x], maximum_iterations=3)

    assert described(tf, loop, jit_compile=True).startswith("XLA leaves out 3 assertions (")
