"""The user's own callables: what they are called with, and which of that can be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.catalogue import Workload, find
from bench.plan import MIXED, Case, PlanError
from bench.worker.modes.build import build
from bench.worker.workloads import user_modules
from bench.worker.workloads.load import load_workload
from tests.paths import PROGRAMS

OWN = PROGRAMS / "own.py"


pytestmark = pytest.mark.usefixtures("tf")


def own(name: str, inputs: str = "") -> Workload:
    return load_workload(f"{OWN}::{name}", inputs)


def sizes(workload: Workload) -> dict[str, int]:
    return {dim.name: dim.default for dim in workload.dims}


def arguments(workload: Workload, **dims: int) -> list[Any]:
    """What each call is given: shapes of tensors, other values as they are."""
    case = Case(workload.name, tuple(dims.items()))
    built = build(workload, case, "eager")
    return [[getattr(each, "shape", each) for each in one] for one in built.argument_sets]


# --- where inputs come from ------------------------------------------------------------------------------------------


def test_a_function_beside_it_makes_its_inputs_and_has_its_dimensions() -> None:
    workload = own("add")
    assert sizes(workload) == {"m": 2, "n": 3}
    assert arguments(workload, m=5) == [[(5, 3), (5, 3)]]
    assert workload.unwrapped


def test_what_is_no_tf_function_is_not_unwrapped() -> None:
    workload = own("dense_layer")
    assert not workload.unwrapped
    assert arguments(workload) == [[(3, 2), (2, 2), (2,)]]


def test_a_generator_of_arguments_is_a_set_for_each_call() -> None:
    built = build(own("collatz"), Case("collatz"), "graph")
    assert [int(built.function(*one)) for one in built.argument_sets] == [8, 16, 19]


def test_sizes_that_an_input_signature_leaves_open_are_dimensions() -> None:
    workload = own("signed")
    assert sizes(workload) == {"batch": 32}
    assert arguments(workload, batch=3) == [[(3, 4), (3,)]]


def test_annotations_say_shapes_and_dtype() -> None:
    workload = own("annotated")
    assert sizes(workload) == {"batch": 32, "w_1": 128}
    assert workload.dtypes == ("float64", *MIXED)
    assert workload.help == "A product, scaled."
    assert arguments(workload, batch=2, w_1=7) == [[(2, 8), (8, 7)]]


def test_a_keras_model_knows_its_inputs() -> None:
    workload = load_workload(f"{PROGRAMS / 'keras_models.py'}::model")
    names = list(sizes(workload))
    assert names[0] == "batch"
    assert arguments(workload, **dict(zip(names, (2, 5), strict=True))) == [[(2, 5, 6)]]


def test_a_layer_is_built_by_what_its_inputs_are() -> None:
    workload = own("layer")
    built = build(workload, Case("layer", dtype="float32"), "xla")
    with built.variables.recorded():
        assert built().shape == (4, 3)
    assert [tuple(variable.shape) for variable in built.variables][-2:] == [(5, 3), (3,)]
    assert workload.takes_dtype


def test_a_function_of_nothing_is_called_with_nothing() -> None:
    assert arguments(own("no_arguments")) == [[]]


def test_what_is_given_comes_before_what_is_found() -> None:
    workload = own("add", "x=float32[rows=4, 2], float32[rows, 2]")
    assert sizes(workload) == {"rows": 4}
    assert arguments(workload) == [[(4, 2), (4, 2)]]


def test_inputs_for_the_whole_file_serve_what_has_none_of_its_own() -> None:
    assert arguments(own("helper")) == [[(2, 2)]]


def test_where_nothing_says_what_to_call_it_with_the_ways_to_say_so_are_named(tmp_path: Path) -> None:
    (tmp_path / "bare.py").write_text("def f(x, y): return x + y\n")
    with pytest.raises(PlanError) as refused:
        load_workload(f"{tmp_path / 'bare.py'}::f")
    assert "--inputs 'x=float32[batch=32,64], y=float32[batch=32,64]'" in str(refused.value)
    assert "f_inputs()" in str(refused.value)


# --- what is read ----------------------------------------------------------------------------------------------------


def test_nothing_calls_or_traces_the_users_object_while_a_mode_is_built() -> None:
    for mode in ("eager", "graph", "xla"):
        built = build(own("counter"), Case("counter"), mode)
        assert [variable for variable in built.variables if variable.shape == ()] == []


def test_a_module_on_the_path_is_read_as_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "steps.py").write_text("def f(*, n: int = 3): ...\n")
    monkeypatch.setattr(user_modules, "HOME", str(tmp_path))
    assert sizes(load_workload("pkg.steps:f")) == {"n": 3}
    (tmp_path / "pkg" / "steps.py").write_text("def f(*, n: int = 44): ...\n")
    assert sizes(load_workload("pkg.steps:f")) == {"n": 44}
    with pytest.raises(PlanError, match=r"there is no module 'pkg\.absent'"):
        load_workload("pkg.absent:f")


def test_the_catalogues_own_form_needs_no_installation_and_yields_to_a_bench_of_the_users(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from bench import workload\n\n@workload(family='mine')\ndef f(*, n: int = 5): ...\n"
    )
    assert sizes(load_workload(f"{tmp_path / 'mine.py'}::f")) == {"n": 5}


def test_a_file_that_goes_elsewhere_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_modules, "HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(
        "import os\nos.chdir(os.path.dirname(os.path.abspath(__file__)))\ndef f(*, n: int = 5): ...\n"
    )
    assert [sizes(load_workload("sub/a.py::f")) for _ in range(2)] == [{"n": 5}, {"n": 5}]


def test_what_one_file_sets_keras_to_compute_in_is_undone(tmp_path: Path) -> None:
    import keras

    (tmp_path / "a.py").write_text(
        "import keras\nkeras.mixed_precision.set_global_policy('mixed_bfloat16')\ndef f(): return keras.ops.ones(3)\n"
    )
    load_workload(f"{tmp_path / 'a.py'}::f")
    build(find("matmul"), Case("matmul", (("m", 1), ("k", 1), ("n", 1))), "eager")
    assert keras.config.dtype_policy().name == "float32"


def test_an_objects_own_call_says_what_it_takes_and_a_methods_inputs_go_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import tensorflow as tf\n"
        "class Net(tf.Module):\n"
        "    @tf.function(input_signature=[tf.TensorSpec((None, 3))])\n"
        "    def __call__(self, x): return x + 1\n"
        "    def step(self, x): return x * 2\n"
        "net = Net()\n"
        "def step_inputs(*, rows: int = 4): return (tf.ones(rows),)\n"
    )
    assert sizes(load_workload(f"{tmp_path / 'net.py'}::net")) == {"batch": 32}
    assert sizes(load_workload(f"{tmp_path / 'net.py'}::net.step")) == {"rows": 4}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent", "has no function 'absent'"),
        ("number", "number is an int, which cannot be called"),
        ("counter.absent", "has no function 'counter.absent'"),
    ],
)
def test_what_cannot_be_called_is_refused(name: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        own(name)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ("x", "'x' are not understood"),
        ("float32[2", "are not understood"),
        ("float33[2]", "there is no dtype 'float33'"),
        ("float32[2x]", "'2x' is no size"),
    ],
)
def test_inputs_that_make_no_sense_are_refused(inputs: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        own("add", inputs)
