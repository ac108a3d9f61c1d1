"""Sweeps: the language of ranges, and the cases it stands for."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.plan import Case, PlanError
from bench.plans.sweep import Axis, parse_axis, sweep


@pytest.mark.parametrize(
    ("text", "names", "values"),
    [
        ("m=64..1024:x2", ("m",), (64, 128, 256, 512, 1024)),
        ("m=64..1000", ("m",), (64, 128, 256, 512)),
        ("m=64..256:+64", ("m",), (64, 128, 192, 256)),
        ("m=10..40:x1.5", ("m",), (10, 15, 22, 34)),
        ("m=1..4:x1.1", ("m",), (1, 2, 3, 4)),
        ("m=7", ("m",), (7,)),
        ("m=1,8..32,100", ("m",), (1, 8, 16, 32, 100)),
        ("m=8,8,4", ("m",), (8, 4)),
        ("m=k=n=16..32", ("m", "k", "n"), (16, 32)),
        (" m = 1 , 2 ", ("m",), (1, 2)),
        ("dtype=float32,bfloat16", ("dtype",), ("float32", "bfloat16")),
        ("device=cpu:0,GPU:1", ("device",), ("CPU:0", "GPU:1")),
        ("onednn=on,off", ("onednn",), ("on", "off")),
        ("intra_op_threads=1..4", ("intra_op_threads",), (1, 2, 4)),
        ("dtype=float32,mixed_bfloat16", ("dtype",), ("float32", "mixed_bfloat16")),
    ],
)
def test_an_axis_is_written_as_a_list_or_a_range(text: str, names: tuple[str, ...], values: tuple[int, ...]) -> None:
    assert parse_axis(text) == Axis(names, values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("m", "give a name and values"),
        ("=64", "give a name and values"),
        ("m=", "give a name and values"),
        ("m=k", "k is no size"),
        ("m=64..32", "64 is above 32"),
        ("m=64..128:x1", "goes nowhere"),
        ("m=64..128:+0", "goes nowhere"),
        ("m=64..128:+1.5", "a step is a whole number"),
        ("m=0..8", "no factor leads away from 0"),
        ("m=64...128", "is no size"),
        ("m=1,,2", "nothing is no size"),
        ("m=-4", "-4 is no size"),
        ("m=1.." + 400 * "9", "is no size"),
        ("m=" + 5000 * "9", "is no size"),
        ("m=1..4:x" + 400 * "9", "is no size"),
        ("intra_op_threads=" + 5000 * "9", "is no size"),
        ("m=m=4", "a dimension is named twice"),
        ("dtype=float32,int8", "int8 is not one of"),
        ("m=dtype=float32", "dtype goes with no dimension"),
        ("m=intra_op_threads=1,2", "intra_op_threads goes with no dimension"),
        ("onednn=on,maybe", "give onednn=on or onednn=off"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        parse_axis(text)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["x2", "x1.3", "+17", "+1000"]))
def test_a_range_ascends_from_its_first_to_at_most_its_last(first: int, last: int, by: str) -> None:
    low, high = sorted((first, last))
    values = parse_axis(f"m={low}..{high}:{by}").values
    assert values[0] == low
    assert max(values) <= high
    assert list(values) == sorted(set(values))


@given(st.text())
def test_any_words_make_an_axis_or_are_refused(text: str) -> None:
    with contextlib.suppress(PlanError):
        assert parse_axis(text).values


def test_axes_are_crossed_the_last_one_the_quickest() -> None:
    case = Case("matmul", dims=(("m", 8), ("k", 8), ("n", 8)))
    cases = sweep([case], [parse_axis("m=k=1,2"), parse_axis("dtype=float32,bfloat16")])
    assert [(each.dims_text, each.dtype) for each in cases] == [
        ("m=1 k=1 n=8", "float32"),
        ("m=1 k=1 n=8", "bfloat16"),
        ("m=2 k=2 n=8", "float32"),
        ("m=2 k=2 n=8", "bfloat16"),
    ]


def test_a_case_knows_where_it_lies_on_an_axis() -> None:
    axis, dtypes = parse_axis("m=k=1,2"), parse_axis("dtype=float32,bfloat16")
    (case,) = sweep([Case("matmul")], [Axis(("m", "k"), (2,)), Axis(("dtype",), ("bfloat16",))])
    assert (axis.place_of(case), dtypes.place_of(case)) == (1, 1)
    assert axis.place_of(Case("matmul", (("m", 3),))) is None
    assert axis.place_of(Case("mine.py::f")) is None
    assert dtypes.place_of(Case("mine.py::f", dtype="float64")) is None
    assert [*parse_axis("m=64,2,8").places] == [2, 8, 64]


def test_a_dimension_swept_twice_is_refused() -> None:
    with pytest.raises(PlanError, match="--sweep m is given twice"):
        sweep([Case("matmul")], [parse_axis("m=1,2"), parse_axis("m=k=3,4")])


def test_too_many_cases_are_refused_with_their_number() -> None:
    with pytest.raises(PlanError, match="a sweep of 1,000,000 cases is more than 10,000"):
        sweep([Case("matmul")], [parse_axis("m=1..1000:+1"), parse_axis("k=1..1000:+1")])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("device=CPU:0,CPU:1", ["CPU:0", "CPU:1"]),
        ("onednn=on,off", ["onednn=on", "onednn=off"]),
        ("inter_op_threads=1,2", ["inter_op_threads=1", "inter_op_threads=2"]),
        ("dtype=float32,float64", ["float32", "float64"]),
    ],
)
def test_every_case_stands_where_its_axis_has_put_it(text: str, told: list[str]) -> None:
    axis = parse_axis(text)
    cases = sweep([Case("matmul")], [axis])
    assert [axis.place_of(case) for case in cases] == [0, 1]
    assert [
        word in (case.device, case.dtype, *str(case.runtime).split()) for case, word in zip(cases, told, strict=True)
    ] == [True, True]


def test_a_case_that_leaves_a_setting_to_tensorflow_is_nowhere_on_its_axis() -> None:
    assert parse_axis("onednn=on,off").place_of(Case("matmul")) is None
