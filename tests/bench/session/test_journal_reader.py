"""Sessions read from their files: as they were written, however large, and given up when nobody waits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.events import CaseStarted, Event, to_line
from bench.session import journal_reader
from bench.session.journal_reader import Reading, read_session
from bench.session.journal_writer import JournalError
from tests.examples import NO_MODE_WINS, sweep_events

BROKEN_OFF = [*sweep_events(10), CaseStarted(case_id="2")]


def written(folder: Path, events: Sequence[Event]) -> Path:
    path = folder / "session.jsonl"
    path.write_text("".join(f"{to_line(event)}\n" for event in events))
    return path


def test_events_are_read_one_by_one_and_the_share_of_them_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, NO_MODE_WINS)
    with path.open("a") as file:
        file.write("no event\n")
    reading = Reading(path)
    events = iter(reading)
    assert reading.share == 0
    assert next(events) == NO_MODE_WINS[0]
    assert 0 < reading.share < 1
    with pytest.raises(JournalError, match=f"line {len(NO_MODE_WINS) + 1}: not JSON"):
        list(events)
    assert reading.share == 1


def test_what_was_not_measured_to_its_end_is_cancelled_unless_it_is_gone_on_with(tmp_path: Path) -> None:
    path = written(tmp_path, BROKEN_OFF)
    assert [case.state for case in read_session(path).session.cases.values()] == ["done", "cancelled", "cancelled"]
    left = read_session(path, ended=False).session
    assert left.measuring
    assert [case.case_id for case in left.left] == ["2", "3"]


def test_events_that_do_not_fit_together_are_told_in_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, [NO_MODE_WINS[0], CaseStarted(case_id="7")])
    with pytest.raises(JournalError, match="is damaged: event 2 \\(case_started\\) is about case 7"):
        read_session(path)


def test_whoever_waits_hears_how_far_it_has_come_and_may_give_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class EnoughError(Exception):
        pass

    monkeypatch.setattr(journal_reader, "TOLD_EVERY_S", 0.0)
    monkeypatch.setattr(journal_reader, "LOOKS_EVERY", 1)
    path, heard = written(tmp_path, NO_MODE_WINS), list[float]()
    read_session(path, heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] == 1

    def enough(_share: float) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        read_session(path, enough)
