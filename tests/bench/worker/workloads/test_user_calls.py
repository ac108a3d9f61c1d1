"""What a function that makes inputs may return, and what its callable is then given."""

from __future__ import annotations

from typing import Any

import pytest

from bench.plan import PlanError

from .conftest import Measured

F = "import collections, dataclasses\nfrom collections import UserDict\ndef f(x, y=None): return tf.ones(2)\n"


@pytest.mark.parametrize(
    ("returned", "sets"),
    [
        ("return 1, 2", [(1, 2)]),
        ("return tf.constant(1)", [(1,)]),
        ("return 'word'", [("word",)]),
        ("return {'a': 1}", [({"a": 1},)]),
        ("return {'y': 2, 'x': 1}", [(1, 2)]),
        ("return {'x': 1}", [(1,)]),
        ("return ({'x': 1},)", [({"x": 1},)]),
        ("return [(1,), (2, 3)]", [(1,), (2, 3)]),
        ("return ([1, 2],)", [([1, 2],)]),
        ("yield (1,)\n    yield (2,)", [(1,), (2,)]),
        ("yield {'x': 1}\n    yield {'x': 2}", [(1,), (2,)]),
        ("return [{'y': 2, 'x': 1}, {'x': 3, 'y': 4}]", [(1, 2), (3, 4)]),
        ("return tf.data.Dataset.from_tensor_slices({'x': [5, 6]})", [(5,), (6,)]),
        ("return tf.data.Dataset.range(3).map(lambda row: (row, row))", [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_what_is_returned_is_one_call_or_several(built: Measured, returned: str, sets: list[Any]) -> None:
    found = built(f"{F}def f_inputs():\n    {returned}", "f").argument_sets
    assert [tuple(int(each) if hasattr(each, "numpy") else each for each in one) for one in found] == sets


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        ("(tf.data.Dataset.range(3),)", "_RangeDataset"),
        ("iter(tf.data.Dataset.range(3))", "OwnedIterator"),
        ("UserDict(x=1)", "UserDict"),
        ("collections.namedtuple('Pair', 'x y')(1, 2)", "Pair"),
        ("dataclasses.make_dataclass('Row', ['x'])(1)", "Row"),
        ("tf.RaggedTensor.from_row_lengths(tf.ones(3), [1, 2])", "RaggedTensor"),
        ("object()", "object"),
    ],
)
def test_objects_are_passed_as_they_are(built: Measured, made: str, kind: str) -> None:
    (argument,) = built(f"{F}def f_inputs(): return {made}", "f").arguments
    assert type(argument).__name__ == kind


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("return tf.data.Dataset.range(3)", "its dataset holds a tensor: write dataset.map(lambda row: (row,))"),
        ("return tf.data.Dataset.from_tensor_slices({'a': [1]})", "its dataset holds a dict: write dataset.map("),
        ("return [1, 2]", "its list holds a int: write (value,) for each call, or return (values,)"),
        ("yield 1", "it yields a int: write yield (value,)"),
        ("return []", "what it returns is empty"),
        ("yield {'x': 1}\n    yield {'x': 1, 'y': 2}", "it yields a dict: write yield (value,)"),
    ],
)
def test_what_is_no_call_is_refused_with_what_to_write(built: Measured, returned: str, words: str) -> None:
    with pytest.raises(PlanError) as refused:
        built(f"{F}def f_inputs():\n    {returned}", "f")
    assert "f_inputs must return a tuple of arguments, or several such tuples: " in str(refused.value)
    assert words in str(refused.value)


def test_a_dict_gives_what_goes_by_name_alone(built: Measured) -> None:
    code = "def f(x, *, scale): return x * scale\ndef f_inputs(): return {'scale': 3.0, 'x': tf.ones(2)}"
    for mode in ("eager", "graph"):
        assert built(code, "f", mode=mode)().numpy().tolist() == [3.0, 3.0]


def test_a_function_of_keywords_alone_is_no_builder_where_something_makes_its_inputs(built: Measured) -> None:
    code = "def f(*, n: int = 3): return tf.ones(n)\ndef f_inputs(): return {'n': 5}"
    assert built(code, "f")().shape == (5,)


@pytest.mark.parametrize(
    ("maker", "words"),
    [
        ("def f_inputs(): pass", "f_inputs returns nothing: return a tuple of arguments, or (None,) to pass None"),
        ("async def f_inputs(): return 1", "f_inputs is a coroutine, which nothing here waits for"),
        ("async def f_inputs(): yield 1", "f_inputs is a coroutine"),
        ("f_inputs = (tf.ones(2),)", "f_inputs is a tuple, not a function: write a function f_inputs() that"),
        ("f_inputs = tf.ones(2)", "not a function: write a function f_inputs() that returns it"),
        (
            "def f_inputs(): return ()",
            "f_inputs gives 0 arguments, but it is f(x, y=None): missing a required argument",
        ),
        ("def f_inputs(): return 1, 2, 3", "f_inputs gives 3 arguments, but it is f(x, y=None): too many positional"),
    ],
)
def test_a_maker_that_makes_no_call_says_what_to_write(built: Measured, maker: str, words: str) -> None:
    with pytest.raises(PlanError) as refused:
        built(f"{F}{maker}\ndef inputs(): return 'for others'", "f")
    assert words in str(refused.value)


@pytest.mark.parametrize("decorated", ["@tf.function\n", "@given_one\n"])
def test_what_a_decorator_takes_or_gives_is_not_known(built: Measured, decorated: str) -> None:
    code = """
import functools
def given_one(function):
    return functools.wraps(function)(lambda *given: function(1.0, *given))
"""
    arguments = "x" if "tf" in decorated else "k, x"
    code += f"{decorated}def f({arguments}): return x * 2\ndef f_inputs(): return (tf.ones(2),)"
    assert built(code, "f")().numpy().tolist() == [2.0, 2.0]


def test_keras_inputs_that_are_named_like_a_maker_are_no_arguments(built: Measured) -> None:
    code = "net_inputs = keras.Input((3,))\nnet = keras.Model(net_inputs, net_inputs * 2)"
    assert built(code, "net", batch=4)().shape == (4, 3)
