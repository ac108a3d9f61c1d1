"""What changed about the arguments, in words; numpy's arrays stand for tensors, as they do in a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.checks.retrace_causes import find_cause


def step(x: Any, n: Any = 1, *rest: Any) -> None:
    """A function with names for its arguments."""


def cause(*argument_sets: tuple[Any, ...], function: Callable[..., Any] = step, values: bool = False) -> str:
    """Why all sets but the first were traced again."""
    return find_cause(function, argument_sets, range(1, len(argument_sets)), values=values)


def floats(*shape: int, dtype: str = "float32") -> Any:
    return np.zeros(shape, dtype)


X = floats(3)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((floats(1, 4),), (floats(2, 4),), "argument x changed shape"),
        ((floats(4),), (floats(2, 2),), "argument x changed shape"),
        ((X,), (floats(3, dtype="float64"),), "argument x changed dtype"),
        ((X,), (floats(4, dtype="float64"),), "argument x changed shape and dtype"),
        ((X, 1), (X, 2), "argument n, a Python number, changed value"),
        ((X, 0.5), (X, 0.25), "argument n, a Python number, changed value"),
        ((X, True), (X, False), "argument n, a Python bool, changed value"),
        ((X, "mean"), (X, "sum"), "argument n, a Python string, changed value"),
        ((X, object()), (X, object()), "argument n, a Python object, changed value"),
        ((1, 1), (2, 2), "arguments x and n, Python numbers, changed value"),
        ((X, X), (floats(4), floats(4)), "arguments x and n changed shape"),
        ((X, 1), (floats(4), 2), "argument x changed shape and argument n, a Python number, changed value"),
        ((X, 1), (X, 1.5), "argument n changed type"),
        ((X, 1), (X, X), "argument n changed type"),
        ((X, None), (X, X), "argument n changed type"),
        ((X, [X]), (X, [X, X]), "argument n changed structure"),
        ((X, {"a": X}), (X, {"b": X}), "argument n changed structure"),
        ((X, {"a": [X, 1]}), (X, {"a": [floats(4), 1]}), "argument n changed shape"),
        ((X, 1, X), (X, 1, X, X), "argument rest changed structure"),
        ((X,), (X, 2), "argument n, a Python number, changed value"),
        ((X,), (X, 1), ""),
        ((X, np.float32(1)), (X, np.float32(2)), ""),
        ((X, {"a": X, "b": 1}), (X, {"b": 1, "a": X}), ""),
    ],
)
def test_what_changed_is_named(before: tuple[Any, ...], after: tuple[Any, ...], words: str) -> None:
    assert cause(before, after) == words


def test_a_function_without_a_signature_has_numbered_arguments() -> None:
    assert cause((X, 1), (X, 2), function=max) == "argument 2, a Python number, changed value"


def test_a_graph_has_the_names_of_the_function_it_was_made_from() -> None:
    class Graph:
        python_function = staticmethod(step)

        def __call__(self, *_: Any) -> None: ...

    assert cause((X,), (floats(4),), function=Graph()) == "argument x changed shape"


def test_many_arguments_are_counted() -> None:
    def wide(a: Any, b: Any, c: Any, d: Any, e: Any) -> None:
        del a, b, c, d, e

    sets = [(floats(size),) * 5 for size in (1, 2)]
    assert cause(*sets, function=wide) == "arguments a, b, c and 2 more changed shape"


def test_a_set_is_held_against_the_one_it_differs_from_the_least() -> None:
    small, large = floats(1), floats(2)
    sets = (small, 1), (large, 1), (small, 2)
    assert find_cause(step, sets, [2], values=False) == "argument n, a Python number, changed value"


def test_only_sets_that_were_done_again_are_asked() -> None:
    sets = (X, 1), (floats(4), 1), (X, 2)
    assert find_cause(step, sets, [1], values=False) == "argument x changed shape"
    assert find_cause(step, sets, [], values=False) == ""


def test_what_a_tensor_holds_is_told_where_xla_may_need_it_and_nothing_else_changed() -> None:
    sizes = np.array(3), np.array(4)
    told = "argument n changed value"
    assert cause((X, sizes[0]), (X, sizes[1]), values=True) == told
    assert cause((X, sizes[0]), (X, sizes[1]), values=False) == ""
    assert cause((X, sizes[0]), (floats(4), sizes[1]), values=True) == "argument x changed shape"
    assert cause((np.zeros(2), np.zeros(99, int)), (np.ones(2), np.ones(99, int)), values=True) == ""


SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)
ARGUMENTS = st.recursive(
    st.builds(np.zeros, SHAPES, st.sampled_from(["float32", "int32", "bool"]))
    | st.integers(-3, 3)
    | st.booleans()
    | st.none()
    | st.text(max_size=2),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=2), parts, max_size=3),
    max_leaves=6,
)
SETS = st.lists(st.tuples(ARGUMENTS, ARGUMENTS), min_size=1, max_size=5)


@given(SETS, st.booleans())
def test_any_arguments_are_told_in_words_that_fit_a_sentence(sets: list[tuple[Any, ...]], values: bool) -> None:
    words = cause(*sets, values=values)
    assert words == "" or words.startswith("argument")
    assert "()" not in words
    assert words.count(" x") <= 6


@given(SETS, st.booleans())
def test_a_set_that_came_before_is_no_cause(sets: list[tuple[Any, ...]], values: bool) -> None:
    assert find_cause(step, [*sets, sets[0]], [len(sets)], values=values) == ""
