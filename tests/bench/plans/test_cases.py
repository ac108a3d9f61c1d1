from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.plan import Case, Plan, PlanError
from bench.plans.cases import along, make_cases, parse_dims


def test_a_dimension_goes_to_the_workloads_that_have_it() -> None:
    product, tiny = make_cases(["matmul", "tiny_ops"], (("m", 5), ("repeats", 2)))
    assert dict(product.dims)["m"] == 5
    assert dict(tiny.dims) == {"repeats": 2, "size": 4}


def test_a_function_in_a_file_takes_the_dimensions_as_they_are() -> None:
    (case,) = make_cases(["my_ops.py::gelu"], (("rows", 5),))
    assert case == Case("my_ops.py::gelu", (("rows", 5),))


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.integers(-(2**40), 2**40), max_size=4))
def test_dimensions_are_read_as_they_are_written(sizes: dict[str, int]) -> None:
    assert parse_dims(f"{name}={size}" for name, size in sizes.items()) == tuple(sizes.items())


@given(st.text(max_size=20))
def test_any_other_words_for_a_dimension_are_refused(words: str) -> None:
    try:
        dims = parse_dims([words])
    except PlanError:
        return
    assert len(dims) == 1
    assert isinstance(dims[0][1], int)


def test_without_a_dtype_each_workload_runs_in_the_preferred_one_or_in_float32() -> None:
    cases = make_cases(["matmul", "fft", "my_ops.py::gelu"], preferred_dtype="bfloat16")
    assert [case.dtype for case in cases] == ["bfloat16", "float32", "bfloat16"]


def test_a_plan_along_axes_has_them_and_is_no_preset() -> None:
    plan = along(Plan(make_cases(["matmul"]), preset="seed"), ("k=8,16", "dtype=float32,float64"))
    assert [(dict(case.dims)["k"], case.dtype) for case in plan.cases] == [
        (size, dtype) for size in (8, 16) for dtype in ("float32", "float64")
    ]
    assert (plan.preset, plan.sweep) == ("", ("k=8,16", "dtype=float32,float64"))


@pytest.mark.parametrize(("axis", "why"), [("q=1,2", "matmul has no dimension 'q'"), ("m=0..4:+1", "m=0 is below")])
def test_axes_that_a_workload_does_not_have_are_refused(axis: str, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        along(Plan(make_cases(["matmul"])), (axis,))


def test_a_plan_along_no_axes_is_the_same() -> None:
    plan = Plan(make_cases(["matmul"]), preset="seed")
    assert along(plan, ()) is plan


@pytest.mark.parametrize(
    ("typed", "near"), [("model.kers", "model.keras"), ("nightly.tml", "nightly.toml"), ("stesp.pyy", "steps.py")]
)
def test_a_file_whose_name_is_mistyped_is_suggested(
    typed: str, near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("model.keras", "nightly.toml", "steps.py", "notes.txt"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlanError, match=rf"^there is no workload '{typed}': did you mean {near}\?$"):
        make_cases((typed,))
