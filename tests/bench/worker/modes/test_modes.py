"""What each mode makes of a function, and of a Keras model; and for what it does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from bench import plan
from bench.worker.checks.recompiles import count_traces
from bench.worker.errors import UnsupportedError
from bench.worker.modes.modes import MODES, Function, mode_of
from bench.worker.modes.tf_options import Options
from bench.worker.workloads.keras_methods import UNCOMPILED, KerasMethod

pytestmark = pytest.mark.usefixtures("tf")

GRAPHS = ("graph", "concrete", "no-grappler", "autocluster", "xla")
"""Modes that make a `tf.function` of their own, as the user's is."""


def wrap(function: Function, mode: str) -> Function:
    return mode_of(mode).wrap(function).function


def plus_one(x: Any) -> Any:
    return x + 1.0


def test_every_mode_of_a_plan_is_declared_and_in_its_order() -> None:
    assert tuple(MODES) == plan.MODES


@pytest.mark.parametrize("mode", GRAPHS)
def test_a_decorated_function_keeps_what_decides_when_it_is_traced(tf: Any, mode: str) -> None:
    signature = [tf.TensorSpec((None,), tf.float32)]
    signed = wrap(tf.function(plus_one, input_signature=signature), mode)
    relaxed = wrap(tf.function(plus_one, reduce_retracing=True), mode)
    plain = wrap(plus_one, mode)
    for size in range(1, 6):
        for function in (signed, relaxed, plain):
            function(tf.zeros((size,)))
    assert [count_traces(function) for function in (signed, relaxed, plain)] == [1, 2, 5]


def test_reduced_retracing_serves_other_shapes_by_its_second_trace(tf: Any) -> None:
    relaxed = wrap(plus_one, "reduce-retracing")
    for size in range(1, 6):
        relaxed(tf.zeros((size,)))
    assert count_traces(relaxed) == 2


def test_a_function_as_it_was_written_is_the_users_own_object(tf: Any) -> None:
    own = tf.function(plus_one, jit_compile=True, reduce_retracing=True)
    wrapped = mode_of("as-written").wrap(own)
    assert wrapped.function is own
    assert wrapped.note == "as written it is a tf.function with jit_compile=True and reduce_retracing=True"


@pytest.mark.parametrize("mode", ["as-written", "predict"])
def test_plain_python_has_no_mode_that_takes_what_the_user_wrote(mode: str) -> None:
    with pytest.raises(UnsupportedError):
        wrap(plus_one, mode)


def test_a_graph_of_the_users_runs_as_written_and_has_no_python_to_run_eagerly() -> None:
    class Signature:
        graph_only = "there is no Python left"

        def __call__(self, x: Any) -> Any:
            return x

    signature = Signature()
    assert wrap(signature, "as-written") is signature
    with pytest.raises(UnsupportedError, match="there is no Python left"):
        wrap(signature, "eager")


def test_options_are_in_force_in_the_modes_that_are_made_of_them_alone() -> None:
    told = {name: mode.options for name, mode in MODES.items() if mode.options != Options()}
    assert told == {
        "as-written": None,
        "no-grappler": Options(grappler=(("disable_meta_optimizer", True),)),
        "autocluster": Options(autoclustering=True),
    }


# --- Keras models -----------------------------------------------------------------------------------------------------


def a_model(**compiled: Any) -> Any:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    if compiled:
        model.compile(**compiled)
    return model


@pytest.mark.parametrize("compiled", [{}, {"optimizer": "sgd", "loss": "mse", "jit_compile": True}])
@pytest.mark.parametrize("method", ["predict", "train_step"])
@pytest.mark.parametrize(
    ("mode", "eagerly", "jit"),
    [("eager", True, False), ("graph", False, False), ("no-grappler", False, False), ("xla", False, True)],
)
def test_keras_compiles_its_methods_as_the_mode_says(
    mode: str, eagerly: bool, jit: bool, method: str, compiled: dict[str, Any]
) -> None:
    model = a_model(**compiled)
    wrap(KerasMethod(model, method), mode)
    assert (model.run_eagerly, model.jit_compile) == (eagerly, jit)


def test_a_train_step_is_that_of_the_optimizer_the_model_was_compiled_with() -> None:
    import keras

    compiled, bare = a_model(optimizer="sgd", loss="mae"), a_model()
    assert mode_of("graph").wrap(KerasMethod(compiled, "train_step")).note == ""
    assert mode_of("graph").wrap(KerasMethod(bare, "train_step")).note == UNCOMPILED
    assert isinstance(compiled.optimizer, keras.optimizers.SGD)
    assert isinstance(bare.optimizer, keras.optimizers.Adam)
    assert (compiled.loss, bare.loss) == ("mae", "mse")


@pytest.mark.parametrize("method", ["predict", "train_step"])
def test_a_model_as_it_was_written_keeps_its_settings_and_tells_them(method: str) -> None:
    model = a_model(optimizer="sgd", loss="mse", jit_compile=True)
    note = mode_of("as-written").wrap(KerasMethod(model, method)).note
    assert model.jit_compile
    assert note == 'as written it is compiled with jit_compile=True (written so, or what "auto" became)'


def test_what_auto_became_is_told_where_that_is_known() -> None:
    model = a_model(optimizer="sgd", loss="mse", jit_compile=True)
    became = a_model().jit_compile
    note = mode_of("predict").wrap(model.__call__).note
    assert note == f'predict is compiled with jit_compile="auto", which became {became}'
    bare = mode_of("as-written").wrap(KerasMethod(a_model(), "predict")).note
    assert bare == f'as written it is not compiled: Keras\'s jit_compile="auto" became {became}'


def test_a_model_that_was_not_compiled_has_no_train_step_of_its_own() -> None:
    with pytest.raises(UnsupportedError, match="no train step of its own"):
        wrap(KerasMethod(a_model(), "train_step"), "as-written")


@pytest.mark.parametrize("mode", ["concrete", "reduce-retracing"])
def test_functions_that_keras_makes_are_not_made_otherwise(mode: str) -> None:
    with pytest.raises(UnsupportedError, match="Keras"):
        wrap(KerasMethod(a_model(), "predict"), mode)
