"""What rounding explains agrees, what is far beyond it differs, and what lies between is not decided."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.oracle.judge import FAR, NEAR, Truth, judge

EPSILON = float(np.finfo(np.float32).eps)

RIGHT = np.array([1.0, 2.0, 4.0], np.float32)


def truth(eager: NDArray[Any], exact: NDArray[Any] | None = None) -> Truth:
    """A truth that no move of the inputs changes."""
    return Truth((eager,), (eager if exact is None else exact,), (), EPSILON)


@pytest.mark.parametrize(
    ("epsilons", "outcome"), [(0, "agrees"), (NEAR / 2, "agrees"), (2 * NEAR, "cannot tell"), (2 * FAR, "differs")]
)
def test_a_float_is_judged_by_how_many_epsilons_it_is_off(epsilons: float, outcome: str) -> None:
    found = RIGHT * np.float32(1 + epsilons * EPSILON)
    assert judge((found,), truth(RIGHT)).outcome == outcome


def test_what_eager_itself_is_off_is_allowed_to_others() -> None:
    exact = RIGHT.astype(np.float64)
    off = RIGHT * np.float32(1 + 1e-4)
    assert judge((RIGHT * np.float32(1 - 2e-4),), truth(off, exact)).outcome == "agrees"


def test_what_moves_with_the_inputs_is_allowed_where_it_moves() -> None:
    moved = RIGHT + np.array([1e-3, 0, 0], np.float32)
    condition = Truth((RIGHT,), (RIGHT,), ((moved,),), EPSILON)
    assert judge((RIGHT + np.array([2e-3, 0, 0], np.float32),), condition).outcome == "agrees"
    assert judge((RIGHT + np.array([0, 2e-3, 0], np.float32),), condition).outcome == "differs"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_and_infinity_are_compared_by_place(value: float) -> None:
    special = np.array([1.0, value, 4.0], np.float32)
    assert judge((special,), truth(special)).outcome == "agrees"
    assert judge((special,), truth(RIGHT)).outcome == "differs"
    assert judge((RIGHT,), truth(special)).outcome == "differs"


@pytest.mark.parametrize("dtype", ["int8", "int64", "bool", "S3"])
def test_what_is_no_float_is_compared_exactly(dtype: str) -> None:
    right = np.array([1, 0, 1]).astype(dtype)
    other = np.array([1, 1, 1]).astype(dtype)
    assert judge((right,), truth(right)).outcome == "agrees"
    assert judge((other,), truth(right)).outcome == "differs"


def test_neighbours_that_are_one_float64_differ() -> None:
    right = np.array([2**62])
    assert judge((right + 1,), truth(right)).outcome == "differs"


def test_an_integer_next_to_a_step_may_lie_on_either_side_of_it() -> None:
    right = np.array([1, 5, 9])
    stepped = Truth((right,), (right,), (), 0.0, steps=((np.array([1, 6, 9]),),))
    assert judge((np.array([1, 6, 9]),), stepped).outcome == "agrees"
    assert judge((np.array([2, 5, 9]),), stepped).outcome == "differs"
    assert judge((np.array([1, 9, 9]),), stepped).outcome == "differs"


def test_another_shape_or_dtype_differs() -> None:
    assert judge((RIGHT[:2],), truth(RIGHT)).outcome == "differs"
    assert judge((RIGHT.astype(np.float64),), truth(RIGHT)).outcome == "differs"
