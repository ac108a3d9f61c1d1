"""A case in several processes: real ones, and scripted ones to which anything happens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.analysis.verdict import advise
from bench.events import (
    CaseFinished,
    CaseStarted,
    Combined,
    Event,
    ModeFailed,
    Notice,
    PhaseStarted,
    PlanFinished,
    ProcessFinished,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import Case, Effort, Plan
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.driver import Driver
from tests.far_side import scripted
from tests.programs import program

CASE = Case("matmul")
THREE = Plan((CASE,), Effort(budget_s=0.01, processes=3))
MEASURED = ["begin", "estimate", "echo", "next"]
FINISHED = ["begin", "estimate", "echo", "end"]
ALL_WELL = {"measure_1_3": FINISHED, "measure": MEASURED, "kill": ["die"]}


def requests(driver: Driver) -> list[dict[str, Any]]:
    """What the far side was asked to measure, as it told."""
    told = [event.text for event in driver.emitted if isinstance(event, Notice) and event.severity == "log"]
    return [json.loads(text) for text in told if text.startswith("{")]


def case_of(driver: Driver) -> CaseResult:
    return Session(driver.emitted).cases["1"]


def kinds(driver: Driver, *wanted: type[Event]) -> list[type[Event]]:
    return [type(event) for event in driver.emitted if isinstance(event, wanted)]


def test_a_real_case_in_two_processes_prepares_another_mode_first_in_each(driver: Driver) -> None:
    mark = driver.mark
    small = (("m", 32), ("k", 32), ("n", 32))
    (case,) = driver.measure(Case("matmul", small), effort=Effort(budget_s=0.2, processes=2))
    assert case.all_ok
    assert [mode.processes for mode in case.modes] == [2, 2, 2]
    assert len(case.pairs) == 3
    events = driver.emitted[mark:]
    built = [event.mode for event in events if isinstance(event, PhaseStarted) and event.phase == "build"]
    assert built == ["eager", "graph", "xla", "graph", "xla", "eager"]
    combined = driver.wait_for(Combined, since=mark)
    assert all(mode.low_s is not None for mode in combined.modes)
    ended = [type(event) for event in events if isinstance(event, ProcessFinished | CaseFinished)]
    assert ended == [ProcessFinished, CaseFinished]


@pytest.mark.slow
def test_a_real_mode_that_kills_its_worker_costs_the_others_nothing(driver: Driver) -> None:
    (case,) = driver.measure(Case(program("segfaults_in_graph")), effort=Effort(budget_s=0.2, processes=2))
    assert [mode.status for mode in case.modes] == ["ok", "failed", "failed"]
    assert case.modes[0].processes == 2


def test_a_real_mode_that_cannot_run_is_tried_in_the_first_process_alone(driver: Driver) -> None:
    mark = driver.mark
    (case,) = driver.measure(Case(program("lu")), effort=Effort(budget_s=0.2, processes=2))
    assert [mode.status for mode in case.modes] == ["ok", "ok", "unsupported"]
    assert len([event for event in driver.emitted[mark:] if isinstance(event, ModeFailed)]) == 1


# --- scripted ---------------------------------------------------------------------------------------------------------


def test_each_process_is_a_fresh_worker_and_knows_what_those_before_found() -> None:
    with Driver(scripted(**ALL_WELL)) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(PlanFinished)
        asked = requests(driver)
        assert [request["process"] for request in asked] == [1, 2, 3]
        assert [len(request["earlier"]) for request in asked] == [0, 1, 2]
        assert asked[2]["earlier"][1]["modes"][0]["latency_s"] == 0.001
        assert kinds(driver, WorkerStarting, WorkerReleased, CaseStarted) == [
            *(WorkerStarting, CaseStarted, WorkerReleased),
            *(WorkerStarting, CaseStarted, WorkerReleased),
            *(WorkerStarting, CaseStarted),
        ]
        assert driver.wait_for(WorkerReleased).reason == "the next process is a fresh one"
        assert case_of(driver).all_ok


def test_a_worker_that_has_measured_is_not_the_first_process_of_the_next_case() -> None:
    with Driver(scripted(**ALL_WELL, measure_2_3=FINISHED)) as driver:
        driver.engine.submit(Plan((CASE, CASE), THREE.effort))
        driver.wait_for(PlanFinished)
        assert kinds(driver, WorkerReleased, CaseFinished).index(CaseFinished) == 2
        assert len(kinds(driver, WorkerStarting)) == 6


def test_one_process_goes_on_with_the_worker_it_finds() -> None:
    with Driver(scripted(measure=["finish"], kill=["die"])) as driver:
        driver.engine.submit(Plan((CASE, CASE)))
        driver.wait_for(PlanFinished)
        assert len(kinds(driver, WorkerStarting)) == 1


def test_a_mode_that_failed_in_one_process_is_not_tried_in_the_next() -> None:
    with Driver(scripted(**{**ALL_WELL, "measure_1_1": ["begin", "estimate eager,xla", "echo", "next"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(PlanFinished)
        assert [request["case"]["modes"] for request in requests(driver)][1] == ["eager", "xla"]


def test_a_cancel_in_the_second_process_keeps_what_the_first_found() -> None:
    with Driver(scripted(**{**ALL_WELL, "measure_1_2": ["begin", "echo"], "stop": ["give_up"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(CaseStarted, lambda event: event.process == 2)
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        case = case_of(driver)
        assert (case.state, case.process) == ("cancelled", 2)
        assert all(mode.comparable for mode in case.modes)
        assert len(kinds(driver, CaseFinished)) == 1


def test_a_cancel_between_two_processes_ends_the_case_once_and_leaves_a_worker() -> None:
    with Driver(scripted(**{**ALL_WELL, "kill": ["linger", "die"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(Notice, lambda event: event.text == "lingering")
        mark = driver.mark
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        driver.wait_for(WorkerStarting, since=mark)
        assert len(kinds(driver, CaseFinished)) == 1
        assert case_of(driver).state == "cancelled"


def test_a_case_is_skipped_between_two_of_its_processes_too() -> None:
    with Driver(scripted(**{**ALL_WELL, "kill": ["linger", "die"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(Notice, lambda event: event.text == "lingering")
        driver.engine.skip()
        assert not driver.wait_for(PlanFinished).cancelled
        assert len(kinds(driver, CaseFinished)) == 1
        assert case_of(driver).state == "cancelled"


def test_a_process_that_ends_just_as_it_is_cancelled_is_the_last() -> None:
    with Driver(scripted(**{**ALL_WELL, "measure_1_2": ["begin"], "stop": ["estimate", "next"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(CaseStarted, lambda event: event.process == 2)
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        assert len(kinds(driver, CaseFinished)) == 1


def test_a_process_that_ends_just_as_it_times_out_is_followed_by_the_next() -> None:
    script = {**ALL_WELL, "measure_1_2": ["begin", "estimate"], "kill_1_2": ["next", "die"]}
    with Driver(scripted(**script)) as driver:
        driver.engine.submit(Plan((CASE,), THREE.effort, case_timeout_s=0.2))
        driver.wait_for(PlanFinished)
        assert [request["process"] for request in requests(driver)] == [1, 3]
        assert case_of(driver).all_ok


def test_a_mode_that_kills_the_second_process_is_not_run_again_and_the_others_are_measured_anew() -> None:
    died = ["begin", "estimate", "echo", "die xla"]
    with Driver(scripted(**{**ALL_WELL, "measure_1_2": died, "measure_1_2_again": MEASURED})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(PlanFinished)
        told = [
            (request["process"], request["case"]["modes"], request["without"], len(request["earlier"]))
            for request in requests(driver)
        ]
        assert told == [
            (1, ["eager", "graph", "xla"], [], 0),
            (2, ["eager", "graph", "xla"], [], 1),
            (2, ["eager", "graph"], ["xla"], 1),
            (3, ["eager", "graph"], ["xla"], 2),
        ]
        case = case_of(driver)
        assert [mode.status for mode in case.modes] == ["ok", "ok", "failed"]
        assert case.modes[2].measured, "what the first process found stays"


def test_a_mode_that_hangs_in_the_second_process_is_timed_out_and_the_others_are_measured_anew() -> None:
    script = {
        **ALL_WELL,
        "measure_1_2": ["begin", "estimate"],
        "kill_1_2": ["die graph"],
        "measure_1_2_again": MEASURED,
    }
    with Driver(scripted(**{**script, "kill_1_2_again": ["die"]})) as driver:
        driver.engine.submit(Plan((CASE,), THREE.effort, case_timeout_s=0.2))
        driver.wait_for(PlanFinished)
        assert [mode.status for mode in case_of(driver).modes] == ["ok", "timed_out", "ok"]
        assert [request["without"] for request in requests(driver)] == [[], ["graph"], ["graph"]]


def test_modes_that_end_one_worker_after_another_are_all_left_out_of_the_next() -> None:
    script = {"measure_1_1": ["begin", "echo", "die eager"], "measure_1_1_again": ["begin", "echo", "die graph"]}
    with Driver(scripted(**script)) as driver:
        driver.engine.submit(Plan((CASE,)))
        driver.wait_for(PlanFinished)
        assert [(request["case"]["modes"], request["without"]) for request in requests(driver)] == [
            (["eager", "graph", "xla"], []),
            (["graph", "xla"], ["eager"]),
            (["xla"], ["eager", "graph"]),
        ]


def test_the_only_mode_that_dies_in_the_second_process_ends_the_case_with_what_the_first_found() -> None:
    alone = Plan((Case("matmul", modes=("xla",)),), THREE.effort)
    with Driver(scripted(**{**ALL_WELL, "measure_1_2": ["begin", "die xla"]})) as driver:
        driver.engine.submit(alone)
        driver.wait_for(PlanFinished)
        (xla,) = case_of(driver).modes
        assert (xla.status, xla.measured) == ("failed", True)


def test_a_worker_that_cannot_start_for_the_second_process_ends_the_plan_with_what_the_first_found() -> None:
    with Driver(scripted(**ALL_WELL, start_2=["die"])) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(PlanFinished)
        case = case_of(driver)
        assert case.error.startswith("the worker could not start")
        assert all(mode.measured for mode in case.modes)
        assert "Not finished, in process 2 of 3: the worker could not start" in advise(case).text


def test_a_plan_that_takes_the_place_of_one_between_two_processes_is_measured() -> None:
    with Driver(scripted(**{**ALL_WELL, "kill": ["linger", "die"], "measure_2": ["finish"]})) as driver:
        driver.engine.submit(THREE)
        driver.wait_for(Notice, lambda event: event.text == "lingering")
        driver.engine.submit(Plan((CASE,)))
        driver.wait_for(PlanFinished, lambda event: not event.cancelled)
        assert [case.state for case in Session(driver.emitted).cases.values()] == ["cancelled", "done"]
