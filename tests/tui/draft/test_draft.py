from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import WorkloadInfo
from bench.plan import DTYPES, MIXED, PRECISIONS, Case, PlanError
from tui.draft.draft import Draft, step_from

OTHER = WorkloadInfo("mine.py::step", "mine", "", "", (("rows", 8, 1, 64),), ("float64",))


@pytest.fixture
def draft() -> Draft:
    made = Draft()
    made.add_workloads([OTHER])
    return made


def test_it_starts_with_a_case_that_can_be_measured(draft: Draft) -> None:
    assert draft.case() == Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "m is empty: give a whole number from 1 to 16384"),
        ("0", "m=0 is below its least size, 1"),
        ("99999", "m=99999 is above its greatest size, 16384"),
    ],
)
def test_a_wrong_dimension_is_named_with_its_bound(draft: Draft, text: str, reason: str) -> None:
    draft.type(draft.dims[0], text)
    with pytest.raises(PlanError, match=reason):
        draft.case()


def test_what_was_typed_for_a_workload_is_still_there_after_another(draft: Draft) -> None:
    draft.type(draft.dims[0], "77")
    draft.workload = OTHER.name
    draft.type(draft.dims[0], "9")
    draft.workload = "matmul"
    assert draft.text(draft.dims[0]) == "77"


def test_a_dtype_gives_way_where_the_workload_lacks_it_and_comes_back(draft: Draft) -> None:
    draft.dtype = "bfloat16"
    draft.workload = OTHER.name
    assert draft.dtype == "float64"
    draft.workload = "matmul"
    assert draft.dtype == "bfloat16"


def test_mixed_precision_is_offered_where_there_are_keras_layers_or_may_be(draft: Draft) -> None:
    assert draft.dtypes == DTYPES
    draft.workload = "train_step"
    assert draft.dtypes == ("float32", "float64", *MIXED)
    draft.open("mine.py::layers", "")
    assert draft.dtypes == PRECISIONS


@given(st.integers(1, 16_384), st.booleans())
def test_scaling_stays_within_the_bounds(size: int, up: bool) -> None:
    draft = Draft()
    dim = draft.dims[0]
    draft.type(dim, str(size))
    note = draft.scale(dim, up=up)
    wanted = 2 * size if up else size // 2
    assert (draft.size(dim) == wanted) == (note == "")
    assert dim.low <= draft.size(dim) <= dim.high


@given(st.integers(1, 16_384))
def test_a_step_down_takes_a_step_up_back(size: int) -> None:
    draft = Draft()
    dim = draft.dims[0]
    draft.type(dim, str(size))
    note = draft.step(dim, up=True)
    assert dim.low <= draft.size(dim) <= dim.high
    if not note:
        assert size < draft.size(dim)
        assert draft.step(dim, up=False) == ""
        assert draft.size(dim) == size


@given(st.integers(1, 16_384))
def test_a_step_is_an_eighth_or_less_but_no_less_than_a_sixteenth(size: int) -> None:
    step = step_from(size)
    assert step & (step - 1) == 0
    assert step == 1 or size / 16 < step <= size / 8


@given(st.integers(1, 16_384))
def test_steps_down_lead_to_the_least_size_and_say_so(size: int) -> None:
    draft = Draft()
    dim = draft.dims[0]
    draft.type(dim, str(size))
    sizes = [size]
    while not draft.step(dim, up=False):
        sizes.append(draft.size(dim))
    assert sizes == sorted(set(sizes), reverse=True)
    assert sizes[-1] == dim.low


def test_no_mode_is_no_case(draft: Draft) -> None:
    draft.modes = ()
    with pytest.raises(PlanError, match="no mode to measure"):
        draft.case()


def test_a_case_of_an_unknown_workload_is_not_taken(draft: Draft) -> None:
    with pytest.raises(PlanError, match="no workload 'other'"):
        draft.take(Case("other"))
