"""Where a callable's arguments come from, in which order, and what is said where nothing tells."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.plan import PlanError
from bench.worker.workloads.load import load_workload

from .conftest import Measured


def shapes(built: Any) -> list[Any]:
    """Return the shapes of the tensors of each argument set, other values as they are."""
    return [[getattr(each, "shape", each) for each in one] for one in built.argument_sets]


SIGNED = "@tf.function(input_signature=[tf.TensorSpec((None, 3))])\ndef f(x): return x"
ANNOTATED = "def f(x: tf.TensorSpec((None, 3))): return x"
OWN, ALL = "def f_inputs(): return (tf.ones((5, 3)),)", "def inputs(): return (tf.ones((6, 3)),)"


@pytest.mark.parametrize(
    ("code", "inputs", "rows"),
    [
        ([SIGNED, OWN, ALL], "x=float32[7,3]", 7),
        ([SIGNED, OWN, ALL], "", 5),
        ([ANNOTATED, OWN, ALL], "", 5),
        ([SIGNED, ALL], "", 32),
        ([ANNOTATED, ALL], "", 32),
        (["def f(x): return x", ALL], "", 6),
        (["f = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])", OWN, ALL], "", 5),
        (["f = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])", ALL], "", 6),
        (["f = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])"], "", 32),
    ],
)
def test_the_order_of_sources(built: Measured, code: list[str], inputs: str, rows: int) -> None:
    assert shapes(
        built("\n".join(code), "f", inputs, batch=32) if rows == 32 else built("\n".join(code), "f", inputs)
    ) == [[(rows, 3)]]


RAGGED = "return (tf.RaggedTensor.from_row_lengths(tf.ones((3,)), [1, 2]),)"


@pytest.mark.parametrize(
    "spec", ["tf.RaggedTensorSpec((None, None))", "tf.SparseTensorSpec((None, 9))", "tf.TensorSpec(None)"]
)
@pytest.mark.parametrize("maker", ["f_inputs", "inputs"])
def test_what_cannot_be_drawn_is_made(built: Measured, spec: str, maker: str) -> None:
    made = {"R": RAGGED, "S": "return (tf.sparse.from_dense(tf.ones((2, 9))),)", "T": "return (tf.ones(3),)"}[spec[3]]
    function = f"@tf.function(input_signature=[{spec}])\ndef f(x): return x"
    assert len(built(f"{function}\ndef {maker}(): {made}", "f").argument_sets) == 1
    with pytest.raises(PlanError, match=r"write a function f_inputs\(\)"):
        built(function, "f")


def test_a_subclassed_model_is_called_with_the_files_inputs_and_says_what_its_call_needs(built: Measured) -> None:
    code = "class Tower(keras.Model):\n    def call(self, x, training=False): return x\ntower = Tower()"
    assert shapes(built(f"{code}\n{ALL}", "tower")) == [[(6, 3)]]
    with pytest.raises(PlanError, match="missing 1 required positional argument: 'x'"):
        built(code, "tower")


def test_another_method_of_a_model_has_parameters_of_its_own(built: Measured) -> None:
    methods = "    def call(self, x): return x\n    def encode(self, tokens): return tokens"
    code = f"class Net(keras.Model):\n{methods}\nnet = Net()"
    assert shapes(built(code, "net.encode", "tokens=float32[3]")) == [[(3,)]]
    for name in ("net", "net.call", "net.__call__"):
        assert shapes(built(code, name, "x=float32[3]")) == [[(3,)]]


LOGGED = "def logged(f):\n    def wrapper(*args, **kwargs): return f(*args, **kwargs)\n    return wrapper\n"


def test_what_a_decorator_hides_is_told_and_may_be_given_by_name(built: Measured) -> None:
    code = f"{LOGGED}@logged\n@logged\ndef f(q, k): return q - k"
    with pytest.raises(PlanError) as refused:
        built(code, "f")
    for words in (
        "missing 2 required positional arguments: 'q', 'k'",
        "--inputs 'q=float32[batch=32,64], k=float32[batch=32,64]'",
        "f_inputs()",
    ):
        assert words in str(refused.value)
    call = built(code, "f", "k=float32[], q=float32[]")
    k, q = call.arguments
    assert float(call()) == float(q - k)


HOLDING = """
class Logged:
    def __init__(self, function): self.function = function
    def __call__(self, *args, **kwargs): return self.function(*args, **kwargs)
