"""Read the thresholds that the cases of a plan must pass."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bench.plan import Case, PlanError
from bench.plans.thresholds import Thresholds, matcher
from bench.plans.toml_reader import parse_plan
from tests.examples import MATMUL

GUARDED = """
workload = "matmul"
fail_if = ["xla_vs_graph < 1"]
sweep = ["k=64,128"]
[[cases]]
dims = { m = 8 }
[[cases]]
dims = { m = 16 }
fail_if = []
fail_if_slower_percent = 5
"""


def test_what_a_case_must_pass_stands_beside_the_plan_and_goes_with_each_size_of_a_sweep() -> None:
    file = parse_plan(GUARDED)
    assert {(dict(case.dims)["m"], dict(case.dims)["k"]): each for case, each in file.thresholds.items()} == {
        **{(8, k): Thresholds(("xla_vs_graph < 1",)) for k in (64, 128)},
        **{(16, k): Thresholds((), 0.05) for k in (64, 128)},
    }
    assert file.plan == parse_plan(re.sub("fail_if.*", "", GUARDED)).plan


def test_of_a_case_that_stands_there_twice_all_holds_and_the_smaller_limit() -> None:
    tables = ['fail_if = ["a"]\nfail_if_slower_percent = 5', 'fail_if = ["b"]\nfail_if_slower_percent = 3', ""]
    file = parse_plan('workload = "matmul"\n' + "".join(f"[[cases]]\n{table}\n" for table in tables))
    assert list(file.thresholds.values()) == [Thresholds(("a", "b"), 0.03)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('fail_if = "xla_vs_graph < 1"', "fail_if: Expected array, got str"),
        ("fail_if_slower_percent = -1", "fail_if_slower_percent -1 is not a percentage: give one such as 5"),
        ("fail_if_slower_percent = inf", "fail_if_slower_percent inf is not a percentage"),
        ("[[cases]]\nfail_if_slower_percent = nan", "cases[0]: fail_if_slower_percent nan is not a percentage"),
        ("[[cases]]\nfail_iff = []", "cases[0]: there is no key 'fail_iff': did you mean fail_if"),
    ],
)
def test_what_is_wrong_with_them_is_told_with_the_key(text: str, why: str) -> None:
    with pytest.raises(PlanError) as raised:
        parse_plan(f'workload = "matmul"\n{text}')
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("planned", "measured", "found"),
    [
        (MATMUL, replace(MATMUL, modes=("xla",), far="tf218"), True),
        (MATMUL, replace(MATMUL, dims=MATMUL.dims[::-1]), True),
        (MATMUL, replace(MATMUL, seed=7), False),
        (MATMUL, replace(MATMUL, dims=MATMUL.dims[:2]), False),
        (Case("f.py::f", (("m", 8),)), Case("f.py::f", (("batch", 2), ("m", 8)), "float64"), True),
        (Case("f.py::f", (("m", 8),), "bfloat16"), Case("f.py::f", (("batch", 2), ("m", 8)), "float64"), False),
        (Case("f.py::f", (("m", 8),)), Case("f.py::f", (("m", 9),)), False),
        (Case("f.py::f"), Case("f.py::g"), False),
    ],
)
def test_they_are_found_by_what_was_measured_in_whichever_modes_and_wherever(
    planned: Case, measured: Case, found: bool
) -> None:
    assert matcher([MATMUL, planned])(measured) == ((planned,) if found else ())


def test_all_planned_cases_of_what_was_measured_are_found() -> None:
    graph, xla = (replace(MATMUL, modes=("eager", mode)) for mode in ("graph", "xla"))
    assert matcher([graph, xla, graph])(MATMUL) == (graph, xla)
