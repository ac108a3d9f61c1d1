from __future__ import annotations

from dataclasses import replace

from bench.analysis.series import Curve, Curves
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.examples import MATMUL, THREE_MODES, session_events


def measured(**sizes: int) -> CaseResult:
    case = replace(MATMUL, dims=tuple({**dict(MATMUL.dims), **sizes}.items()))
    (result,) = Session(session_events(THREE_MODES, case=case)).cases.values()
    return result


def taken(*cases: CaseResult) -> Curves:
    curves = Curves()
    for case in cases:
        curves.take(case)
    return curves


def test_a_case_alone_is_no_curve() -> None:
    assert taken(measured()).of(measured()) is None


def test_cases_that_differ_in_one_dimension_are_a_curve_in_the_order_of_its_sizes() -> None:
    large, small, other = measured(m=2048), measured(m=64), measured(m=64, k=8)
    assert taken(large, small, other).of(small) == Curve("m", ((64, small), (2048, large)))


def test_of_several_curves_through_a_case_the_longest_is_told() -> None:
    here = measured()
    curve = taken(here, measured(m=64), measured(k=64), measured(k=128)).of(here)
    assert curve is not None
    assert curve.name == "k"
    assert [size for size, _ in curve.cases] == [64, 128, 1024]


def test_what_differs_in_anything_else_is_on_no_curve() -> None:
    here = measured()
    other = replace(measured(m=64), case=replace(measured(m=64).case, dtype="bfloat16"))
    assert taken(here, other).of(here) is None


def test_a_case_without_figures_yet_is_on_no_curve() -> None:
    here, waiting = measured(), measured(m=64)
    waiting = replace(waiting, modes=tuple(replace(mode, estimate=None) for mode in waiting.modes))
    assert taken(here, waiting).of(here) is None


def test_of_many_points_some_are_drawn_the_first_among_them() -> None:
    curve = taken(*(measured(m=size) for size in range(1, 101))).of(measured(m=1))
    assert curve is not None
    sizes = [size for size, _ in curve.thinned(10)]
    assert sizes[0] == 1
    assert len(sizes) <= 11
