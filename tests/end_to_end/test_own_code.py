"""Someone else's code, unedited, each ending as a person would expect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.plan import MODES, Case
from bench.session.results import CaseResult
from tests.driver import Driver
from tests.paths import PROGRAMS, README

OWN = PROGRAMS / "own.py"
MODELS = PROGRAMS / "keras_models.py"
WORDY = OWN.with_name("wordy.py")


def own(name: str, **dims: int) -> Case:
    return Case(f"{OWN}::{name}", tuple(dims.items()))


def statuses(result: CaseResult) -> dict[str, str]:
    return {mode.mode: mode.status for mode in result.modes}


UNWRAPPED = ("add",)
"""Functions that are a `tf.function` in their file."""

DTYPES = {"annotated": "float64"}
"""Of functions that settle their dtype; that of the others is the case's."""


@pytest.mark.parametrize(
    ("case", "dims"),
    [
        (own("add", m=5), (("m", 5), ("n", 3))),
        (own("dense_layer"), ()),
        (own("signed"), (("batch", 32),)),
        (own("annotated", batch=4), (("batch", 4), ("w_1", 128))),
        (own("collatz"), ()),
        (own("counter"), ()),
        (own("layer"), (("batch", 4),)),
        (Case(f"{MODELS}::model", (("batch", 3),)), (("batch", 3), ("input_1", 128))),
        (own("no_arguments"), ()),
    ],
    ids=lambda value: value.workload.rpartition(":")[2] if isinstance(value, Case) else None,
)
def test_it_is_measured_in_every_mode(driver: Driver, case: Case, dims: tuple[tuple[str, int], ...]) -> None:
    (result,) = driver.measure(case)
    assert result.error == ""
    assert statuses(result) == {"eager": "ok", "graph": "ok", "xla": "ok"}
    assert result.case.dims == dims
    name = case.workload.rpartition(":")[2]
    assert result.case.dtype == DTYPES.get(name, "float32")
    if name in (*UNWRAPPED, "dense_layer"):
        assert result.unwrapped is (name in UNWRAPPED)


