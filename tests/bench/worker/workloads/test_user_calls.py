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
        ("return ()", [()]),
        ("return tf.constant(1)", [(1,)]),
        ("return 'word'", [("word",)]),
        ("return {'a': 1}", [({"a": 1},)]),
        ("return {'y': 2, 'x': 1}", [(1, 2)]),
        ("return {'x': 1}", [(1,)]),
        ("return ({'x': 1},)", [({"x": 1},)]),
        ("return [(1,), (2, 3)]", [(1,), (2, 3)]),
        ("return ([1, 2],)", [([1, 2],)]),
        ("yield (1,)\n    yield (2,)", [(1,), (2,)]),
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
