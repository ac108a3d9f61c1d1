"""What counts as a wrong output, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from bench.worker.verify import EPSILONS, compare_shapes, judge_output, relative_error

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
