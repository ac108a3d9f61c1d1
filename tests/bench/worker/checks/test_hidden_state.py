"""In which dtypes a graph rounds on the way to each output."""

from __future__ import annotations

from typing import Any

import pytest

from bench.worker.checks.hidden_state import narrowest_epsilon
from bench.worker.checks.verify import EPSILONS


@pytest.fixture(scope="module")
def concrete(tf: Any) -> Any:
    """Return a graph whose outputs are rounded in other dtypes each."""
    weight = tf.Variable(1.0)

    scaled = tf.function(lambda x: tf.cast(tf.cast(x, tf.float16) * 2, tf.float32))

    def step(x: Any, narrow: Any) -> Any:
        doubled = x + x
        short = tf.cast(tf.cast(x, tf.bfloat16) + 1, tf.float32)
        weight.assign(tf.reduce_sum(short))
        return {
            "a_float32": doubled,
            "b_bfloat16": short + 1.0,
            "c_float32": tf.cast(narrow, tf.float32) * 2.0,
            "d_float16": scaled(x),
            "e_bfloat16": weight * 2.0,
            "f_float32": tf.complex(x, x) * 2.0,
            "g": tf.range(3),
        }

    return tf.function(step).get_concrete_function(tf.ones(4), tf.ones(4, tf.bfloat16))


OUTPUTS = ("float32", "bfloat16", "float32", "float16", "bfloat16", "float32", "")


@pytest.mark.parametrize("place", range(len(OUTPUTS)))
def test_an_output_is_as_narrow_as_what_is_rounded_before_it(concrete: Any, place: int) -> None:
    assert narrowest_epsilon(concrete, place) == EPSILONS.get(OUTPUTS[place], 0.0)


@pytest.mark.parametrize("place", [None, 99])
def test_what_is_no_output_is_as_narrow_as_the_whole_graph(concrete: Any, place: int | None) -> None:
    assert narrowest_epsilon(concrete, place) == EPSILONS["bfloat16"]
