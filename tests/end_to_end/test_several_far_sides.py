"""Several far sides side by side: each case on each of them, one after the other."""

from __future__ import annotations

import sys

import pytest

from bench.engine.launch import FarSide
from bench.events import CaseFinished, CaseStarted, FarLost, Hello, Notice, PlanFinished, SessionStarted, WorkerStarting
from bench.plan import Case, Plan
from bench.session.session import Session
from tests.clock import Clock
from tests.driver import QUICK, Driver
from tests.far_side import TWO, far_command, scripted

GONE = FarSide.from_options(far="sh -c 'echo no route to host >&2; exit 255;'")


def names_in(driver: Driver) -> tuple[str, ...]:
    """What the far sides are called."""
    return tuple(name for name, _ in driver.wait_for(SessionStarted).fars)


@pytest.mark.parametrize(
    "python",
    [
        far_command(measure=["begin", "estimate", "end"]),
        pytest.param(sys.executable, marks=[pytest.mark.slow, pytest.mark.tensorflow]),
    ],
    ids=["scripted", "real"],
)
def test_cases_alternate_between_far_sides_and_each_result_tells_its_own(python: str) -> None:
    fars = [FarSide.from_options(far=f"env SIDE={side} {python}") for side in ("ann", "bob")]
    sizes = ((("m", 8), ("k", 8), ("n", 8)), (("m", 16), ("k", 16), ("n", 16)))
    with Driver(*fars) as driver:
        assert names_in(driver) == ("SIDE=ann", "SIDE=bob")
        plan = Plan(tuple(Case("matmul", size) for size in sizes), QUICK).on_each(names_in(driver))
        driver.engine.submit(plan)
        driver.wait_for(PlanFinished)
        loaded = [event.far for event in driver.emitted if isinstance(event, WorkerStarting)]
    session = Session(driver.emitted)
    assert loaded == ["SIDE=ann", "SIDE=bob"]
    assert [case.case.far for case in session.cases.values()] == ["SIDE=ann", "SIDE=bob"] * 2
    assert all(case.all_ok for case in session.cases.values())
    assert all(case.hello and case.hello.far == case.case.far for case in session.cases.values())


def test_nothing_is_measured_while_another_far_side_loads_tensorflow() -> None:
    with Driver(scripted(measure=["finish"]), scripted(start=[], measure=["finish"])) as driver:
        ready, _ = names_in(driver)
        driver.wait_for(Hello)
        driver.engine.submit(Plan(TWO).on_each((ready,)))
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        assert not [event for event in driver.emitted if isinstance(event, CaseStarted)]


def test_a_far_side_that_is_lost_takes_its_own_cases_with_it_and_no_others() -> None:
    with Driver(scripted(measure=["finish"]), GONE) as driver:
        here, there = names_in(driver)
        driver.wait_for(FarLost)
        driver.engine.submit(Plan(TWO).on_each((here, there)))
        driver.wait_for(PlanFinished)
    ended = {event.case_id: event.error for event in driver.emitted if isinstance(event, CaseFinished)}
    assert (ended["1"], ended["3"]) == ("", "")
    assert all(ended[case_id] == "the far side was lost: no route to host" for case_id in ("2", "4"))
    assert Session(driver.emitted).cases["1"].state == "done"


@pytest.mark.parametrize("goes_on", [False, True], ids=["cancel", "next plan"])
def test_a_cancel_that_costs_a_far_side_ends_the_plan_on_the_others_too(goes_on: bool) -> None:
    clock = Clock()
    deaf = scripted(measure_1=["begin"], stop=["say stopping"], kill=[], measure=["finish"])
    with Driver(deaf, scripted(measure=["finish"]), clock=clock) as driver:
        names = names_in(driver)
        for name in names:
            driver.wait_for(Hello, lambda event, name=name: event.far == name)  # type: ignore[misc]
        driver.engine.submit(Plan(TWO).on_each(names))
        driver.wait_for(CaseStarted)
        if goes_on:
            driver.engine.submit(Plan(TWO).on_each(names))
        else:
            driver.engine.cancel()
        driver.wait_for(Notice, lambda event: event.text == "stopping")
        clock.pass_by(driver, 3)
        driver.wait_for(FarLost)
        assert driver.wait_for(PlanFinished).cancelled
        if goes_on:
            driver.wait_for(PlanFinished, lambda event: not event.cancelled)
    ended = {
        event.case_id: (event.cancelled, event.error) for event in driver.emitted if isinstance(event, CaseFinished)
    }
    assert [ended.pop(case_id) for case_id in ("1", "2", "3", "4")] == [(True, "")] * 4
    assert [*ended.values()] == [(False, "")] * (4 if goes_on else 0)


def test_a_case_for_a_far_side_that_is_not_there_says_so() -> None:
    with Driver(scripted(measure=["finish"])) as driver:
        driver.engine.submit(Plan((Case("matmul", far="bob"), Case("matmul"))))
        driver.wait_for(PlanFinished)
    ended = {event.case_id: event.error for event in driver.emitted if isinstance(event, CaseFinished)}
    assert ended == {"1": "there is no far side 'bob' here", "2": ""}
