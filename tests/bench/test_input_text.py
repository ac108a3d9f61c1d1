"""What `--inputs` says, and which parameters it is for: Python's rules of a call."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.input_text import Call, Input, InputSpec, bind, maker_of, parse_inputs
from bench.plan import PlanError

X = InputSpec("float32", ("batch", 64), (("batch", 32),))
IDS = InputSpec("int32", ("batch",))
SCALAR = InputSpec("float32", ())


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("", []),
        ("x=float32[batch=32,64], ids=int32[batch]", [("x", X), ("ids", IDS)]),
        (" float32[ batch = 32 , 64 ] ,int32[batch],", [("", X), ("", IDS)]),
        ("float32[]", [("", SCALAR)]),
        ("row={ids: int32[batch], x: float32[]}", [("row", {"ids": IDS, "x": SCALAR})]),
        ("row={'a b': float32[], \"c\": float32[]}", [("row", {"a b": SCALAR, "c": SCALAR})]),
        ("pair=(float32[], int32[batch]), one=(float32[],)", [("pair", (SCALAR, IDS)), ("one", (SCALAR,))]),
        (
            "[float32[], {a: (int32[batch], float32[])}], float32[]",
            [("", [SCALAR, {"a": (IDS, SCALAR)}]), ("", SCALAR)],
        ),
    ],
)
def test_inputs_are_tensors_with_names_and_structure(text: str, inputs: list[tuple[str, Any]]) -> None:
    assert parse_inputs(text) == tuple(Input(*each) for each in inputs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x", "inputs 'x' are not understood"),
        ("x=3.5", "other values are made by a function f_inputs()"),
        ("float32[2", "are not understood"),
        ("float32[2] int32[2]", "are not understood"),
        ("x={ids int32[2]}", "are not understood"),
        ("x={ids: int32[2]", "are not understood"),
        ("float33[2]", "there is no dtype 'float33': did you mean float32"),
        ("float32[2x]", "'2x' is no size"),
        ("float32[None]", "'None' is no size"),
        ("words=ragged[3]", "'ragged' is no tensor that can be drawn: write a function f_inputs()"),
        ("RaggedTensor(3)", "write a function f_inputs()"),
        ("sparse_float32[3]", "write a function f_inputs()"),
        ("rows=dataset[3]", "write a function f_inputs()"),
        ("x=qint8[3]", "write a function f_inputs()"),
    ],
)
def test_what_is_no_input_is_refused(text: str, words: str) -> None:
    with pytest.raises(PlanError) as refused:
        parse_inputs(text, "f_inputs")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(alphabet="abc =[](){},:'float32int", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(PlanError):
        parse_inputs(text)


def plain(table: Any, ids: Any, scale: Any = 1.0) -> None: ...
def only_names(x: Any, *, y: Any, z: Any = 2) -> None: ...
def any_names(x: Any, **rest: Any) -> None: ...
def any_number(*rows: Any) -> None: ...
def anything(*args: Any, **kwargs: Any) -> None: ...


FUNCTIONS = (plain, only_names, any_names, any_number, anything)


@pytest.mark.parametrize(
    ("function", "names", "call"),
    [
        (plain, ["", ""], Call((0, 1))),
        (plain, ["ids", "table"], Call((1, 0))),
        (plain, ["", "scale", "ids"], Call((0, 2, 1))),
        (only_names, ["y", "x"], Call((1,), (("y", 0),))),
        (only_names, ["", "z", "y"], Call((0,), (("z", 1), ("y", 2)))),
        (any_names, ["w", "x"], Call((1,), (("w", 0),))),
        (any_number, ["", "", ""], Call((0, 1, 2))),
        (anything, ["", "q"], Call((0,), (("q", 1),))),
    ],
)
def test_names_are_those_of_parameters_and_all_that_can_go_by_position(
    function: Callable[..., None], names: list[str], call: Call
) -> None:
    assert bind([Input(name, number) for number, name in enumerate(names)], inspect.signature(function), "f") == call


def test_defaults_between_may_be_left_out() -> None:
    def gap(x: Any, y: Any = None, z: Any = 2.0) -> None: ...

    assert bind([Input("z", 1), Input("x", 0)], inspect.signature(gap), "gap") == Call((0,), (("z", 1),))


@given(
    st.sampled_from(FUNCTIONS),
    st.integers(0, 4),
    st.lists(st.sampled_from(["x", "y", "z", "w", "table", "ids", "scale"]), max_size=4, unique=True),
)
def test_what_python_would_refuse_is_refused_and_nothing_else(
    function: Callable[..., None], unnamed: int, names: list[str]
) -> None:
    signature = inspect.signature(function)
    inputs = [Input("", number) for number in range(unnamed)] + [Input(name, name) for name in names]
    try:
        expected = signature.bind(*range(unnamed), **{name: name for name in names})
    except TypeError:
        with pytest.raises(PlanError):
            bind(inputs, signature, "f")
        return
    call = bind(inputs, signature, "f")
    assert signature.bind(*call.positional, **dict(call.named)) == expected


@pytest.mark.parametrize(
    ("function", "names", "words"),
    [
        (plain, ["tabel", "ids"], "f has no parameter 'tabel': did you mean table? It takes table, ids, scale"),
        (plain, ["table"], "f needs ids too, such as 'ids=float32[batch=32,64]'"),
        (plain, ["table", ""], "one without a name follows table="),
        (plain, ["", "", "", ""], "4 have no name, but f takes by position: table, ids, scale"),
        (plain, ["", "table", "ids"], "table of f is given by position and by name"),
        (plain, ["ids", "ids"], "ids is given twice"),
        (only_names, ["", ""], "f takes by position: x; y, z only by name"),
        (any_number, ["x"], "f takes arguments by position alone: leave out x="),
    ],
)
def test_what_is_wrong_is_told_with_the_names_that_there_are(
    function: Callable[..., None], names: list[str], words: str
) -> None:
    with pytest.raises(PlanError) as refused:
        bind([Input(name, None) for name in names], inspect.signature(function), "f")
    assert words in str(refused.value)


def test_names_of_earlier_plans_which_match_nothing_are_taken_in_their_order() -> None:
    inputs = [Input("a", 0), Input("b", 1)]
    call = bind(inputs, inspect.signature(plain), "plain", by_order=True)
    assert call.positional == (0, 1)
    assert call.note == "a, b are no parameters of plain: the inputs were taken in their order"
    with pytest.raises(PlanError, match="no parameter 'b'"):
        bind([Input("ids", 0), Input("b", 1)], inspect.signature(plain), "plain", by_order=True)


def test_a_maker_is_named_for_the_last_part_of_a_name() -> None:
    assert [maker_of(name) for name in ("steps.py::net.call", "pkg.mod:step", "scale")] == [
        "call_inputs",
        "step_inputs",
        "scale_inputs",
    ]
