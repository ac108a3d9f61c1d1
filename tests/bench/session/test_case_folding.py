"""Events about one case become what is known of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.events import (
    ArgumentChange,
    CaseFinished,
    CaseStarted,
    Disturbed,
    ModeFailed,
    PhaseStarted,
    PlanFinished,
    PlanPaused,
    PlanStarted,
    ProcessFinished,
    Retraced,
    Round,
    Verified,
    Visit,
)
from bench.session.results import CaseResult, Retraces
from bench.session.session import Session
from tests.examples import (
    MATMUL,
    NO_MODE_WINS,
    STARTED_AT,
    THREE_MODES,
    compared,
    explained,
    first_case,
    planned,
    process_events,
    session_events,
    suspicious,
    together,
    visits,
)


def test_figures_are_those_of_the_events() -> None:
    case = first_case(NO_MODE_WINS)
    assert [mode.estimate.latency_s for mode in case.modes if mode.estimate] == list(THREE_MODES.values())
    pair = case.pair("xla", "eager")
    assert pair is not None
    assert pair.ratio == 1.07
    assert case.pair("eager", "xla") is None
    assert case.all_ok


def test_rounds_are_kept_by_mode() -> None:
    again = Round(case_id="1", index=1, visits=visits({"eager": 3.0, "graph": 2.0, "xla": 1.0}))
    case = first_case([*NO_MODE_WINS[:-2], again])
    assert [mode.rounds[-1] for mode in case.modes] == [3.0, 2.0, 1.0]
    assert [len(mode.rounds) for mode in case.modes] == [2, 2, 2]


def test_a_mode_that_rests_in_a_round_has_no_place_for_it() -> None:
    rounds = [
        Round(case_id="1", index=index, visits=visits({"graph": 1.0, "xla": 1.0} if index % 2 else THREE_MODES))
        for index in range(1, 6)
    ]
    eager, graph, _ = first_case([*NO_MODE_WINS[:-2], *rounds]).modes
    assert list(eager.latency_by_round_s) == [0, 2, 4]
    assert list(eager.places_between(1, 3)) == [1]
    assert list(eager.places_between(3, 3)) == []
    assert list(graph.places_between(1, 3)) == [1, 2, 3]


def test_what_was_traced_and_compiled_again_is_summed_and_void_rounds_are_numbered() -> None:
    def again(phase: str, *changes: ArgumentChange) -> Retraced:
        return Retraced(
            case_id="1", mode="xla", phase=phase, calls=10, traces=1, compilations=2, compile_s=0.25, changes=changes
        )

    void = Round(case_id="1", index=1, visits=(Visit("xla", 0.3, 1, compilations=2), Visit("eager", 0.02, 1)))
    shape, dtype = ArgumentChange("x", "shape", "", "(1,)", "(2,)"), ArgumentChange("x", "dtype")
    told = again("argument_sets", shape), again("rounds", replace(shape, after="(9,)"), dtype), again("rounds")
    case = first_case([*NO_MODE_WINS[:-2], *told, void])
    eager, xla = case.mode("eager"), case.mode("xla")
    assert eager is not None
    assert xla is not None
    assert xla.retraces == Retraces(calls=20, traces=2, compilations=4, compile_s=0.5, changes=(shape, dtype))
    assert xla.late_retraces == Retraces(calls=10, traces=1, compilations=2, compile_s=0.25)
    assert (list(xla.void_rounds), list(eager.void_rounds)) == ([1], [])
    assert eager.retraces == Retraces()


def test_causes_that_an_earlier_version_recorded_as_sentences_are_joined() -> None:
    def again(phase: str, cause: str) -> Retraced:
        return Retraced(
            case_id="1", mode="xla", phase=phase, calls=10, traces=1, compilations=2, compile_s=0.25, cause=cause
        )

    told = again("argument_sets", "argument x changed shape"), again("rounds", "argument x changed dtype")
    xla = first_case([*NO_MODE_WINS[:-2], *told, again("rounds", "argument x changed shape")]).known_mode("xla")
    assert xla.retraces.cause.startswith("argument x changed shape and argument x changed dtype")
    assert xla.late_retraces == Retraces()


def test_a_wrong_mode_is_measured_and_not_compared() -> None:
    mode = first_case(session_events(THREE_MODES, wrong={"xla": "shape (0, 8), not (10, 8)"})).mode("xla")
    assert mode is not None
    assert (mode.status, mode.measured, mode.comparable) == ("wrong", True, False)


def test_a_failed_mode_leaves_the_others_ok() -> None:
    case = first_case(session_events({"eager": 0.01, "graph": 0.01}, failed={"xla": ("unsupported", "op Lu")}))
    assert [mode.status for mode in case.modes] == ["ok", "ok", "unsupported"]
    assert not case.all_ok


def test_a_mode_that_there_is_none_of_is_no_failure_unless_there_is_no_other() -> None:
    absent = [
        ModeFailed(case_id="1", mode=mode, status="unsupported", error="there is no Python left", absent=True)
        for mode in ("eager", "graph", "xla")
    ]
    assert first_case(session_events({"graph": 0.01, "xla": 0.01}, beside=absent[:1])).all_ok
    assert not first_case(session_events({}, beside=absent)).all_ok


def test_the_reason_a_case_failed_stands_in_each_of_its_rows() -> None:
    case = first_case(session_events({}, finish=CaseFinished(case_id="1", error="no device GPU:3")))
    assert {(mode.status, mode.error) for mode in case.modes} == {("failed", "no device GPU:3")}


def test_where_the_time_goes_is_kept_by_mode_and_the_machine_by_case() -> None:
    case = first_case(session_events(THREE_MODES, beside=explained(), caches=("kernels",)))
    assert [mode.breakdown.synced_s for mode in case.modes if mode.breakdown] == list(THREE_MODES.values())
    assert [mode.peak_memory.source if mode.peak_memory else "" for mode in case.modes] == ["rss", "", ""]
    assert [(disturbed.first, disturbed.last) for disturbed in case.disturbances] == [(10, 12), (30, 38)]
    assert case.machine is not None
    assert case.machine.cpu_mhz == 2900.0
    assert case.caches == ("kernels",)


def test_a_suspicion_is_kept_once_and_leaves_the_mode_ok() -> None:
    events = session_events(THREE_MODES, beside=[suspicious("xla"), suspicious("xla"), suspicious("xla", "too quick")])
    mode = first_case(events).mode("xla")
    assert mode is not None
    assert (mode.status, len(mode.suspicions), mode.suspicions[-1]) == ("ok", 2, "too quick")


def test_a_case_that_starts_again_keeps_the_row_of_the_mode_that_killed_its_worker() -> None:
    session = Session(NO_MODE_WINS[:-2])
    session.apply(ModeFailed(case_id="1", mode="xla", status="failed", error="SIGKILL"))
    session.apply(CaseStarted(case_id="1", at=STARTED_AT + 60))
    case = session.cases["1"]
    assert [(mode.status, tuple(mode.rounds)) for mode in case.modes[:2]] == [("", ()), ("", ())]
    assert (case.modes[2].status, case.modes[2].error) == ("failed", "SIGKILL")
    assert case.started_at == STARTED_AT
    assert case.pairs == ()


# --- several processes ------------------------------------------------------------------------------------------------


FIRST = process_events({"eager": 1.0, "xla": 0.5}, compared("x/e", 0.5, 0.49, 0.51, "faster"), process=1, disturbed=1)
SECOND = process_events({"eager": 4.0, "xla": 0.5}, compared("x/e", 0.125, 0.12, 0.13, "faster"), process=2)
BOTH = together({"eager": (1.0, 4.0), "xla": (0.5, 0.5)}, compared("x/e", 0.25, 0.1, 0.9, "faster"), differ=["eager"])
NEXT = ProcessFinished(case_id="1", process=1)
TWO_MODES = replace(MATMUL, modes=("eager", "xla"))


def latencies_s(case: CaseResult) -> list[float | None]:
    return [mode.estimate.latency_s if mode.estimate else None for mode in case.modes]


def test_the_figures_of_earlier_processes_stand_until_there_are_some_of_all_together() -> None:
    session = Session([*planned(TWO_MODES), *FIRST, NEXT])
    assert session.cases["1"].state == "running"
    assert (session.cases["1"].process, session.cases["1"].processes) == (2, 3)
    for event in SECOND:
        session.apply(event)
        assert latencies_s(session.cases["1"]) == [1.0, 0.5]
        assert session.cases["1"].pairs[0].ratio == 0.5
    session.apply(BOTH)
    case = session.cases["1"]
    assert latencies_s(case) == pytest.approx([2.0, 0.5])
    assert case.pairs == BOTH.pairs
    assert [mode.processes for mode in case.modes] == [2, 2]
    assert [mode.spread.differ for mode in case.modes if mode.spread] == [True, False]


def test_rounds_are_those_of_all_processes() -> None:
    disturbed = Disturbed(case_id="1", first=1, last=2, reason="")
    case = first_case([*planned(TWO_MODES), *FIRST, disturbed, NEXT, *SECOND, disturbed, BOTH])
    eager = case.modes[0]
    assert eager.rounds == (1.0,) * 4 + (4.0,) * 4
    assert (eager.warm_ups, eager.discarded_rounds) == (((0, 1), (4, 5)), 2)
    assert [(each.first, each.last) for each in case.disturbances] == [(1, 2), (5, 6)]
    assert (case.rounds, case.disturbed_rounds, case.spent_s, case.left_s) == (8, 1, 6.0, 7.0)


def test_a_process_that_starts_again_leaves_the_earlier_ones_as_they_were() -> None:
    killed = ModeFailed(case_id="1", mode="xla", status="failed", error="SIGKILL")
    again = process_events({"eager": 2.0}, process=2)
    case = first_case([*planned(TWO_MODES), *FIRST, NEXT, *SECOND, BOTH, killed, *again])
    assert [mode.status for mode in case.modes] == ["", "failed"]
    assert case.modes[0].rounds == (1.0,) * 4 + (2.0,) * 4
    assert latencies_s(case)[0] == 1.0
    assert (case.process, case.rounds, case.started_at) == (2, 8, STARTED_AT + 1)


def test_a_case_that_is_cancelled_between_two_processes_keeps_what_it_has() -> None:
    case = first_case([*planned(TWO_MODES), *FIRST, NEXT, CaseFinished(case_id="1", cancelled=True)])
    assert (case.state, latencies_s(case)) == ("cancelled", [1.0, 0.5])
    assert all(mode.comparable for mode in case.modes)


def test_what_was_wrong_in_one_process_stays_so() -> None:
    wrong = Verified(case_id="1", mode="xla", reference="float64", max_rel_error=None, wrong="is 1", wrong_state=True)
    right = Verified(case_id="1", mode="xla", reference="float64", max_rel_error=0.0)
    case = first_case([*planned(TWO_MODES), FIRST[0], wrong, *FIRST[1:], NEXT, SECOND[0], right, *SECOND[1:]])
    assert [(mode.status, mode.wrong_state) for mode in case.modes] == [("", False), ("wrong", True)]


def test_a_case_that_is_impossible_has_no_mode_that_failed() -> None:
    refused = CaseFinished(case_id="1", error="there is no function 'scal'", refused=True)
    case = first_case([*planned(TWO_MODES), FIRST[0], refused])
    assert [(mode.status, mode.error) for mode in case.modes] == 2 * [("refused", "there is no function 'scal'")]


def test_what_was_measured_before_a_case_was_found_impossible_is_kept() -> None:
    refused = CaseFinished(case_id="1", error="the file has gone", refused=True)
    case = first_case([*planned(TWO_MODES), *FIRST, NEXT, refused])
    assert [mode.status for mode in case.modes] == ["ok", "ok"]


# --- ends -------------------------------------------------------------------------------------------------------------


def test_a_case_that_is_measured_again_under_its_id_starts_from_nothing() -> None:
    session = Session([*planned(TWO_MODES), *FIRST, NEXT, *SECOND])
    session.apply(PlanFinished(cancelled=True))
    session.apply(PlanPaused(paused=True))
    case = session.cases["1"]
    session.apply(PlanStarted(plan=case.plan, case_ids=("1",)))
    for event in FIRST:
        session.apply(event)
    assert session.cases["1"].rounds == first_case([*planned(TWO_MODES), *FIRST]).rounds
    assert not session.paused


def test_a_phase_of_all_modes_is_shown_in_all_that_have_not_ended() -> None:
    events = session_events({"eager": 0.01, "graph": 0.01}, failed={"xla": ("failed", "")})[:-2]
    case = first_case([*events, PhaseStarted(case_id="1", mode="", phase="rounds")])
    assert [mode.phase for mode in case.modes] == ["rounds", "rounds", ""]
