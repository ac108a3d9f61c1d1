"""Arguments as tracing sees them: composite tensors and structures of every kind, by their parts."""

from __future__ import annotations

from collections import UserDict, namedtuple
from typing import Any

import pytest

from bench.events import ArgumentChange
from bench.worker.checks.retrace_causes import find_changes

Pair = namedtuple("Pair", ["first", "second"])


def changes(before: Any, after: Any, *, values: bool = True) -> list[tuple[str, ...]]:
    """Tell how the one argument changed: the part, the aspect and the example."""
    found: tuple[ArgumentChange, ...] = find_changes(lambda x: x, [(before,), (after,)], [1], values=values)
    assert {change.name for change in found} <= {"x"}
    return [(change.part, change.kind, change.aspect, change.before, change.after) for change in found]


def test_row_lengths_and_numbers_of_values_are_told_where_xla_may_need_them(tf: Any) -> None:
    def ragged(*lengths: int, dtype: str = "float32") -> Any:
        return tf.RaggedTensor.from_row_lengths(tf.zeros((sum(lengths),), dtype), lengths)

    def sparse(*columns: int) -> Any:
        return tf.SparseTensor([[0, column] for column in columns], [1.0] * len(columns), (2, 9))

    assert changes(ragged(1, 4), ragged(3, 2)) == [("", "", "row lengths", "(1, 4)", "(3, 2)")]
    assert changes(ragged(1, 4), ragged(3, 2), values=False) == [], "one trace serves both"
    assert changes(ragged(1, 4), ragged(1, 4)) == []
    assert changes(ragged(1, 4), ragged(1, 3, 1)) == [("", "", "shape", "(2, None)", "(3, None)")]
    assert changes(ragged(1), ragged(1, dtype="int32")) == [("", "", "dtype", "float32", "int32")]
    assert changes(ragged(1, 1), tf.zeros((2, 1))) == [("", "", "type", "ragged tensor", "tensor")]
    assert changes(sparse(1), sparse(1, 2)) == [("", "", "number of values", "1", "2")]
    nested = [tf.ragged.constant(rows) for rows in ([[[1], [2, 3]]], [[[1, 2], [3]]])]
    assert changes(*nested) == [("", "", "row lengths", "(1, 2)", "(2, 1)")]


def test_the_part_that_changed_is_told(tf: Any) -> None:
    x, y = tf.zeros((2,)), tf.zeros((3,))

    made = tf.experimental.ExtensionType
    fields = {"__annotations__": {"ids": tf.Tensor, "mask": tf.Tensor}, "__module__": __name__}
    Batch = type(made)("Batch", (made,), fields)  # noqa: N806

    shape = ("", "shape", "(2,)", "(3,)")
    assert changes({"ids": x, "mask": x}, {"ids": x, "mask": y}) == [("['mask']", *shape)]
    assert changes(UserDict(ids=x), UserDict(ids=y)) == [("['ids']", *shape)]
    assert changes(Pair(x, [x, x]), Pair(x, [x, y])) == [(".second[1]", *shape)]
    assert changes(Batch(x, x), Batch(y, x)) == [(".ids", *shape)]
    assert changes([x, x], [y, y]) == [("", *shape)], "there is no one part"


def test_what_tensorflow_describes_itself_is_compared_by_that(tf: Any) -> None:
    datasets = [tf.data.Dataset.range(2), tf.data.Dataset.range(3), tf.data.Dataset.range(3).batch(2)]
    assert changes(iter(datasets[0]), iter(datasets[1])) == []
    assert changes(iter(datasets[0]), iter(datasets[2])) == [("", "", "structure", "", "")]


def test_an_object_that_tensorflow_does_not_open_is_itself_alone() -> None:
    class Config:
        width = 3

    assert changes(Config(), Config()) == [("", "object", "value", "", "")]


@pytest.mark.parametrize("kind", ["dataclass", "attrs"])
def test_fields_that_tensorflow_opens_are_compared_one_by_one(kind: str) -> None:
    class Field:
        def __init__(self, name: str) -> None:
            self.name = name

    class Options:
        __attrs_attrs__ = (Field("rate"), Field("name"))
        __tf_flatten__ = None

        def __init__(self, rate: float) -> None:
            self.rate, self.name = rate, "adam"

    if kind == "dataclass":
        import dataclasses

        del Options.__attrs_attrs__
        Options.__annotations__ = {"rate": "float"}
        del Options.__init__
        dataclasses.dataclass(Options)
    assert changes(Options(0.5), Options(0.25)) == [(".rate", "number", "value", "0.5", "0.25")]
