"""Every mode, in a real worker in which autoclustering may compile for a CPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.analysis.verdict import advise
from bench.events import Hello, Noted, PhaseFinished, PhaseStarted, Round
from bench.plan import MODES, Case
from bench.session.results import CaseResult, ModeResult
from tests.driver import Driver
from tests.programs import MODES as FILE
from tests.programs import SWITCHED_ON

FLAG = "--tf_xla_cpu_global_jit"
"""Without it, what TensorFlow clusters for a CPU is nothing."""

OF_A_FUNCTION = tuple(mode for mode in MODES if mode not in ("as-written", "predict"))

OF_KERAS = ("eager", "as-written", "graph", "no-grappler", "autocluster", "xla")


@pytest.fixture(scope="module")
def clustering() -> Iterator[Driver]:
    """An engine whose worker is started with FLAG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TF_XLA_FLAGS", FLAG)
        with Driver() as driver:
            driver.wait_for(Hello)
            yield driver


def own(name: str, *modes: str, file: Path = FILE) -> Case:
    return Case(f"{file}::{name}", modes=modes or MODES)


def statuses(result: CaseResult) -> dict[str, str]:
    return {mode.mode: mode.status for mode in result.modes}


def with_status(result: CaseResult, status: str) -> tuple[str, ...]:
    return tuple(mode.mode for mode in result.modes if mode.status == status)


def compiled_in(result: CaseResult) -> set[str]:
    """The modes in whose first calls XLA compiled something."""
    return {mode.mode for mode in result.modes if mode.compilations}


def known(result: CaseResult, mode: str) -> ModeResult:
    return result.known_mode(mode)


def test_a_function_is_measured_in_every_mode_that_there_is_of_it(clustering: Driver) -> None:
    (result,) = clustering.measure(Case("elementwise_chain", (("size", 1000), ("length", 10)), modes=MODES))
    assert with_status(result, "ok") == OF_A_FUNCTION
    assert with_status(result, "unsupported") == ("as-written", "predict")
    traced = tuple(mode.mode for mode in result.modes if mode.trace_s is not None)
    assert traced == OF_A_FUNCTION[1:]
    text = advise(result).text
    assert "There is no version of your own: it is plain Python, which eager runs as it is written." in text
    assert "There is no predict to call: it is no Keras model." in text


# --- autoclustering ---------------------------------------------------------------------------------------------------


def test_autoclustering_compiles_where_graph_does_not(clustering: Driver) -> None:
    (result,) = clustering.measure(own("chain", "eager", "graph", "no-grappler", "autocluster"))
    assert result.all_ok
    assert compiled_in(result) == {"autocluster"}
    assert known(result, "autocluster").notes == ()


@pytest.mark.parametrize("name", ["chain", "growing_chain"])
def test_clusters_are_compiled_before_the_rounds(clustering: Driver, name: str) -> None:
    mark = clustering.mark
    (result,) = clustering.measure(own(name, "graph", "autocluster"))
    events = clustering.emitted[mark:]
    compiled = {event.phase for event in events if isinstance(event, PhaseFinished) and event.compilations}
    assert compiled <= {"first_call", "argument_sets"}
    assert "first_call" in compiled
    visits = [visit for event in events if isinstance(event, Round) for visit in event.visits]
    assert visits
    assert not any(visit.void for visit in visits)
    mode = known(result, "autocluster")
    assert mode.compile_s is not None
    assert mode.first_call_s is not None
    assert 0 < mode.compile_s <= mode.first_call_s


def test_what_a_mode_puts_in_force_is_so_in_each_of_its_calls_and_in_no_other(clustering: Driver) -> None:
    (result,) = clustering.measure(own("guarded", "graph", "autocluster"))
    assert statuses(result) == {"graph": "failed", "autocluster": "ok"}
    assert known(result, "autocluster").breakdown is not None


def test_where_nothing_is_clustered_that_is_said(clustering: Driver) -> None:
    (result,) = clustering.measure(own("one_op", "graph", "autocluster"))
    assert result.all_ok
    assert "Autoclustering found nothing to compile, so it is graph under another name." in advise(result).remarks


# --- as it is written -------------------------------------------------------------------------------------------------


def test_a_tf_function_as_written_does_what_it_says(clustering: Driver) -> None:
    (result,) = clustering.measure(own("compiled_chain", "eager", "as-written", "graph"))
    assert result.all_ok
    assert compiled_in(result) == {"as-written"}
    assert "As written it is a tf.function with jit_compile=True." in advise(result).remarks


def test_what_a_file_switches_on_is_in_force_as_written_and_ends_with_its_case(clustering: Driver) -> None:
    switched, after = clustering.measure(
        own("chain", "eager", "as-written", "graph", file=SWITCHED_ON), Case("elementwise_chain", modes=("graph",))
    )
    assert switched.all_ok
    assert compiled_in(switched) == {"as-written"}
    assert 'As written it is a tf.function, under set_jit("autoclustering").' in advise(switched).remarks
    assert after.all_ok
    assert compiled_in(after) == set()


