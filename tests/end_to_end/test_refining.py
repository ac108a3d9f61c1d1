"""A case that has its result is measured on, to be more precise, until something else is asked for."""

from __future__ import annotations

from bench.events import Estimate, Looked, PhaseStarted, PlanFinished, PlanStarted, Round
from bench.plan import Case, Effort, Plan
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.driver import QUICK, Driver
from tests.programs import program

SMALL = Case("matmul", (("m", 32), ("k", 32), ("n", 32)))
OTHER = Case("matmul", (("m", 16), ("k", 16), ("n", 16)))
ENDLESS = Effort(budget_s=0.2, refine_s=3600.0)
FINEST, COARSEST = 1e-6, 0.9
"""Effects that no interval, and that every interval, is narrow enough for."""


def begin_to_refine(driver: Driver, *cases: Case) -> int:
    """Have the cases measured until the first has its result and goes on; return the mark from before."""
    mark = driver.mark
    driver.engine.submit(Plan(cases, ENDLESS, effect=FINEST))
    driver.wait_for(PhaseStarted, lambda event: event.phase == "refine", since=mark)
    driver.wait_for(Estimate, since=driver.mark)
    return mark


def measured(driver: Driver, mark: int) -> list[CaseResult]:
    """Return what became of the cases of the first plan since the mark."""
    started = driver.wait_for(PlanStarted, since=mark)
    cases = Session(driver.emitted).cases
    return [cases[case_id] for case_id in started.case_ids]


def phases(driver: Driver, mark: int) -> set[str]:
    return {event.phase for event in driver.emitted[mark:] if isinstance(event, PhaseStarted)}


def assert_done(case: CaseResult) -> None:
    """Every mode has its figures, and nothing says that the case was cancelled."""
    assert (case.state, case.all_ok) == ("done", True)
    assert all(mode.comparable for mode in case.modes)


def test_rounds_go_on_after_the_result_until_the_time_for_it_is_over(driver: Driver) -> None:
    mark = driver.mark
    driver.engine.submit(Plan((SMALL,), Effort(budget_s=0.2, refine_s=0.5), effect=FINEST))
    driver.wait_for(PlanFinished, since=mark)
    events = driver.emitted[mark:]
    kinds = [event.phase if isinstance(event, PhaseStarted) else type(event) for event in events]
    assert {Round, Estimate} <= set(kinds[kinds.index("refine") :])
    assert_done(measured(driver, mark)[0])


def test_nothing_is_refined_unless_that_was_asked_for(driver: Driver) -> None:
    mark = driver.mark
    driver.engine.submit(Plan((SMALL,), QUICK, effect=FINEST))
    driver.wait_for(PlanFinished, since=mark)
    assert "refine" not in phases(driver, mark)


def test_it_ends_once_the_intervals_are_narrow_enough(driver: Driver) -> None:
    mark = driver.mark
    driver.engine.submit(Plan((SMALL,), ENDLESS, effect=COARSEST))
    driver.wait_for(PlanFinished, since=mark)
    assert_done(measured(driver, mark)[0])


def test_a_stop_ends_it_and_cancels_nothing(driver: Driver) -> None:
    mark = begin_to_refine(driver, SMALL)
    driver.engine.cancel()
    assert not driver.wait_for(PlanFinished, since=mark).cancelled
    assert_done(measured(driver, mark)[0])


def test_a_stop_cancels_the_cases_that_wait(driver: Driver) -> None:
    mark = begin_to_refine(driver, SMALL, OTHER)
    driver.engine.cancel()
    assert driver.wait_for(PlanFinished, since=mark).cancelled
    first, second = measured(driver, mark)
    assert_done(first)
    assert second.state == "cancelled"


def test_another_plan_takes_its_place(driver: Driver) -> None:
    refined = begin_to_refine(driver, SMALL)
    mark = driver.mark
    driver.engine.submit(Plan((OTHER,), QUICK))
    driver.wait_for(PlanStarted, since=mark)
    assert_done(measured(driver, refined)[0])
    driver.wait_for(PlanFinished, since=driver.emitted.index(driver.wait_for(PlanStarted, since=mark)))
    assert_done(measured(driver, mark)[0])


def test_to_skip_it_begins_the_next_case(driver: Driver) -> None:
    mark = begin_to_refine(driver, SMALL, OTHER)
    driver.engine.skip()
    driver.wait_for(PhaseStarted, lambda event: event.case_id == measured(driver, mark)[1].case_id, since=mark)
    assert_done(measured(driver, mark)[0])
    driver.engine.cancel()
    driver.wait_for(PlanFinished, since=mark)


def test_to_look_at_code_ends_it(driver: Driver) -> None:
    mark = begin_to_refine(driver, SMALL)
    driver.engine.look(program("add_one"), "", "CPU:0")
    driver.wait_for(Looked, since=mark)
    assert not driver.wait_for(PlanFinished, since=mark).cancelled
    assert_done(measured(driver, mark)[0])
