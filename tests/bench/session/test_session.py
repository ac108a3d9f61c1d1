from __future__ import annotations

from dataclasses import replace

from bench.events import (
    CaseFinished,
    CaseStarted,
    Device,
    Devices,
    Died,
    FarLost,
    GpuFacts,
    Notice,
    PhaseStarted,
    PlanFinished,
    PlanStarted,
    SessionStarted,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import Plan
from bench.session.session import Session
from tests.examples import (
    MATMUL,
    NO_MODE_WINS,
    STARTED_AT,
    THREE_MODES,
    first_case,
    planned,
    process_events,
    sweep_events,
)


def test_a_session_is_empty_before_its_first_event() -> None:
    session = Session()
    assert session.worker == "none"
    assert session.current is None
    assert not session.measuring


def test_a_case_is_waiting_then_running_then_done() -> None:
    states = [first_case(NO_MODE_WINS[:length]).state for length in range(4, len(NO_MODE_WINS) + 1)]
    assert list(dict.fromkeys(states)) == ["waiting", "running", "done"]


REFINING = PhaseStarted(case_id="1", mode="", phase="refine")


def test_a_case_that_is_refined_has_its_result_and_holds_nobody_up() -> None:
    session = Session([*NO_MODE_WINS[:-2], REFINING])
    assert session.cases["1"].state == "refining"
    assert session.cases["1"].ended
    assert [mode.status for mode in session.cases["1"].modes] == ["ok", "ok", "ok"]
    assert session.refining
    assert not session.left


def test_a_case_whose_worker_is_killed_while_it_is_refined_keeps_its_result() -> None:
    killed = [CaseFinished(case_id="1", cancelled=True), PlanFinished(cancelled=True)]
    session = Session([*NO_MODE_WINS[:-2], REFINING, *killed])
    assert session.cases["1"].state == "done"
    assert session.cases["1"].all_ok
    assert not session.refining


def test_the_first_of_several_processes_that_is_refined_is_not_the_result() -> None:
    session = Session([*planned(), *process_events(THREE_MODES, process=1), REFINING])
    assert session.cases["1"].state == "running"


def test_a_case_knows_where_and_when_it_was_measured() -> None:
    case = first_case(NO_MODE_WINS)
    assert case.hello is not None
    assert (case.hello.host, case.hardware, case.ran_on, case.started_at) == ("box", "A Processor", "CPU:0", STARTED_AT)


FACTS = GpuFacts(driver="580.65.06", driver_cuda="13.0", compute_capability="9.0", power_limit_w=700.0)


def test_a_case_keeps_what_is_known_of_its_gpu() -> None:
    devices = Devices(devices=(Device("CPU:0", "A Processor"), Device("GPU:0", "NVIDIA H100", FACTS)))
    on_a_gpu = Plan((MATMUL, replace(MATMUL, device="GPU:0")))
    session = Session([devices, PlanStarted(plan=on_a_gpu, case_ids=("1", "2"))])
    session.apply(CaseStarted(case_id="1"))
    session.apply(CaseStarted(case_id="2"))
    assert (session.cases["1"].hardware, session.cases["1"].gpu) == ("A Processor", None)
    assert (session.cases["2"].hardware, session.cases["2"].gpu) == ("NVIDIA H100", FACTS)


def test_what_far_sides_miss_is_told_once_each_and_no_longer_once_it_is_there() -> None:
    cpu = (Device("CPU:0", "A Processor"),)
    session = Session([Devices(devices=cpu, missing=("no driver",), far=far) for far in ("a", "b")])
    session.apply(Devices(devices=cpu, missing=("no libraries",), far="c"))
    assert list(session.missing) == ["no driver", "no libraries"]
    session.apply(Devices(devices=cpu, far="c"))
    assert list(session.missing) == ["no driver"]


# --- ends -------------------------------------------------------------------------------------------------------------


def test_a_plan_that_ends_early_cancels_what_had_not_ended() -> None:
    case = first_case([*NO_MODE_WINS[:-2], PlanFinished(cancelled=True)])
    assert case.state == "cancelled"
    assert {mode.status for mode in case.modes} == {"cancelled"}
    assert all(mode.comparable for mode in case.modes)


def test_what_was_not_measured_to_its_end_is_unfinished() -> None:
    plan = Plan((MATMUL, MATMUL, MATMUL))
    began = PlanStarted(plan=plan, case_ids=("1", "2", "3"))
    done = CaseStarted(case_id="1"), CaseFinished(case_id="1")
    given_up = CaseStarted(case_id="2"), CaseFinished(case_id="2", cancelled=True)
    session = Session([began, *done, *given_up])
    assert [case.case_id for case in session.unfinished] == ["2", "3"]
    session.apply(PlanStarted(plan=Plan((MATMUL,)), case_ids=("3",)))
    session.apply(CaseStarted(case_id="3"))
    session.apply(CaseFinished(case_id="3"))
    assert [case.case_id for case in session.unfinished] == ["2"]
    session.apply(PlanStarted(plan=Plan((MATMUL,), calls=7), case_ids=("4",)))
    assert [case.case_id for case in session.unfinished] == ["4"]


def test_what_a_lost_far_side_has_left_is_unfinished_and_what_failed_by_itself_is_not() -> None:
    began = PlanStarted(plan=Plan((MATMUL, MATMUL, MATMUL)), case_ids=("1", "2", "3"))
    failed = CaseStarted(case_id="1"), CaseFinished(case_id="1", error="a syntax error")
    lost = (CaseFinished(case_id=name, error="the far side was lost", abandoned=True) for name in "23")
    session = Session([began, *failed, CaseStarted(case_id="2"), *lost, PlanFinished()])
    assert [case.case_id for case in session.unfinished] == ["2", "3"]


def test_the_workers_state_and_its_trouble() -> None:
    session = Session(NO_MODE_WINS)
    assert session.worker == "ready"
    for event, worker, trouble in (
        (WorkerReleased(reason="idle"), "released", ()),
        (WorkerStarting(), "starting", ()),
        (
            Died(signal="SIGSEGV", log_tail=("last words",)),
            "failed",
            ("the worker ended: SIGSEGV; its log says: last words", "last words"),
        ),
        (WorkerStarting(), "starting", ()),
        (FarLost(exit_code=255, reason="no route\nto host"), "lost", ("to host", "no route")),
    ):
        session.apply(event)
        assert (session.worker, session.trouble) == (worker, trouble)


def test_notices_are_kept_in_order() -> None:
    notices = [Notice(text="one"), Notice(text="two")]
    assert Session(notices).notices == notices


def test_a_session_that_broke_off_begins_anew_where_it_is_gone_on_with() -> None:
    """What was under way has ended, and no worker is loaded."""
    again = SessionStarted(session_id="20270115T080000Z-00c0ffee", version="0.1.0", far="python3")
    session = Session([*sweep_events(10), CaseStarted(case_id="2"), again])
    assert [case.state for case in session.cases.values()] == ["done", "cancelled", "cancelled"]
    assert [case.case_id for case in session.left] == ["2", "3"]
    assert (session.measuring, session.worker, session.hello) == (False, "none", None)


def test_what_is_left_is_of_the_plan_begun_last() -> None:
    stopped = [*NO_MODE_WINS[:4], PlanFinished(cancelled=True)]
    last = PlanStarted(plan=Plan((MATMUL,)), case_ids=("2",))
    session = Session([*stopped, last])
    assert [case.case_id for case in session.left] == ["2"]
    assert [case.case_id for case in session.unfinished] == ["1", "2"]
