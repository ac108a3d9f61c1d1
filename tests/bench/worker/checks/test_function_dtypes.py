"""In which dtypes a graph rounds that is called as one operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bench.worker.checks.function_dtypes import function_epsilon
from bench.worker.checks.rounding_noise import rounding_noise
from bench.worker.checks.verify import EPSILONS


def graph_of(function: Callable[[Any], Any], size: int = 64) -> Any:
    import tensorflow as tf

    return tf.function(function).get_concrete_function(tf.TensorSpec((size,), tf.float32))


def name_of(graph: Any) -> str:
    return str(graph.name.decode() if isinstance(graph.name, bytes) else graph.name)


@pytest.mark.usefixtures("tf")
def test_an_operation_of_tensorflow_is_no_function_of_graphs() -> None:
    assert function_epsilon("MatMul") is None


def test_the_narrowest_dtype_counts_in_which_something_is_computed(tf: Any) -> None:
    assert function_epsilon(name_of(graph_of(tf.exp))) == EPSILONS["float32"]
    short = graph_of(lambda x: tf.cast(tf.exp(tf.cast(x, tf.bfloat16)), tf.float32))
    assert function_epsilon(name_of(short)) == EPSILONS["bfloat16"]


def test_functions_that_it_calls_count_too(tf: Any) -> None:
    inner = tf.function(lambda x: tf.cast(tf.exp(tf.cast(x, tf.float16)), tf.float32))
    assert function_epsilon(name_of(graph_of(lambda x: inner(x) + 1.0))) == EPSILONS["float16"]


@pytest.mark.usefixtures("tf")
def test_what_only_moves_values_rounds_in_no_dtype() -> None:
    assert function_epsilon(name_of(graph_of(lambda x: x[::-1]))) == 0.0


def test_rounding_moves_what_a_graph_has_computed_by_its_largest_value(tf: Any) -> None:
    graph, x = graph_of(lambda x: tf.nn.softmax(x * 3.0)), tf.cast(tf.linspace(-2.0, 2.0, 64), tf.float32)
    right = graph(x).numpy()
    with rounding_noise(1):
        moved = np.abs(graph(x).numpy() - right)
    assert 0 < moved.max() < 8 * EPSILONS["float32"] * right.max()
    assert moved[right < right.max() / 100].max() > EPSILONS["float32"] * right.max() / 100
