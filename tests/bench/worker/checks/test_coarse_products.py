"""What a device moves that multiplies float32 in TensorFloat-32: products of matrices, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bench.worker.checks.function_dtypes import function_epsilon
from bench.worker.checks.hidden_state import narrowest_epsilon
from bench.worker.checks.rounding_noise import rounding_noise
from bench.worker.checks.verify import EPSILONS, TENSOR_FLOAT_32_EPSILON

pytestmark = pytest.mark.usefixtures("tf")

RUNS = 4

Function = Callable[[], Any]


def spread(function: Function, contraction_epsilon: float) -> float:
    """Tell how far any value moves at most, in parts of the largest."""
    right = np.asarray(function())
    moved = 0.0
    for run in range(1, RUNS + 1):
        with rounding_noise(run, contraction_epsilon=contraction_epsilon):
            moved = max(moved, float(np.max(np.abs(np.asarray(function()) - right))))
    return moved / float(np.max(np.abs(right)))


def is_coarser(function: Function) -> bool:
    """Tell whether values move much further on such a device than on others."""
    return spread(function, TENSOR_FLOAT_32_EPSILON) > 16 * spread(function, 0.0)


def values(*shape: int, dtype: str = "float32") -> Any:
    import tensorflow as tf

    return tf.cast(tf.constant(np.random.default_rng(0).normal(size=shape)), dtype)


def gradient_of_convolution() -> Any:
    import tensorflow as tf

    return tf.raw_ops.Conv3DBackpropFilterV2(
        input=values(1, 4, 4, 4, 2),
        filter_sizes=[2, 2, 2, 2, 3],
        out_backprop=values(1, 3, 3, 3, 3),
        strides=[1] * 5,
        padding="VALID",
    )


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_a_product_of_matrices_is_coarser(tf: Any, dtype: str) -> None:
    a = values(8, 8, dtype=dtype)
    assert is_coarser(lambda: tf.matmul(a, a))
    assert is_coarser(lambda: tf.einsum("ij,jk->ik", a, a))


def test_a_convolution_and_its_gradient_are_coarser(tf: Any) -> None:
    assert is_coarser(lambda: tf.nn.conv2d(values(1, 5, 5, 2), values(3, 3, 2, 4), 1, "SAME"))
    assert is_coarser(gradient_of_convolution)


def test_other_sums_of_float32_are_not(tf: Any) -> None:
    a = values(40, 40)
    assert not is_coarser(lambda: tf.reduce_sum(a))
    assert not is_coarser(lambda: tf.cumsum(a))
    assert not is_coarser(lambda: tf.math.unsorted_segment_sum(a, tf.range(40) % 3, 3))
    assert not is_coarser(lambda: tf.nn.avg_pool2d(values(1, 8, 8, 2), 2, 2, "VALID"))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_products_in_other_dtypes_are_not(tf: Any, dtype: str) -> None:
    a = values(8, 8, dtype=dtype)
    assert not is_coarser(lambda: tf.cast(tf.matmul(a, a), tf.float64))


def test_whole_numbers_are_exact_as_far_as_it_has_digits(tf: Any) -> None:
    few, many = tf.constant([[3.0, 2048.0]]), tf.constant([[3.0, 4097.0]])
    weights = tf.constant([[1.0], [1.0]])
    assert spread(lambda: tf.matmul(few, weights), TENSOR_FLOAT_32_EPSILON) == 0
    assert spread(lambda: tf.matmul(many, weights), TENSOR_FLOAT_32_EPSILON) > 0


@pytest.mark.parametrize(
    ("multiplies", "dtype", "coarse"),
    [(True, "float32", True), (False, "float32", False), (True, "float64", False)],
)
def test_a_graph_is_coarse_where_it_multiplies_matrices_of_float32(
    tf: Any, multiplies: bool, dtype: str, coarse: bool
) -> None:
    def compute(x: Any) -> Any:
        return tf.matmul(x, x) if multiplies else tf.reduce_sum(x) * x

    graph = tf.function(compute).get_concrete_function(tf.TensorSpec((4, 4), dtype))
    epsilon = TENSOR_FLOAT_32_EPSILON if coarse else EPSILONS[dtype]
    name = graph.name.decode() if isinstance(graph.name, bytes) else graph.name
    assert narrowest_epsilon(graph, 0, TENSOR_FLOAT_32_EPSILON) == epsilon
    assert function_epsilon(name, TENSOR_FLOAT_32_EPSILON) == epsilon


def test_an_output_beside_the_product_is_not_coarse(tf: Any) -> None:
    graph = tf.function(lambda x: (x + 1.0, tf.matmul(x, x))).get_concrete_function(tf.TensorSpec((4, 4)))
    assert narrowest_epsilon(graph, 0, TENSOR_FLOAT_32_EPSILON) == EPSILONS["float32"]
    assert narrowest_epsilon(graph, 1, TENSOR_FLOAT_32_EPSILON) == TENSOR_FLOAT_32_EPSILON
