"""The case before, by its one definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.events import Event, PlanFinished
from bench.plan import Case
from bench.runtime import Runtime
from bench.session.session import Session
from tests.examples import MATMUL, THREE_MODES, numbered, session_events, suspicious, sweep_events, tuned
from tui.presentation.related_cases import Relations, name_before

SMALL = {"eager": 0.0031, "graph": 0.0033, "xla": 0.0029}
LARGE = {"eager": 0.0061, "graph": 0.0052, "xla": 0.0059}


def related(session: Session) -> Relations:
    """What is known of a session's cases, taken in as they were planned."""
    relations = Relations()
    for case in session.cases.values():
        relations.take(case)
    return relations


def before(events: list[Event], case_id: str = "") -> str | None:
    """The case before one of a session, by default before the latest."""
    session = Session(events)
    case = session.cases[case_id] if case_id else session.current
    assert case is not None
    found = related(session).case_before(case)
    return found.case_id if found else None


def test_it_is_the_last_one_planned_before_of_the_same_workload() -> None:
    other = session_events(SMALL, case=Case("lstm", (("batch", 1),)))[3:]
    events = [*tuned((64, SMALL), (128, LARGE)), *(numbered(event, "3") for event in other)]
    assert before(tuned((64, SMALL))) is None
    assert before(tuned((64, SMALL), (128, LARGE))) == "1"
    assert before(events) is None
    back = [*events, *(numbered(event, "4") for event in session_events({})[3:5])]
    assert before(back) == "2"
    assert before(back, "2") == "1"


def test_one_without_figures_is_passed_over() -> None:
    events = tuned((64, SMALL), (128, {}), (256, SMALL))
    assert before(events) == "1"


def test_in_a_sweep_it_is_the_neighbour_and_a_sweep_leaves_one() -> None:
    assert before(sweep_events(10, 100)) == "1"
    alone = Case("elementwise_chain", (("size", 7),), modes=("graph", "xla"))
    events = [numbered(event, "4") for event in session_events({"xla": 0.01}, case=alone)[3:]]
    assert before([*sweep_events(10, 100), PlanFinished(cancelled=True), *events]) == "2"


def test_nothing_suspicious_or_wrong_is_looked_back_at() -> None:
    doubtful = session_events(THREE_MODES, beside=[suspicious(mode) for mode in THREE_MODES])
    wrong = session_events(THREE_MODES, wrong=dict.fromkeys(THREE_MODES, "3 values differ"))
    later = [numbered(event, "2") for event in session_events(SMALL)[3:]]
    assert before([*doubtful, *later]) is None
    assert before([*wrong, *later]) is None


def test_the_order_in_which_several_far_sides_come_to_figures_changes_nothing() -> None:
    planned, measured = Session(tuned((64, {}), (128, {}))), Session(tuned((64, SMALL), (128, LARGE)))
    relations = related(planned)
    for case in reversed(measured.cases.values()):  # the second comes first
        relations.take(case)
    first, second = measured.cases.values()
    assert relations.case_before(first) is None
    assert relations.case_before(second) == first


@pytest.mark.parametrize(
    ("earlier", "name"),
    [
        (MATMUL, "the run before"),
        (replace(MATMUL, dims=(("m", 512), ("k", 1024), ("n", 64))), "m=512 n=64 before"),
        (replace(MATMUL, dtype="bfloat16", device="GPU:0"), "bfloat16 GPU:0 before"),
        (replace(MATMUL, runtime=Runtime(onednn=False)), "onednn=off before"),
        (replace(MATMUL, far="tf218"), "on tf218 before"),
        (replace(MATMUL, inputs="float32[8]"), "other inputs before"),
        (replace(MATMUL, modes=("xla",)), "the run before"),
    ],
)
def test_it_is_called_by_what_was_different(earlier: Case, name: str) -> None:
    assert name_before(MATMUL, earlier) == name
