"""Arrays and tensors by value: small ones whole, large ones in part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.worker.checks.python_state.values import LARGEST_WHOLE, MOST_WHOLE, ArrayReader, Plain, elements, plain

LARGE = LARGEST_WHOLE // 8 + 1

ARRAYS = [
    np.array(5),
    np.zeros(0),
    np.zeros((3, 4)).T[::2],
    np.array(["a", "bb"]),
    np.array(["a", 1, None], object),
    np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    np.array(["2020-01-01"], "datetime64[D]"),
    np.ma.array([1.0, 2.0]),
    np.zeros((LARGE, 1, 2), bool),
    np.array([np.nan, np.inf]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_an_array_is_the_same_as_its_copy(array: Any) -> None:
    assert ArrayReader().array(array) == ArrayReader().array(array.copy())


@pytest.mark.parametrize("size", [1, 1000, LARGE])
def test_an_array_that_was_written_to_is_another(size: int) -> None:
    array = np.zeros(size)
    before = ArrayReader().array(array)
    array[0] = 1
    assert ArrayReader().array(array) != before


def test_no_more_than_so_many_bytes_are_read_whole() -> None:
    reader, array = ArrayReader(), np.zeros(LARGEST_WHOLE // 8)
    end = array.copy()
    end[-1] = 1
    for _ in range(MOST_WHOLE // LARGEST_WHOLE):
        assert reader.array(array).sort == "array"
    assert reader.array(array) == reader.array(end)
    assert reader.array(array).sort == "sample"


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "complex64", "bool", "string"])
def test_tensors_of_each_dtype_are_read(tf: Any, dtype: str) -> None:
    values = ["a", "b"] if dtype == "string" else [0, 1]
    one, other = (tf.cast(each, dtype) if dtype != "string" else tf.constant(each) for each in (values, values[::-1]))
    assert ArrayReader().tensor(one) == ArrayReader().tensor(tf.identity(one))
    assert ArrayReader().tensor(one) != ArrayReader().tensor(other)


def test_a_large_tensor_is_read_in_part(tf: Any) -> None:
    assert ArrayReader().tensor(tf.zeros((LARGE, 2))) != ArrayReader().tensor(tf.ones((LARGE, 2)))


def test_what_is_no_tensor_of_values_is_read_by_its_dtype(tf: Any) -> None:
    handle = tf.Variable(1.0).handle
    assert ArrayReader().tensor(handle) == Plain("shape", ((), "resource"))


def test_plain_values() -> None:
    assert plain(float("nan")) == plain(float("nan"))
    assert plain(0) != plain(1)
    assert plain("a" * 1000) != plain("b" * 1000)
    assert plain(False).sort != plain(0).sort


def test_a_set_is_known_by_its_size_and_its_plain_elements() -> None:
    assert elements({1, "a"}) != elements({1, "b"})
    assert elements({1, (2, 3)}) == elements({1, (4, 5)})
