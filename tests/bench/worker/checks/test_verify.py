"""What counts as a difference, and how it is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.worker.checks.verify import (
    ALIKE,
    EPSILONS,
    EXCESS,
    Key,
    Part,
    Parts,
    beyond_amplified,
    beyond_epsilons,
    beyond_spread,
    compare_shapes,
    distance,
    in_words,
    relative_error,
    remark,
    suspects_in,
    unlike,
)

EPSILON = EPSILONS["float32"]

OUTPUT = Key("output", 0, 0)


def parts(values: Any, dtype: str = "float32", name: str = "") -> Parts:
    return {OUTPUT: Part(lambda: name, np.asarray(values, dtype))}


def words(values: Any, expected: Any, dtype: str = "float32", name: str = "") -> str:
    """Return what is said where rounding explains nothing."""
    found, right = parts(values, dtype, name), parts(expected, dtype)
    suspects = suspects_in(found, right)
    return in_words(found[OUTPUT], right[OUTPUT].array, suspects[OUTPUT]) if suspects else ""


# --- what differs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("epsilons", "differs"), [(0, False), (ALIKE, False), (ALIKE + 2, True)])
def test_floats_are_alike_within_two_epsilons_element_by_element(epsilons: int, differs: bool) -> None:
    expected = np.array([1e6, 1e-6], np.float32)
    found = expected * np.array([1, 1 + epsilons * EPSILON], np.float32)
    assert list(unlike(found, expected)) == [False, differs]


def test_each_element_counts_however_small_it_is_beside_the_others() -> None:
    assert words([0.0, 1.0], [1e-6, 1.0]) == "1 of 2 values differs, 0 for 1e-06"


def test_numbers_that_a_mode_flushes_to_zero_are_alike() -> None:
    assert not unlike(np.zeros(1, np.float32), np.full(1, 1e-39, np.float32)).any()


@pytest.mark.parametrize("dtype", ["int8", "int64", "uint16", "bool", "S2", "U2"])
def test_what_is_no_float_is_compared_exactly(dtype: str) -> None:
    right = np.array([1, 0]).astype(dtype)
    assert not unlike(right, right.copy()).any()
    assert list(unlike(np.array([1, 1]).astype(dtype), right)) == [False, True]


@pytest.mark.parametrize("right", [2**62, -(2**62)])
def test_integers_that_are_one_float_are_a_step_apart(right: int) -> None:
    assert list(distance(np.array([right, right + 1]), np.array([right, right]))) == [0, 1]
    assert list(distance(np.array([right - 3]), np.array([right]))) == [3]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_compared_by_place(value: float) -> None:
    special = np.array([value, 1.0], np.float32)
    assert not unlike(special, special.copy()).any()
    assert list(unlike(special, np.ones(2, np.float32))) == [True, False]
    assert list(unlike(np.ones(2, np.float32), special)) == [True, False]


def test_complex_numbers_are_compared_by_their_distance() -> None:
    right = np.array([3 + 4j], np.complex64)
    assert not unlike(right * np.complex64(1 + EPSILON), right).any()
    assert unlike(right + np.complex64(1e-5), right).any()


# --- what rounding explains ------------------------------------------------------------------------------------------


def test_a_suspect_is_wrong_beyond_eight_times_what_rounding_moves_it() -> None:
    expected, spread = parts([1.0, 1.0, 1.0]), {OUTPUT: np.array([1e-3, 1e-3, 0.0])}
    found = parts([1 + 0.9 * EXCESS * 1e-3, 1 + 1.1 * EXCESS * 1e-3, 1.001])
    wrong = beyond_spread(found, expected, suspects_in(found, expected), spread)
    assert list(wrong[OUTPUT]) == [False, True, True]


def test_a_value_that_rounding_does_not_move_may_hang_on_a_decision_that_larger_errors_change() -> None:
    expected, found = parts([1, 1, 1], "int32"), parts([2, 3, 2], "int32")
    spread, amplified = np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 0.0])
    wrong = beyond_amplified(found, expected, suspects_in(found, expected), {OUTPUT: spread}, {OUTPUT: amplified})
    assert list(wrong[OUTPUT]) == [False, True, True]
    moved = {OUTPUT: np.full(3, 0.1)}  # rounding has told how far it moves them
    assert list(beyond_amplified(found, expected, wrong, moved, {OUTPUT: np.full(3, 9.0)})[OUTPUT]) == [
        False,
        True,
        True,
    ]


def test_where_errors_make_a_number_infinite_rounding_decides() -> None:
    expected, spread = parts([1.0]), {OUTPUT: np.array([np.inf])}
    found = parts([5.0])
    assert beyond_spread(found, expected, suspects_in(found, expected), spread) == {}


def test_without_eager_eight_epsilons_of_the_narrowest_dtype_are_allowed() -> None:
    expected = parts([1.0, 1.0, 1.0, 1e-6])
    narrow = EPSILONS["bfloat16"]
    found = parts([1 + 4 * narrow, 1 + 9 * narrow, 1.0, 1e-6 + 4 * EPSILON])
    suspects = suspects_in(found, expected)
    assert list(beyond_epsilons(found, expected, suspects, lambda _: narrow)[OUTPUT]) == [False, True, False, False]
    assert list(beyond_epsilons(found, expected, suspects, lambda _: 0.0)[OUTPUT]) == [True, True, False, False]


# --- in words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected", "dtype", "said"),
    [
        ([-112, 7, 20], [112, 7, 21], "int8", "2 of 3 values differ, the first -112 for 112"),
        (-112, 112, "int8", "the output is -112, eager's is 112"),
        ([True, True], [True, False], "bool", "1 of 2 values differs, True for False"),
        ([b"no", b"so"], [b"yes", b"so"], "S3", "1 of 2 values differs, 'no' for 'yes'"),
        ([np.nan, np.nan, 1], [1, 2, 1], "float32", "2 values are NaN where eager's are not"),
        ([1, 1], [np.inf, 1], "float64", "1 value is not infinite where eager's are"),
        ([[0, 1]] * 2, [[0, 2]] * 2, "float32", "2 of 4 values differ, the first 1 for 2"),
    ],
)
def test_a_difference_is_said_by_the_values(found: Any, expected: Any, dtype: str, said: str) -> None:
    assert words(found, expected, dtype) == said


def test_a_variable_is_named() -> None:
    assert words(-112, 112, "int8", "variable `bank`") == "variable `bank` is -112, eager's is 112"
    assert words([1, 2], [1, 3], "int8", "variable `bank`") == "variable `bank`: 1 of 2 values differs, 2 for 3"


def test_what_rounding_explains_is_remarked_on_where_it_is_much() -> None:
    def told(found: NDArray[Any], expected: NDArray[Any]) -> str:
        return remark(Part(lambda: "", found), expected, unlike(found, expected))

    steps = np.arange(4, dtype=np.uint8)
    assert told(steps + np.array([0, 1, 0, 0], np.uint8), steps) == (
        "floats rounded to integers differ by one step in 1 of 4 values"
    )
    assert told(np.array([3, 0]), np.array([0, 3])).startswith("rounding decides 2 of 2 values")
    assert told(np.array([1.5], np.float32), np.ones(1, np.float32)).startswith("rounding decides 1 of 1 value")
    assert told(np.array([1.00001], np.float32), np.ones(1, np.float32)) == ""


# --- shapes and errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ([np.zeros((0, 8), np.float32)], "shape (0, 8), not (10, 8)"),
        ([np.zeros((10, 8), np.float64)], "dtype float64, not float32"),
        ([], "0 tensors, not 1"),
        ([np.zeros((10, 8), np.float32)], ""),
    ],
)
def test_structure_shape_and_dtype_come_first(output: list[NDArray[Any]], said: str) -> None:
    assert compare_shapes(output, [np.zeros((10, 8), np.float32)]) == said


@pytest.mark.parametrize(
    ("found", "reference", "error"),
    [
        ([1.0, 2.5], [1.0, 2.0], 0.25),
        ([1, 2], [1, 4], 0.5),
        ([], [], 0.0),
        ([1.0], [np.nan], None),
        ([np.inf], [np.inf], 0.0),
        ([1.0], [0.0], None),
        ([3 + 4j], [3 + 4j], 0.0),
    ],
)
def test_the_error_is_held_against_the_largest_value(found: Any, reference: Any, error: float | None) -> None:
    assert relative_error([np.array(found)], [np.array(reference)]) == error
