"""Which cases have changed, and how far a plan has come."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bench.session.case_list import Cases, Progress
from bench.session.results import CaseResult
from tests.examples import NO_MODE_WINS, first_case

CASE = first_case(NO_MODE_WINS)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_what_has_changed_since_is_each_case_once_as_it_was_planned(before: list[str], since: list[str]) -> None:
    cases = Cases()
    for case_id in before:
        cases[case_id] = CASE
    seen = cases.revision
    for case_id in since:
        cases[case_id] = CASE
    assert cases.changed_since(seen) == [case_id for case_id in cases if case_id in since]
    assert cases.changed_since(cases.revision) == []


def case(case_id: str, started_at: float | None) -> CaseResult:
    return replace(CASE, case_id=case_id, started_at=started_at)


def test_a_plan_has_come_as_far_as_its_cases_have_ended_however_often_that_is_said() -> None:
    progress = Progress(("1", "2", "3"))
    for ended in (case("1", None), case("2", 5.0), case("2", 5.0), case("elsewhere", 1.0)):
        progress.end(ended)
    assert (progress.planned, progress.left, progress.measured, progress.began_at) == (3, 1, 1, 5.0)
    assert (progress.place_of(case("3", 7.0)), progress.place_of(case("2", 5.0))) == (3, 2)
    assert progress.place_of(case("elsewhere", 1.0)) is None
