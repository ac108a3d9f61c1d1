"""What changed about the arguments; numpy's arrays stand for tensors, as they do in a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.events import ArgumentChange
from bench.worker.checks.retrace_causes import find_changes
from tests.slow import slowly


def step(x: Any, n: Any = 1, *rest: Any) -> None:
    """A function with names for its arguments."""


def changes(
    *argument_sets: tuple[Any, ...], function: Callable[..., Any] = step, values: bool = False
) -> tuple[ArgumentChange, ...]:
    """Why all sets but the first were traced again."""
    return find_changes(function, argument_sets, range(1, len(argument_sets)), values=values)


def kinds(found: tuple[ArgumentChange, ...]) -> list[str]:
    """Each change without its example: `n: number value`."""
    return [f"{change.name}: {f'{change.kind} {change.aspect}'.strip()}" for change in found]


def floats(*shape: int, dtype: str = "float32") -> Any:
    return np.zeros(shape, dtype)


X = floats(3)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((floats(1, 4),), (floats(2, 4),), ["x: shape"]),
        ((floats(4),), (floats(2, 2),), ["x: rank"]),
        ((X,), (floats(3, dtype="float64"),), ["x: dtype"]),
        ((X,), (floats(4, dtype="float64"),), ["x: shape", "x: dtype"]),
        ((X, 1), (X, 2), ["n: number value"]),
        ((X, 0.5), (X, 0.25), ["n: number value"]),
        ((X, True), (X, False), ["n: bool value"]),
        ((X, "mean"), (X, "sum"), ["n: string value"]),
        ((X, object()), (X, object()), ["n: object value"]),
        ((1, 1), (2, 2), ["x: number value", "n: number value"]),
        ((X, X), (floats(4), floats(4)), ["x: shape", "n: shape"]),
        ((X, 1), (floats(4), 2), ["x: shape", "n: number value"]),
        ((X, 1), (X, 1.5), ["n: type"]),
        ((X, 1), (X, X), ["n: type"]),
        ((X, None), (X, X), ["n: type"]),
        ((X, [X]), (X, [X, X]), ["n: structure"]),
        ((X, {"a": X}), (X, {"b": X}), ["n: structure"]),
        ((X, {"a": [X, 1]}), (X, {"a": [floats(4), 1]}), ["n: shape"]),
        ((X, [X, X]), (X, [floats(4), floats(5)]), ["n: shape"]),
        ((X, 1, X), (X, 1, X, X), ["rest: structure"]),
        ((X,), (X, 2), ["n: number value"]),
        ((X,), (X, 1), []),
        ((X, np.float32(1)), (X, np.float32(2)), []),
        ((X, {"a": X, "b": 1}), (X, {"b": 1, "a": X}), []),
    ],
)
def test_what_changed_is_named(before: tuple[Any, ...], after: tuple[Any, ...], expected: list[str]) -> None:
    assert kinds(changes(before, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "example"),
    [
        (floats(8, 4), floats(9, 4), ("(8, 4)", "(9, 4)")),
        (floats(3), floats(), ("(3,)", "()")),
        (X, floats(3, dtype="float64"), ("float32", "float64")),
        (1, 2, ("1", "2")),
        (True, False, ("True", "False")),
        (1, 1.5, ("int", "float")),
        (1, X, ("int", "tensor")),
        ([X], (X,), ("list", "tuple")),
        (np.array(3), np.array(4), ("3", "4")),
        (np.array([3, 4]), np.array([4, 4]), ("(3, 4)", "(4, 4)")),
        ([X, 1, floats(5)], [floats(4), 1, floats(6)], ("(3,)", "(4,)")),
        ("mean", "sum", ("", "")),
        (object(), object(), ("", "")),
        ([X], [X, X], ("", "")),
        pytest.param(1, 10**5000, ("", ""), id="a number of thousands of digits"),
    ],
)
def test_an_example_is_short_and_no_text_of_the_users(before: Any, after: Any, example: tuple[str, str]) -> None:
    (change,) = changes((X, before), (X, after), values=True)
    assert (change.before, change.after) == example


def test_of_several_sets_every_change_comes_once_with_the_first_example() -> None:
    (change,) = changes(*((floats(size),) for size in range(1, 9)))
    assert change == ArgumentChange("x", "shape", "", "(1,)", "(2,)")


def test_a_function_without_a_signature_has_numbered_arguments() -> None:
    assert kinds(changes((X, 1), (X, 2), function=max)) == ["2: number value"]


def test_a_graph_has_the_names_of_the_function_it_was_made_from() -> None:
    class Graph:
        python_function = staticmethod(step)

        def __call__(self, *_: Any) -> None: ...

    assert kinds(changes((X,), (floats(4),), function=Graph())) == ["x: shape"]


def test_a_set_is_held_against_the_one_it_differs_from_the_least() -> None:
    small, large = floats(1), floats(2)
    sets = (small, 1), (large, 1), (small, 2)
    assert kinds(find_changes(step, sets, [2], values=False)) == ["n: number value"]


def test_only_sets_that_were_done_again_are_asked() -> None:
    sets = (X, 1), (floats(4), 1), (X, 2)
    assert kinds(find_changes(step, sets, [1], values=False)) == ["x: shape"]
    assert find_changes(step, sets, [], values=False) == ()


def test_what_a_tensor_holds_is_told_where_xla_may_need_it_and_nothing_else_changed() -> None:
    sizes = np.array(3), np.array(4)
    assert kinds(changes((X, sizes[0]), (X, sizes[1]), values=True)) == ["n: value"]
    assert changes((X, sizes[0]), (X, sizes[1]), values=False) == ()
    assert kinds(changes((X, sizes[0]), (floats(4), sizes[1]), values=True)) == ["x: shape"]
    many = np.zeros(99, int), np.ones(99, int)
    assert kinds(changes((np.zeros(2), many[0]), (np.ones(2), many[1]), values=True)) == ["n: values"]
    assert kinds(changes((sizes[0], many[0]), (sizes[1], many[1]), values=True)) == ["x: value"], "that is likelier"
    assert changes((X, np.zeros(10**5, int)), (X, np.ones(10**5, int)), values=True) == ()


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
def test_of_any_arguments_every_change_comes_once(sets: list[tuple[Any, ...]], values: bool) -> None:
    found = changes(*sets, values=values)
    assert len(set(kinds(found))) == len(found)
    assert {change.name for change in found} <= {"x", "n"}
    assert all(bool(change.before) == bool(change.after) for change in found)


@pytest.mark.parametrize("examples", [25, *slowly(100)])
def test_a_set_that_came_before_is_no_cause(examples: int) -> None:
    @settings(max_examples=examples)
    @given(SETS, st.booleans())
    def is_no_cause(sets: list[tuple[Any, ...]], values: bool) -> None:
        assert find_changes(step, [*sets, sets[0]], [len(sets)], values=values) == ()

    is_no_cause()
