"""What errors of one rounding in each operation move, and what they leave alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.worker.checks.rounding_noise import rounding_noise
from bench.worker.checks.verify import EPSILONS

RUNS = 4


def spread(function: Callable[[], Any]) -> NDArray[np.float64]:
    """Tell how far each value moves at most."""
    right = np.asarray(function(), np.float64)
    moved = np.zeros(right.shape)
    for run in range(1, RUNS + 1):
        with rounding_noise(run):
            found = function()
        moved = np.maximum(moved, np.abs(np.asarray(found, np.float64) - right))
    return moved


def values(*shape: int, dtype: str = "float32") -> Any:
    import tensorflow as tf

    return tf.cast(tf.constant(np.random.default_rng(0).normal(size=shape)), dtype)


@pytest.mark.usefixtures("tf")
@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32", "float64"])
def test_an_operation_is_off_by_an_epsilon_of_its_own_dtype(dtype: str) -> None:
    x = values(1000, dtype=dtype)
    right = np.abs(np.asarray(x * x, np.float64))
    relative = spread(lambda: x * x)[right > 1e-3] / right[right > 1e-3]
    assert 0.5 * EPSILONS[dtype] < relative.max() <= 2 * EPSILONS[dtype]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_a_number_of_pythons_is_rounded_before_it_multiplies(tf: Any, dtype: str) -> None:
    tens = tf.cast(10 * tf.range(1, 11), dtype)  # nine tenths of each are whole, but of no dtype's 0.9
    assert np.all(spread(lambda: tens * 0.9) > 0)


@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
def test_elu_is_off_by_an_epsilon_of_the_one_that_it_subtracts(tf: Any, dtype: str) -> None:
    x = -tf.abs(values(1000, dtype=dtype)) / 100
    assert 0.5 * EPSILONS[dtype] < spread(lambda: tf.nn.elu(x)).max() < 2.5 * EPSILONS[dtype]


def test_erfinv_is_off_by_an_epsilon_of_the_one_that_it_adds(tf: Any) -> None:
    assert 0.4 * EPSILONS["float32"] < spread(lambda: tf.math.erfinv(values(1000) / 1e6)).max()


def test_functions_that_are_defined_up_to_one_stay_defined(tf: Any) -> None:
    for dtype in EPSILONS:
        x = tf.tile(tf.constant([1.0, -1.0], dtype), [50])
        assert np.all(spread(lambda x=x: tf.acos(x)) < 1)  # type: ignore[misc]


def test_functions_computed_by_series_are_off_by_more_roundings(tf: Any) -> None:
    x = tf.abs(values(1000, dtype="float64")) + 1
    assert spread(lambda: tf.math.log1p(x)).max() > 10 * EPSILONS["float64"]


def test_such_functions_of_short_floats_are_computed_in_float32(tf: Any) -> None:
    x = tf.abs(values(1000, dtype="bfloat16")) + 1
    assert spread(lambda: tf.math.log1p(x)).max() < 4 * EPSILONS["bfloat16"]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_running_sum_that_stands_still_is_off_by_what_it_leaves_out(tf: Any, dtype: str) -> None:
    x = tf.fill([8000], tf.constant(0.4, dtype))
    left_out = 3200 - float(tf.cumsum(x)[-1])
    assert left_out > 1000
    assert spread(lambda: tf.cumsum(x))[-1] > left_out / 8


def test_a_sum_that_overflows_on_the_way_to_a_mean_is_no_number(tf: Any) -> None:
    x = tf.fill([2000], tf.constant(50.0, tf.float16))
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(spread(lambda: tf.reduce_mean(x)))


def test_what_overflows_in_float16_stays_infinite_and_leaves_unknown_what_comes_of_it(tf: Any) -> None:
    x = tf.constant([300.0, 2.0], tf.float16)
    with np.errstate(invalid="ignore"):
        assert np.isnan(spread(lambda: x * x)[0])  # infinite, less infinite
        for run in (1, 2):
            with rounding_noise(run):
                square = tf.reshape(x * x, (2, 1))
                root = tf.sqrt(square)
            assert np.isposinf(square.numpy()[0, 0])
            assert np.isnan(root.numpy()[0, 0])
            assert np.isfinite(root.numpy()[1, 0])


def test_infinite_numbers_that_were_given_are_known(tf: Any) -> None:
    x = tf.constant([-np.inf, 2.0, 1.0], tf.float16)
    with rounding_noise(1):
        shares = tf.nn.softmax(x).numpy()
    assert shares[0] == 0
    assert np.isfinite(shares).all()


def test_a_sum_of_whole_numbers_that_is_too_large_to_be_one_moves(tf: Any) -> None:
    assert spread(lambda: tf.cumsum(tf.ones([1000], tf.bfloat16)))[-1] > 1
    assert np.all(spread(lambda: tf.cumsum(tf.ones([100], tf.bfloat16))) == 0)


def test_a_sigmoid_of_float16_may_vanish_where_the_exponential_overflows(tf: Any) -> None:
    x = tf.constant([-12.0, -1.0], tf.float16)
    right, moved = tf.sigmoid(x).numpy(), spread(lambda: tf.sigmoid(x))
    assert moved[0] > right[0] / 8
    assert moved[1] < right[1] / 100


def test_vectors_of_a_decomposition_may_be_turned_round_together(tf: Any) -> None:
    x = values(6, 4, dtype="float64")

    def product() -> Any:
        s, u, v = tf.linalg.svd(x)
        return tf.matmul(u * s, v, transpose_b=True)

    assert spread(lambda: tf.linalg.svd(x)[1]).max() > 0.5
    assert spread(product).max() < 1e-12
    assert spread(lambda: tf.matmul(*tf.linalg.qr(x))).max() < 1e-12
    assert spread(lambda: tf.linalg.svd(x, compute_uv=False)).max() < 1e-12


def test_vectors_that_only_complete_a_decomposition_have_any_direction(tf: Any) -> None:
    x = values(6, 4, dtype="float64")
    moved = spread(lambda: tf.abs(tf.linalg.svd(x, full_matrices=True)[1]))
    assert moved[:, :4].max() < 1e-12
    assert moved[:, 4:].max() > 0.1
    assert spread(lambda: tf.matmul(*tf.linalg.qr(x, full_matrices=True))).max() < 1e-12


def test_a_quotient_moves_where_a_product_with_the_inverse_would_round(tf: Any) -> None:
    x = tf.range(0.0, 700.0, 7.0)
    assert np.all(spread(lambda: x / 7)[1:] > 0)
    assert np.all(spread(lambda: x / 8) == 0)


def test_gradients_pass_such_functions(tf: Any) -> None:
    x = -tf.abs(values(100))
    with rounding_noise(1), tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.elu(x) + tf.math.log1p(-x)
    assert np.all(tape.gradient(y, x) != 0)


def test_what_cancels_moves_as_far_as_what_was_cancelled(tf: Any) -> None:
    x = values(100) * 1000
    assert spread(lambda: (x * x - 0.5) - x * x).max() > 1e-2
    assert spread(lambda: tf.reduce_sum(tf.concat([x, -x], 0))).max() > 1e-5


def test_nothing_moves_where_nothing_is_rounded(tf: Any) -> None:
    x, whole = values(20, 20), tf.range(20.0)
    for exact in (
        lambda: tf.transpose(tf.maximum(x, 0.0)),
        lambda: whole * 3 + 1,
        lambda: tf.reduce_sum(tf.cast(x > 0, tf.float32), 0),
        lambda: tf.linalg.matvec(tf.eye(20) * 2, whole),
        lambda: x * 0.5,
        lambda: tf.cast(tf.cast(x, tf.float64), tf.float32),
        lambda: tf.cast(tf.argmax(x), tf.float32),
    ):
        assert spread(exact).max() == 0


@pytest.mark.usefixtures("tf")
def test_negative_numbers_keep_their_whole_powers() -> None:
    assert np.isfinite(spread(lambda: values(50) ** 2)).all()


def test_gradients_are_recorded_and_move(tf: Any) -> None:
    variable = tf.Variable(values(8, 8))

    def gradient() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.tanh(variable @ variable))
        return tape.gradient(loss, variable)

    assert 0 < spread(gradient).max() < 1e-4


def test_a_function_that_is_traced_elsewhere_is_moved_inside(tf: Any) -> None:
    inner = tf.function(lambda x: (x * x - 0.5) - x * x)
    x = values(100) * 1000
    assert spread(lambda: inner(x)).max() > 1e-2
    assert not tf.config.functions_run_eagerly()


@pytest.mark.usefixtures("tf")
def test_afterwards_operations_are_executed_as_before() -> None:
    x = values(100)
    before = (x / 3).numpy()
    with pytest.raises(ZeroDivisionError), rounding_noise(1):
        raise ZeroDivisionError
    assert np.array_equal((x / 3).numpy(), before)
