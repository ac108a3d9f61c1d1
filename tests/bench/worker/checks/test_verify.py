"""What counts as a wrong output, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from bench.worker.checks.verify import EPSILONS, compare_shapes, judge_output, largest_magnitude, relative_error

EPSILON = EPSILONS["float32"]


def test_a_matmul_that_rounds_otherwise_is_right() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 256, 256))
    exact = a @ b
    eager = a.astype(np.float32) @ b.astype(np.float32)
    other = (a.astype(np.float32)[:, ::-1] @ b.astype(np.float32)[::-1]).astype(np.float32)
    error, wrong = judge_output([other], [eager], [exact], EPSILON)
    assert wrong == ""
    assert error is not None
    assert error < 1e-5


def test_errors_are_held_against_eagers_own() -> None:
    exact = np.ones(4)
    eager = np.full(4, 1.01, dtype=np.float32)
    assert judge_output([np.full(4, 1.03, np.float32)], [eager], [exact], EPSILON)[1] == ""
    assert judge_output([np.full(4, 1.05, np.float32)], [eager], [exact], EPSILON)[1] == (
        "values differ by 5 % of the largest"
    )


def test_an_error_of_many_times_the_largest_value_is_told_without_an_exponent() -> None:
    exact = np.ones(4)
    eager = np.ones(4, dtype=np.float32)
    assert judge_output([np.full(4, 11, np.float32)], [eager], [exact], EPSILON)[1] == (
        "values differ by 1,000 % of the largest"
    )


def test_without_a_reference_half_the_digits_must_agree_with_the_baseline() -> None:
    eager = np.ones(4, np.float32)
    assert judge_output([eager * np.float32(1.0001)], [eager], None, EPSILON)[1] == ""
    assert judge_output([eager * np.float32(1.01)], [eager], None, EPSILON)[1] != ""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ([np.zeros((0, 8), np.float32)], "shape (0, 8), not (10, 8)"),
        ([np.zeros((10, 8), np.float64)], "dtype float64, not float32"),
        ([], "0 tensors, not 1"),
        ([np.zeros((10, 8), np.float32)], ""),
    ],
)
def test_structure_shape_and_dtype_come_first(output: list[np.ndarray], words: str) -> None:
    assert compare_shapes(output, [np.zeros((10, 8), np.float32)]) == words


def test_what_is_not_a_number_must_be_so_in_both() -> None:
    odd = np.array([1.0, np.nan, np.inf])
    assert relative_error([odd], [odd.copy()]) == 0
    assert relative_error([np.array([1.0, 2.0, np.inf])], [odd]) == np.inf
    assert relative_error([np.array([np.nan])], [np.array([1.0])]) == np.inf
    assert judge_output([np.array([np.nan])], [np.array([1.0])], None, EPSILON) == (
        None,
        "values differ by more than all of the largest",
    )


def test_integers_strings_complex_numbers_and_nothing_at_all() -> None:
    assert relative_error([np.array([1, 2])], [np.array([1, 4])]) == 0.5
    assert relative_error([np.array([b"a"], object)], [np.array([b"b"], object)]) == np.inf
    assert relative_error([np.array([3 + 4j])], [np.array([3 + 4j])]) == 0
    assert relative_error([np.zeros(0)], [np.zeros(0)]) == 0
    assert relative_error([np.ones(2)], [np.zeros(2)]) == np.inf


def test_one_tensor_that_eager_gets_wrong_excuses_no_other() -> None:
    exact = [np.array([True, False]), np.ones(4)]
    eager = [np.array([True, True]), np.ones(4, np.float32)]
    assert judge_output(eager, eager, exact, EPSILON)[1] == ""
    other = [eager[0], np.full(4, 1.5, np.float32)]
    assert judge_output(other, eager, exact, EPSILON) == (1.0, "values differ by 50 % of the largest")


def test_where_eager_overflows_a_mode_is_right_as_eager_is_or_as_the_reference_is() -> None:
    epsilon = EPSILONS["float16"]
    exact = np.array([1e5, 1.0])
    eager = np.array([np.inf, 1.0], np.float16)
    assert judge_output([eager], [eager], [exact], epsilon) == (0.0, "")
    assert judge_output([exact], [eager.astype(np.float64)], [exact], epsilon) == (0.0, "")
    assert judge_output([np.array([np.inf, 2.0], np.float16)], [eager], [exact], epsilon)[1] != ""


@pytest.mark.parametrize("exact", [None, [np.array(2e-16)]], ids=["no-reference", "reference"])
@pytest.mark.parametrize("eager", [0.0, 1e-7])
def test_nothing_but_rounding_is_never_wrong(eager: float, exact: list[np.ndarray] | None) -> None:
    outputs = [np.array(-2.4e-7, np.float32)], [np.array(eager, np.float32)]
    assert judge_output(*outputs, exact, EPSILON, input_scale=3.0) == (0.0, "")
    assert judge_output(*outputs, exact, EPSILON)[1] != "" or exact is not None


def test_what_is_small_and_not_rounding_must_be_right() -> None:
    exact, eager, zeros = np.full(4, 1e-6), np.full(4, 1e-6, np.float32), np.zeros(4, np.float32)
    assert judge_output([zeros], [eager], [exact], EPSILON, input_scale=3.0)[1] != ""
    integers = np.array([1]), np.array([2])
    assert judge_output([integers[0]], [integers[1]], None, EPSILON, input_scale=1e9)[1] != ""


def test_the_scale_of_inputs_is_that_of_their_finite_numbers() -> None:
    arrays = [np.array([-3.0, np.inf]), np.array([7]), np.zeros(0, np.float32), np.array([b"a"], object)]
    assert largest_magnitude(arrays) == 3.0
    assert largest_magnitude([]) == 0.0
