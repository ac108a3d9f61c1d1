"""Every variable that a mode makes is known, and all modes begin with the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.worker.modes.variables import Starts, Variables, spoken_name


def lazy(tf: Any) -> Any:
    """Return a function that makes a random variable in its first call, and adds to it in each."""
    kept: list[Any] = []

    def call(x: Any) -> Any:
        if not kept:
            kept.append(tf.Variable(tf.random.normal((3,))))
        kept[0].assign_add(x)
        return kept[0] * 2

    return call


def observed(function: Any, starts: Starts, tf: Any) -> tuple[list[Any], Any]:
    """What a function's variables hold after its first call, and what that returned; traced first if it can be."""
    variables = Variables(starts)
    with variables.recorded():
        variables.begin()
        if hasattr(function, "get_concrete_function"):
            function.get_concrete_function(tf.ones(3))
        variables.begin()
        output = function(tf.ones(3))
    return variables.values(), output.numpy()


@pytest.mark.parametrize("traced_first", [False, True])
def test_a_variable_that_a_call_makes_begins_alike_in_eager_and_in_a_trace(tf: Any, traced_first: bool) -> None:
    starts = Starts()
    modes = [lazy(tf), tf.function(lazy(tf)), tf.function(lazy(tf), jit_compile=True)]
    found = [observed(mode, starts, tf) for mode in (reversed(modes) if traced_first else modes)]
    (first,), output = found[0]
    for values, other in found[1:]:
        np.testing.assert_allclose(values[0], first, rtol=1e-6)
        np.testing.assert_allclose(other, output, rtol=1e-6)


def test_what_is_loaded_while_a_workload_is_built_is_the_start(tf: Any) -> None:
    starts = Starts()
    for value in (5.0, 7.0):
        variables = Variables(starts)
        with variables.recorded():
            variable = tf.Variable(0.0)
            variable.assign(value)
        variables.begin()
        assert variable.numpy() == 5.0


def test_a_start_of_another_shape_is_left_aside(tf: Any) -> None:
    starts = Starts([np.zeros(4, np.float32)])
    variables = Variables(starts)
    with variables.recorded():
        variable = tf.Variable(tf.ones(3))
    variables.begin()
    assert list(variable.numpy()) == [1, 1, 1]


def test_layers_and_optimizers_are_recorded_too(tf: Any) -> None:
    import keras

    variables = Variables(Starts())
    with variables.recorded():
        layer = keras.layers.Dense(2)
        tf.function(layer)(tf.ones((1, 3)))
        keras.optimizers.Adam().build(layer.trainable_variables)
    shapes = [value.shape for value in variables.values() if value is not None]
    assert shapes.count((3, 2)) == 3  # the kernel and its two moments


def test_a_variable_is_called_what_the_code_calls_it(tf: Any) -> None:
    bank = type("Bank", (), {})()
    bank.balance = tf.Variable(1)
    assert spoken_name(bank.balance) == "balance"
    assert spoken_name(tf.Variable(1, name="named")) == "named"
