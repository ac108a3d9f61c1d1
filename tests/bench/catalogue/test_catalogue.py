"""The catalogue: listed without TensorFlow, described in full, and what a plan may ask of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS, Workload, find
from bench.plan import PRECISIONS, PlanError
from tests.paths import ROOT
from tests.tiny_sizes import EVERY

workloads = st.sampled_from(list(WORKLOADS.values()))


# --- what a list shows, without TensorFlow ---------------------------------------------------------------------------


def test_listing_imports_neither_tensorflow_nor_numpy() -> None:
    program = "import sys, bench.catalogue; print(sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    listed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout.strip() == "[]"


@EVERY
def test_a_workload_describes_itself_in_lines_that_fit_the_screen(workload: Workload) -> None:
    assert 0 < len(workload.help.splitlines()[0]) <= 70
    assert 0 < len(workload.teaches) <= 110
    assert workload.family
    assert workload.takes_dtype
    assert "float32" in workload.dtypes
    assert set(workload.dtypes) <= set(PRECISIONS)
    assert 1 <= len(workload.dims) <= 6
    assert all(1 <= dim.low <= dim.default <= dim.high for dim in workload.dims)


@given(workloads, st.data())
def test_formulas_hold_for_every_size_within_the_bounds(workload: Workload, data: st.DataObject) -> None:
    dims = {dim.name: data.draw(st.integers(dim.low, dim.high), dim.name) for dim in workload.dims}
    assert workload.complete(dims.items()) == tuple(dims.items())
    for count in (workload.count_flops(dims), workload.count_bytes(dims, "float16")):
        assert count is None or (type(count) is int and count > 0)


# --- what a plan may ask for -----------------------------------------------------------------------------------------


@given(workloads, st.data())
def test_a_size_is_refused_exactly_when_out_of_bounds(workload: Workload, data: st.DataObject) -> None:
    dim = data.draw(st.sampled_from(workload.dims))
    beyond = st.integers(max_value=dim.low - 1) | st.integers(min_value=dim.high + 1)
    with pytest.raises(PlanError, match=f"{dim.name}=.* size, ({dim.low}|{dim.high})$"):
        workload.complete([(dim.name, data.draw(beyond))])


def test_dimensions_left_out_take_their_defaults_in_the_workloads_order() -> None:
    assert find("matmul").complete([("n", 8), ("m", 4)]) == (("m", 4), ("k", 1024), ("n", 8))


def test_an_unknown_dimension_is_refused_with_those_there_are() -> None:
    with pytest.raises(PlanError, match="matmul has no dimension 'batch': it has m, k, n"):
        find("matmul").complete([("batch", 2)])


def test_a_dtype_a_workload_cannot_run_in_is_refused_with_those_it_can() -> None:
    with pytest.raises(PlanError, match=r"fft does not run in bfloat16: choose from float32, float64$"):
        find("fft").check_dtype("bfloat16")


@pytest.mark.parametrize(
    ("name", "dtype", "nearest"),
    [("train_step", "bfloat16", "mixed_bfloat16"), ("matmul", "mixed_float16", "float16")],
)
def test_a_dtype_that_others_compute_in_is_refused_with_the_nearest(name: str, dtype: str, nearest: str) -> None:
    with pytest.raises(PlanError, match=f"{name} does not run in {dtype}: choose from .*; {nearest} is the nearest$"):
        find(name).check_dtype(dtype)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(PlanError, match=r"no workload 'conv2': did you mean conv2d or conv3d\?"):
        find("conv2")
    with pytest.raises(PlanError, match="`tfjit-tui list` names them all"):
        find("xyzzy")