def test_a_signature_as_written_is_its_own_graph(clustering: Driver, tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    module = tf.Module()
    module.double = tf.function(lambda x: 2 * x, input_signature=[tf.TensorSpec((3,))])
    tf.saved_model.save(module, str(tmp_path), signatures={"double": module.double})
    (result,) = clustering.measure(Case(f"{tmp_path}/", modes=("eager", "as-written", "graph")))
    assert statuses(result) == {"eager": "unsupported", "as-written": "ok", "graph": "ok"}
    assert "As written it is a SavedModel's own graph." in advise(result).remarks


# --- concrete functions -----------------------------------------------------------------------------------------------


def test_a_concrete_function_is_not_called_with_other_shapes(clustering: Driver) -> None:
    (result,) = clustering.measure(own("growing_chain", "graph", "concrete"))
    assert statuses(result) == {"graph": "ok", "concrete": "unsupported"}
    assert known(result, "concrete").error == "argument set 2 needs a trace of its own"


def test_a_concrete_function_serves_all_shapes_that_its_signature_leaves_open(clustering: Driver) -> None:
    (result,) = clustering.measure(own("open_chain", "graph", "concrete"))
    assert result.all_ok
    breakdown = known(result, "concrete").breakdown
    assert breakdown is not None
    assert breakdown.dispatch_s is None


# --- Keras ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "modes"), [("predict", (*OF_KERAS, "predict")), ("train_step", OF_KERAS)])
def test_keras_says_what_became_of_auto(clustering: Driver, method: str, modes: tuple[str, ...]) -> None:
    mark = clustering.mark
    (result,) = clustering.measure(own(f"compiled.{method}"))
    assert with_status(result, "ok") == modes
    notes = {event.mode: event.note for event in clustering.emitted[mark:] if isinstance(event, Noted)}
    became = 'as written it is compiled with jit_compile=False (written so, or what "auto" became)'
    assert notes["as-written"] == became
    if method == "predict":
        assert notes["predict"] == 'predict is compiled with jit_compile="auto", which became False'


def test_predict_stands_beside_a_models_plain_call(clustering: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    model.compile(optimizer="adam", loss="mse")
    model.save(tmp_path / "small.keras")
    in_a_file = Case(str(tmp_path / "small.keras"), modes=("eager", "graph", "predict"))
    for result in clustering.measure(own("bare", "eager", "graph", "predict"), in_a_file):
        assert result.all_ok


def test_a_loss_of_classes_gets_the_numbers_of_classes(clustering: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer="sgd", loss=keras.losses.SparseCategoricalCrossentropy(), jit_compile=True)
    model.save(tmp_path / "classes.keras")
    in_a_file = Case(f"{tmp_path / 'classes.keras'}::train_step", modes=("eager", "as-written", "graph"))
    for result in clustering.measure(own("classifier.train_step", "eager", "as-written", "graph"), in_a_file):
        assert result.all_ok
        assert compiled_in(result) == {"as-written"}
        assert not any("mean squared error" in remark for remark in advise(result).remarks)


def test_a_train_step_of_a_model_that_was_not_compiled_is_said_to_be_adams(clustering: Driver) -> None:
    (result,) = clustering.measure(own("bare.train_step", "eager", "as-written", "graph"))
    assert statuses(result) == {"eager": "ok", "as-written": "unsupported", "graph": "ok"}
    remarks = advise(result).remarks
    assert "The model is not compiled, so its train step is Adam's on the mean squared error." in remarks


def test_a_loss_that_no_drawn_target_fits_says_how_to_give_targets(clustering: Driver) -> None:
    (result,) = clustering.measure(own("choosy.train_step", "eager", "graph"))
    assert result.error.startswith("the model's loss does not take targets drawn at random (ValueError: these are no")
    assert result.error.endswith(
        "a function train_step_inputs() beside it that returns inputs and targets, or give --inputs"
    )


def test_targets_come_from_a_function_beside_the_model(clustering: Driver, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(
        "import keras, tensorflow as tf\n"
        "def picky(y, p):\n"
        "    assert y.shape[-1] == 5\n"
        "    return tf.reduce_mean(y) * tf.reduce_mean(p)\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
        "model.compile(optimizer='sgd', loss=picky)\n"
        "def train_step_inputs(*, batch: int = 2):\n"
        "    return tf.ones((batch, 4)), tf.ones((batch, 5))\n"
    )
    (result,) = clustering.measure(Case(f"{path}::model.train_step", (("batch", 6),)))
    assert result.all_ok


def test_phases_of_modes_beside_the_three_are_told_as_theirs(clustering: Driver) -> None:
    mark = clustering.mark
    clustering.measure(own("chain", "concrete", "autocluster"))
    told = [
        (event.mode, event.phase)
        for event in clustering.emitted[mark:]
        if isinstance(event, PhaseStarted) and event.mode
    ]
    assert told == [(mode, phase) for mode in ("concrete", "autocluster") for phase in ("build", "trace", "first_call")]
