"""What an engine does when two things happen at once, with a far side whose answers are scripted."""

from __future__ import annotations

from bench.events import CaseFinished, Notice, PlanFinished, PlanStarted, WorkerReleased
from bench.plan import Effort, Plan
from tests.driver import Driver
from tests.far_side import ONE, TWO, scripted

HASTY = Effort(budget_s=0.01)


def plans_ended(driver: Driver) -> list[bool]:
    """Whether each plan that has ended was cancelled."""
    return [event.cancelled for event in driver.emitted if isinstance(event, PlanFinished)]


def test_a_case_that_ends_just_as_its_worker_is_killed_does_not_cancel_the_next_plan() -> None:
    with Driver(scripted(measure_1=[], kill=["finish", "die"], measure=["finish"])) as driver:
        driver.engine.submit(Plan(ONE))
        driver.wait_for(PlanStarted)
        driver.engine.submit(Plan(ONE))
        driver.wait_for(PlanFinished, lambda event: not event.cancelled)
        assert plans_ended(driver) == [True, False]


def test_a_case_that_ends_just_as_it_times_out_leaves_the_rest_of_the_plan_alone() -> None:
    with Driver(scripted(measure_1=[], kill=["finish", "die"], measure=["finish"])) as driver:
        driver.engine.submit(Plan(TWO, HASTY, case_timeout_s=0.1))
        driver.wait_for(PlanFinished)
        ended = [(event.case_id, event.error) for event in driver.emitted if isinstance(event, CaseFinished)]
        assert ended == [("1", ""), ("2", "")]
        assert driver.wait_for(WorkerReleased).reason == "its case took too long"


def test_a_cancel_while_a_timed_out_worker_is_being_killed_is_heard() -> None:
    with Driver(scripted(measure=[], kill=["linger", "die"])) as driver:
        driver.engine.submit(Plan(TWO, HASTY, case_timeout_s=0.1))
        driver.wait_for(Notice, lambda event: event.text == "lingering")
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        assert [event.cancelled for event in driver.emitted if isinstance(event, CaseFinished)] == [True, True]


def test_a_far_side_that_floods_the_engine_can_still_be_closed() -> None:
    with Driver(scripted(start=["flood"])) as driver:
        driver.wait_for(Notice)
    assert len([event for event in driver.emitted if isinstance(event, Notice)]) <= 200


def test_an_impatient_user_gets_the_last_plan_alone() -> None:
    with Driver(scripted(stop=["finish"], measure_1=[], measure=["finish"])) as driver:
        for _ in range(5):
            driver.engine.submit(Plan(ONE))
            driver.engine.cancel()
        driver.engine.submit(Plan(TWO))
        last = driver.wait_for(PlanStarted, lambda event: len(event.plan.cases) == 2)
        driver.wait_for(CaseFinished, lambda event: event.case_id == last.case_ids[-1])
        driver.wait_for(PlanFinished, lambda event: not event.cancelled)


def test_a_worker_that_holds_too_much_after_a_case_is_not_given_the_next() -> None:
    with Driver(scripted(measure_1=["bloat"], measure_2=["finish"], kill=["die"])) as driver:
        driver.engine.submit(Plan(TWO))
        driver.wait_for(PlanFinished)
        assert driver.wait_for(WorkerReleased).reason == "its cases left more than 2.5 GiB behind"
        assert len([event for event in driver.emitted if isinstance(event, CaseFinished)]) == 2


def test_cases_are_measured_under_the_ids_that_they_are_given() -> None:
    with Driver(scripted(measure=["finish"])) as driver:
        driver.engine.submit(Plan(TWO), ("7", "3"))
        driver.wait_for(PlanFinished)
        assert [event.case_id for event in driver.emitted if isinstance(event, CaseFinished)] == ["7", "3"]
