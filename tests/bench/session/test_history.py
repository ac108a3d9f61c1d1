from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.events import CaseFinished, CaseSized, CaseStarted, Event, PlanFinished, PlanStarted, to_line
from bench.plan import Case, Plan
from bench.session.history import History, Outline, outline
from bench.session.journal_writer import Journal
from bench.session.session import Session
from tests.examples import NO_MODE_WINS, session_events, sweep_events
from tests.tui.stage import recorded

UNDER_WAY = [*sweep_events(10), CaseStarted(case_id="2")]
"""Killed in the second of three cases."""


def kept(path: Path, events: Sequence[Event]) -> Path:
    path.write_text("".join(f"{to_line(event)}\n" for event in events))
    return path


def outlined(path: Path, events: Sequence[Event]) -> Outline:
    found = outline(kept(path, events))
    assert found is not None
    return found


def test_an_outline_tells_what_was_measured_where_and_when(tmp_path: Path) -> None:
    events = recorded("tour")
    found = outlined(tmp_path / "a.jsonl", events)
    session = Session(events)
    assert found.cases == tuple(case.case for case in session.cases.values())
    assert (found.session_id, found.started_at) == ("recorded-tour", events[0].at)
    assert (found.host, found.tensorflow, found.far) == ("box", "2.21.0", "python3")
    assert (found.measured, found.left, found.state) == (6, 0, "ended")


@pytest.mark.parametrize(
    ("events", "measured", "left", "state"),
    [
        (NO_MODE_WINS, 1, 0, "ended"),
        (UNDER_WAY, 1, 2, "broke off"),
        ([*UNDER_WAY, PlanFinished(cancelled=True, broke_off=True)], 1, 2, "broke off"),
        ([*UNDER_WAY, PlanFinished(cancelled=True)], 1, 2, "ended"),
        ([*UNDER_WAY, CaseFinished(case_id="2", error="lost", abandoned=True), PlanFinished()], 1, 2, "ended"),
        ([*UNDER_WAY, *sweep_events(10)[3:]], 1, 2, "broke off"),
        ([*UNDER_WAY, *sweep_events(10, 100, 1000), PlanFinished()], 3, 0, "ended"),
    ],
    ids=["whole", "killed", "closed", "stopped", "far side lost", "gone on with, killed again", "gone on with"],
)
def test_an_outline_tells_how_much_is_left(
    tmp_path: Path, events: Sequence[Event], measured: int, left: int, state: str
) -> None:
    found = outlined(tmp_path / "a.jsonl", events)
    assert (found.measured, found.left, found.state) == (measured, left, state)
    assert left == len(Session(events).left)


def test_sizes_that_were_not_given_are_known_once_the_far_side_has_said_them(tmp_path: Path) -> None:
    plan = PlanStarted(plan=Plan((Case("lstm"),)), case_ids=("1",))
    sized = CaseSized(case_id="1", dims=(("batch", 8),))
    found = outlined(tmp_path / "a.jsonl", [*session_events({})[:3], plan, sized])
    assert found.cases[0].dims == (("batch", 8),)
    assert "batch=8" in found.about


@pytest.mark.parametrize(
    "rest",
    [
        '{"kind":"plan_star',
        '{"kind":"plan_finished","cancelled":7}\n',
        '{"kind":"case_sized","at":1.0,"case_id":"1","dims":[["m",5]],"dtype":"nonsense"}\n',
    ],
)
def test_what_stands_before_damage_is_told(tmp_path: Path, rest: str) -> None:
    path = kept(tmp_path / "a.jsonl", UNDER_WAY)
    with path.open("a") as file:
        file.write(rest)
    assert outline(path) == outlined(tmp_path / "a.jsonl", UNDER_WAY)


@pytest.mark.parametrize("contents", ["", "a letter\n", "\x00"])
def test_what_is_no_session_has_no_outline(tmp_path: Path, contents: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(contents)
    assert outline(path) is None


def test_sessions_come_the_latest_first_without_those_that_hold_nothing_and_the_present_one(tmp_path: Path) -> None:
    for name in ("20260101", "20260103", "20260102"):
        kept(tmp_path / f"{name}.jsonl", NO_MODE_WINS)
    kept(tmp_path / "20260104.jsonl", NO_MODE_WINS[:3])
    found = History(tmp_path).outlines(but=tmp_path / "20260103.jsonl")
    assert [each.path.stem for each in found] == ["20260102", "20260101"]


def test_a_session_that_has_grown_is_read_again(tmp_path: Path) -> None:
    history, path = History(tmp_path), kept(tmp_path / "a.jsonl", NO_MODE_WINS[:4])
    assert [each.measured for each in history.outlines()] == [0]
    kept(path, NO_MODE_WINS)
    assert [each.measured for each in history.outlines()] == [1]


def test_the_latest_is_the_one_written_to_last(tmp_path: Path) -> None:
    for age_s, name in enumerate(("gone_on_with", "20260102", "20260101")):
        os.utime(kept(tmp_path / f"{name}.jsonl", NO_MODE_WINS), (1e9 - age_s, 1e9 - age_s))
    latest = History(tmp_path).latest()
    assert latest is not None
    assert latest.path.stem == "gone_on_with"
    assert History(tmp_path / "nowhere").latest() is None


def test_a_session_that_is_being_written_has_not_broken_off(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.jsonl", UNDER_WAY)
    history = History(tmp_path)
    journal = Journal(path, go_on=True)
    assert [each.state for each in history.outlines()] == ["open"]
    journal.close()
    assert [each.state for each in history.outlines()] == ["broke off"]


def test_a_session_is_found_by_what_it_measured(tmp_path: Path) -> None:
    found = outlined(tmp_path / "a.jsonl", UNDER_WAY)
    assert {"elementwise_chain", "size=1000", "float32", "cpu:0", "box"} <= set(found.about.split())