class Net:
    @logged
    def step(self, q): return q
f = Logged(lambda q: q)
nothing = Logged(lambda: tf.ones(3))
net = Net()
"""


def test_an_object_that_wraps_a_function_and_a_wrapped_method_tell_its_parameters(built: Measured) -> None:
    for name in ("f", "net.step"):
        with pytest.raises(PlanError, match="missing 1 required positional argument: 'q'"):
            built(f"{LOGGED}{HOLDING}", name)
    assert shapes(built(f"{LOGGED}{HOLDING}", "nothing")) == [[]]


def test_what_takes_any_arguments_says_what_to_do_unless_it_is_seen_to_need_none(built: Measured) -> None:
    with pytest.raises(
        PlanError, match=r"takes \*args: give --inputs 'float32\[batch=32,64\]', or write a function f_inputs"
    ):
        built("def f(*rows): return rows[0]", "f")
    assert shapes(built(f"{LOGGED}@logged\ndef f(): return tf.ones(3)", "f")) == [[]]


@pytest.mark.parametrize(
    ("function", "inputs", "result"),
    [
        ("def f(a, b): return a - b", "b=float32[], a=float32[]", "b"),
        ("def f(a, *, b): return a - b", "b=float32[], a=float32[]", "b"),
        ("def f(a, c=1.0, *, b=0.0): return (a - b) * c", "b=float32[], a=float32[]", "b"),
        ("def f(**kw): return kw['a'] - kw['b']", "b=float32[], a=float32[]", "a"),
        ("def f(*rows): return rows[0] - rows[1]", "float32[], float32[]", "b"),
        (
            "import functools\ndef g(a, b, c): return (a - b) * c\nf = functools.partial(g, c=1.0)",
            "b=float32[], a=float32[]",
            "b",
        ),
        ("@tf.function\ndef f(a, *, b): return a - b", "b=float32[], a=float32[]", "b"),
        ("@tf.function(jit_compile=True)\ndef f(a, *, b): return a - b", "b=float32[], a=float32[]", "b"),
    ],
)
@pytest.mark.parametrize("mode", ["eager", "graph", "concrete"])
def test_names_reach_the_parameters_that_they_name(
    built: Measured, function: str, inputs: str, result: str, mode: str
) -> None:
    call = built(function, "f", inputs, mode)
    first, second = call.arguments
    assert float(call()) == float(first - second if result == "b" else second - first)


def test_a_keyword_of_a_python_function_is_traced_with_its_branches(built: Measured) -> None:
    code = "def f(a, *, b):\n    while tf.reduce_sum(a) < 100.0:\n        a = a + 1.0\n    return a * b"
    call = built(code, "f", "a=float32[3], b=float32[]", "graph")
    total, b = float(sum(call().numpy())), float(call.arguments[-1])
    assert 100 <= total / b < 104


def test_inputs_have_structure_and_share_dimensions(built: Measured) -> None:
    code = "def f(batch): return tf.cast(batch['ids'], tf.float32) * batch['mask']"
    call = built(code, "f", "batch={ids: int32[batch=4,len=5], mask: float32[batch,len]}", batch=2)
    assert call().shape == (2, 5)


def test_names_that_match_nothing_are_taken_in_their_order_where_an_earlier_version_did(tmp_path: Any, tf: Any) -> None:  # noqa: ARG001
    path = tmp_path / "mine.py"
    path.write_text("def f(a, b): return a - b\n", encoding="utf-8")
    workload = load_workload(f"{path}::f", "x=float32[2], y=float32[2]")
    assert workload.note == "x, y are no parameters of f: the inputs were taken in their order"
    with pytest.raises(PlanError, match="f has no parameter 'x': it takes a, b"):
        load_workload(f"{path}::f", "x=float32[2], y=float32[2]", by_name=True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("featurs=float32[2,3]", "f has no input 'featurs': did you mean features?"),
        ("zzz=float32[2,3]", "f has no input 'zzz': it has features"),
    ],
)
def test_a_model_tells_the_names_of_its_own_inputs(built: Measured, given: str, words: str) -> None:
    code = "f = keras.Sequential([keras.Input((3,), name='features'), keras.layers.Dense(2)])"
    assert built(code, "f", "inputs=float32[2,3]")().shape == (2, 2)
    with pytest.raises(PlanError, match=re.escape(words)):
        built(code, "f", given)
