"""Functions of which only graphs are left: no eager, and called as their traces were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.plan import PlanError
from bench.worker.errors import UnsupportedError
from bench.worker.workloads.load import load_workload

from .conftest import Measured


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, tf: Any) -> Path:
    """Return a SavedModel without signatures, of which two functions can be called; the first has two traces."""

    class Ranker(tf.Module):  # type: ignore[misc]
        @tf.function  # type: ignore[untyped-decorator]
        def __call__(self, context: Any, power: int = 2) -> Any:
            return context**power

        @tf.function  # type: ignore[untyped-decorator]
        def score(self, query: Any, *, scale: Any) -> Any:
            return query * scale

    ranker = Ranker()
    ranker(tf.ones(3))
    ranker(tf.ones((2, 2)), 3)
    ranker.score(tf.ones(2), scale=tf.ones(2))
    path = tmp_path_factory.mktemp("saved") / "model"
    tf.saved_model.save(ranker, str(path))
    return path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, tf: Any) -> Path:  # noqa: ARG001
    """Return a Keras model as a SavedModel with signatures."""
    import keras

    path = tmp_path_factory.mktemp("exported") / "model"
    keras.Sequential([keras.Input((3,), name="x"), keras.layers.Dense(2)]).export(str(path), verbose=False)
    return path


RANKER = "ranker = tf.saved_model.load({saved!r})"
PARTIAL = (
    f"import functools\n{RANKER}\nscaled = functools.partial(ranker.score, scale=tf.ones(2))\n"
    "asked = functools.partial(ranker.score, tf.ones(2))"
)
SERVED = "served = tf.saved_model.load({exported!r})\nsignature = served.signatures['serving_default']"
LAYER = "layer = keras.layers.TFSMLayer({exported!r})\nmodel = keras.Sequential([keras.Input((3,)), layer])"
AROUND = f"{SERVED}\ndef around(x: tf.TensorSpec((None, 3))): return signature(x)"
STEP = "step = tf.function(lambda x, k, flag=True: x * k).get_concrete_function(tf.TensorSpec((None, 3)), 2.0)"


@pytest.fixture
def code(saved: Path, exported: Path) -> Callable[[str], str]:
    """Return a function that gives the code of a file in which they are loaded."""
    return lambda text: text.format(saved=str(saved), exported=str(exported))


Code = Callable[[str], str]


@pytest.mark.parametrize(
    ("text", "name", "inputs", "shape"),
    [
        (RANKER, "ranker", "context=float32[3]", (3,)),
        (RANKER, "ranker", "float32[3]", (3,)),
        (RANKER, "ranker.score", "", (2,)),
        (RANKER, "ranker.score", "scale=float32[2], query=float32[2]", (2,)),
        (PARTIAL, "scaled", "", (2,)),
        (PARTIAL, "scaled", "query=float32[2]", (2,)),
        (PARTIAL, "asked", "scale=float32[2]", (2,)),
        (SERVED, "served.serve", "", (4, 2)),
        (LAYER, "layer", "", (4, 2)),
        (LAYER, "layer", "inputs=float32[4,3]", (4, 2)),
        (STEP, "step", "", (4, 3)),
    ],
)
def test_there_is_no_eager_where_no_python_is_left(
    built: Measured, code: Code, text: str, name: str, inputs: str, shape: tuple[int, ...]
) -> None:
    dims = {"batch": 4} if not inputs and shape[0] == 4 else {}
    with pytest.raises(UnsupportedError, match="there is no Python left to run eagerly"):
        built(code(text), name, inputs, "eager", **dims)
    for mode in ("graph", "as-written"):
        assert built(code(text), name, inputs, mode, **dims)().shape == shape


def test_a_signature_that_is_loaded_is_called_by_keyword(built: Measured, code: Code) -> None:
    (output,) = built(code(SERVED), "signature", mode="graph", batch=4)().values()
    assert output.shape == (4, 2)


def test_a_signature_keeps_the_names_of_its_arguments_where_they_are_traced(built: Measured, code: Code) -> None:
    whole = built(code(SERVED), "signature", mode="graph", batch=4)
    traced: Any = whole.function
    argument = traced.get_concrete_function(*whole.arguments).inputs[0]
    assert argument.op.get_attr("_user_specified_name").decode() == "x"


@pytest.mark.parametrize(("text", "name"), [(AROUND, "around"), (LAYER, "model")])
def test_python_around_a_graph_is_run_eagerly(built: Measured, code: Code, text: str, name: str) -> None:
    assert built(code(text), name, mode="eager", batch=4)() is not None


def test_of_several_traces_each_is_told(built: Measured, code: Code) -> None:
    with pytest.raises(PlanError) as refused:
        built(code(RANKER), "ranker")
    assert (
        "say by --inputs which to call, one of (context=float32[2,2], power=3); (context=float32[3], power=2)"
        in str(refused.value)
    )


def test_what_can_be_called_is_told_where_the_object_cannot(built: Measured, code: Code) -> None:
    with pytest.raises(
        PlanError, match=r"served is a \w+, which cannot be called: name what can be, serve\(\w+\), as "
    ):
        built(code(SERVED), "served")


def test_a_saved_model_without_signatures_says_what_can_be_called_and_how(saved: Path) -> None:
    with pytest.raises(PlanError) as refused:
        load_workload(f"{saved}/")
    for words in (
        "model has no signature to call; what can be called is __call__(context, power), score(query, scale): ",
        f"write model = tf.saved_model.load('{saved}/') in a FILE.py and run FILE.py::model",
    ):
        assert words in str(refused.value)
    with pytest.raises(PlanError, match=r"has no signature 'score'; .* run FILE\.py::model\.score"):
        load_workload(f"{saved}::score")