def test_an_edited_file_is_read_again(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "edited.py"
    case = Case(f"{path}::f", inputs="float32[4]")
    path.write_text("def f(x): return x.absent\n")
    (before,) = driver.measure(case)
    path.write_text("def f(x): return x + 1\n")
    (after,) = driver.measure(case)
    assert set(statuses(before).values()) == {"failed"}
    assert after.all_ok


def test_a_syntax_error_names_its_file_and_line(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("x = 1\ndef f(x) return x\n")
    (result,) = driver.measure(Case(f"{path}::f"))
    assert result.error.startswith("SyntaxError: ")
    assert "broken.py, line 2" in result.error


@pytest.mark.slow
def test_what_never_returns_times_out_mode_by_mode(driver: Driver) -> None:
    (result,) = driver.measure(own("never_returns"), case_timeout_s=3)
    assert statuses(result) == {"eager": "timed_out", "graph": "timed_out", "xla": "timed_out"}


def test_what_eats_memory_is_out_of_it(driver: Driver) -> None:
    (result,) = driver.measure(own("eats_memory"))
    assert set(statuses(result).values()) == {"out_of_memory"}


def test_what_raises_is_told_with_its_line(driver: Driver) -> None:
    (result,) = driver.measure(own("raises"))
    assert result.modes[0].error.startswith("RuntimeError: a line of the user's own (own.py:")


ALL_BUT_PREDICT = tuple(mode for mode in MODES if mode not in ("as-written", "predict"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plain", "ValueError: what is wrong (wordy.py:15)"),
        ("own_type", "ShapeError: what is wrong (wordy.py:20)"),
        ("deep", "ShapeError: what is wrong (wordy.py:20)"),
        ("after_empty_lines", "ValueError: what is wrong (wordy.py:29)"),
        ("layer", "ValueError: what is wrong (wordy.py:36)"),
    ],
)
def test_a_message_of_several_lines_keeps_its_first_in_every_mode(driver: Driver, name: str, words: str) -> None:
    (result,) = driver.measure(Case(f"{WORDY}::{name}", modes=ALL_BUT_PREDICT))
    assert {mode.mode: mode.error for mode in result.modes} == dict.fromkeys(ALL_BUT_PREDICT, words)


def test_what_is_raised_while_a_graph_runs_keeps_its_first_line_too(driver: Driver) -> None:
    (result,) = driver.measure(Case(f"{WORDY}::in_python", modes=("eager", "graph", "autocluster")))
    assert {mode.error.partition(" (")[0] for mode in result.modes} == {"ValueError: what is wrong"}


DECLARED = """
from bench import workload

@workload(family="mine")
def f(*, n: int = 5):
    import tensorflow as tf
    return tf.tanh, (tf.ones((n,)),)
"""


def test_the_far_side_answers_to_our_name(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(DECLARED)
    (result,) = driver.measure(Case(f"{tmp_path / 'mine.py'}::f"))
    assert result.all_ok
    assert result.case.dims == (("n", 5),)


def test_a_bench_of_the_users_own_is_theirs(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "__init__.py").write_text("SIZE = 7\n")
    (tmp_path / "mine.py").write_text(
        "import bench\nimport tensorflow as tf\ndef f(): return tf.ones(bench.SIZE) * 2\n"
    )
    (result,) = driver.measure(Case(f"{tmp_path / 'mine.py'}::f"))
    assert result.all_ok


# --- models ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SavedModel with two signatures."""
    tf = pytest.importorskip("tensorflow")
    module = tf.Module()
    module.scale = tf.Variable(2.0)
    vector, matrix = tf.TensorSpec((None,), name="x"), tf.TensorSpec((None, 3), name="x")
    double = tf.function(lambda x: {"doubled": x * module.scale}, input_signature=[vector])
    rows = tf.function(lambda x: {"sums": tf.reduce_sum(x, -1)}, input_signature=[matrix])
    path = tmp_path_factory.mktemp("saved") / "model"
    tf.saved_model.save(module, str(path), signatures={"double": double, "rows": rows})
    return path


def test_a_signature_of_a_saved_model_is_a_graph_already(driver: Driver, saved_model: Path) -> None:
    (result,) = driver.measure(Case(f"{saved_model}::rows", (("batch", 5),)))
    assert statuses(result) == {"eager": "unsupported", "graph": "ok", "xla": "ok"}
    assert "there is no Python left to run eagerly" in result.modes[0].error


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("", "has several signatures: name one, as model::double (double, rows)"),
        ("::absent", "has no signature 'absent': it has double, rows"),
    ],
)
def test_the_signatures_of_a_saved_model_are_named(driver: Driver, saved_model: Path, part: str, words: str) -> None:
    (result,) = driver.measure(Case(f"{saved_model}{part}"))
    assert words in result.error


def test_a_keras_file_is_called_at_the_batch_that_is_asked_for(driver: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    model.save(tmp_path / "small.keras")
    (result,) = driver.measure(Case(str(tmp_path / "small.keras"), (("batch", 7),)))
    assert result.all_ok
    assert result.case.dims == (("batch", 7),)


@pytest.mark.parametrize(
    ("method", "dims"),
    [("predict", (("batch", 3), ("input_1", 4))), ("train_step", (("batch", 3), ("input1_1", 4)))],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_keras_does_around_a_model_is_compiled_as_the_mode_says(
    driver: Driver, method: str, dims: tuple[tuple[str, int], ...]
) -> None:
    (result,) = driver.measure(Case(f"{MODELS}::model.{method}", dims))
    assert result.all_ok
    xla = result.mode("xla")
    assert xla is not None
    assert xla.compilations > 0
    assert all(mode.max_rel_error is not None and mode.max_rel_error < 1e-4 for mode in result.modes)


@pytest.mark.slow
def test_a_model_of_keras_applications_is_measured_from_its_file(driver: Driver, tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    model = keras.applications.MobileNetV2(weights=None, input_shape=(32, 32, 3))
    model.save(tmp_path / "mobile.keras")
    (result,) = driver.measure(Case(str(tmp_path / "mobile.keras"), (("batch", 1),)))
    assert result.all_ok


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.keras", "there is no model"),
        (f"{OWN.parent}/", "is no SavedModel: there is no saved_model.pb in it"),
        ("json:dumps_", "has no function 'dumps_'"),
        ("absent_package:f", "there is no module 'absent_package'"),
    ],
)
def test_what_is_not_there_is_said_not_to_be(driver: Driver, name: str, words: str) -> None:
    (result,) = driver.measure(Case(name))
    assert words in result.error


# --- the README's examples -------------------------------------------------------------------------------------------

EXAMPLES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", README, re.DOTALL))


@pytest.mark.parametrize(
    ("function", "dims"),
    [
        ("steps.py::scale", {"batch": 1000}),
        ("lookup.py::embed", {"batch": 8, "lengths": 3}),
        ("model.py::encoder", {"batch": 2}),
        ("softmax.py::scaled_softmax", {"rows": 16}),
    ],
)
def test_the_examples_of_the_readme_run(driver: Driver, tmp_path: Path, function: str, dims: dict[str, int]) -> None:
    for path, code in EXAMPLES.items():
        (tmp_path / path).write_text(code)
    (result,) = driver.measure(Case(f"{tmp_path}/{function}", tuple(dims.items())))
    assert result.all_ok
    assert dims.items() <= dict(result.case.dims).items()


def test_every_example_of_the_readme_is_run() -> None:
    assert set(EXAMPLES) == {"steps.py", "lookup.py", "model.py", "softmax.py"}


@pytest.mark.parametrize("name", ["dropout.train_step", "called", "noisy"])
def test_what_is_drawn_from_a_generators_own_state_is_compared_by_shape(
    driver: Driver, tmp_path: Path, name: str
) -> None:
    """Every mode starts from the same state, but the same bits need not be the same floats."""
    (tmp_path / "drawing.py").write_text(DRAWING, encoding="utf-8")
    (result,) = driver.measure(Case(f"{tmp_path}/drawing.py::{name}"))
    assert [(mode.status, mode.max_rel_error) for mode in result.modes] == 3 * [("ok", None)]


DRAWING = """
import keras
import tensorflow as tf

layers = [keras.Input((16,)), keras.layers.Dense(32), keras.layers.Dropout(0.5), keras.layers.Dense(4)]
dropout = keras.Sequential(layers)
dropout.compile(optimizer="sgd", loss="mse")
generator = tf.random.Generator.from_seed(7)


def called(x: tf.TensorSpec((8, 16), tf.float32)):
    return dropout(x, training=True)


def noisy(x: tf.TensorSpec((8, 16), tf.float32)):
    return x + generator.normal((8, 16))
"""
