from __future__ import annotations

from dataclasses import replace

import pytest

from bench.events import (
    CaseFinished,
    CaseStarted,
    DevicePrepared,
    DevicePreparing,
    Died,
    Event,
    FarEvent,
    FarLost,
    Hello,
    Looked,
    Looking,
    PlanStarted,
    SessionStarted,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import Plan
from bench.session.session import Session
from tests.examples import MATMUL
from tui.presentation.status_text import describe

HELLO = Hello(protocol=1, host="box", platform="Linux", python="3.12", tensorflow="2.21.0", numpy="2.1.0")
PREPARING = DevicePreparing(device="GPU:0")
PREPARED = DevicePrepared(device="GPU:0", duration_s=60.0)
ENDING = WorkerEnding(device="GPU:0")
RELEASED = WorkerReleased(reason="it did not stop in time")


def at(far: str, *events: FarEvent) -> list[FarEvent]:
    """Return the events as they come from a far side."""
    return [replace(event, far=far) for event in events]


ENDS: list[FarEvent] = [RELEASED, Died(signal="SIGKILL"), FarLost(exit_code=None, reason="gone")]


@pytest.mark.parametrize("event", [PREPARED, Looked(name="f"), ENDING, *ENDS])
def test_what_one_far_side_tells_does_not_end_what_another_prepares(event: FarEvent) -> None:
    session = Session([*at("ann", HELLO, PREPARING), *at("bob", event)])
    assert session.far_states.preparing == "GPU:0"
    session.apply(replace(event, far="ann"))
    assert session.far_states.preparing == ""


@pytest.mark.parametrize("event", ENDS)
def test_an_accelerator_is_held_until_its_own_worker_has_ended(event: FarEvent) -> None:
    session = Session([*at("ann", ENDING, PREPARING, Looked(name="f")), *at("bob", HELLO, event)])
    assert session.far_states.held == "GPU:0"
    session.apply(replace(event, far="ann"))
    assert session.far_states.held == ""


def test_a_case_that_fails_while_its_device_is_prepared_ends_that() -> None:
    started: list[Event] = [PlanStarted(plan=Plan((MATMUL,)), case_ids=("1",)), CaseStarted(case_id="1"), PREPARING]
    assert Session([*started, CaseFinished(case_id="1", error="no such device")]).far_states.preparing == ""


def test_a_case_that_waits_and_is_dropped_leaves_what_another_prepares() -> None:
    plan = Plan(tuple(replace(MATMUL, far=far) for far in ("ann", "bob")))
    started = [PlanStarted(plan=plan, case_ids=("1", "2")), CaseStarted(case_id="1"), *at("ann", PREPARING)]
    assert Session([*started, CaseFinished(case_id="2", abandoned=True)]).far_states.preparing == "GPU:0"


def test_a_session_that_is_gone_on_with_has_far_sides_that_do_nothing_yet() -> None:
    session = Session([WorkerStarting(far="ann"), *at("bob", PREPARING), *at("cid", ENDING)])
    session.apply(SessionStarted(session_id="s", version="1", far="python3"))
    assert not session.far_states.doing


def test_code_is_read_no_more_once_its_worker_is_killed() -> None:
    assert Session([HELLO, Looking(name="f"), ENDING]).reading == ""


def test_a_case_that_waits_for_a_gpu_says_so_after_one_of_another_far_side() -> None:
    plan = Plan(tuple(replace(MATMUL, far=far) for far in ("ann", "bob", "ann")))
    session = Session([*at("ann", HELLO), *at("bob", HELLO), PlanStarted(plan=plan, case_ids=("1", "2", "3"))])
    for event in (CaseStarted(case_id="1"), *at("ann", ENDING), CaseFinished(case_id="1", cancelled=True)):
        session.apply(event)
    session.apply(CaseStarted(case_id="2"))
    assert describe(session).endswith("starting"), "what is measured goes first"
    session.apply(CaseFinished(case_id="2"))
    assert describe(session).endswith("waiting for GPU:0 to be let go, then it runs")
