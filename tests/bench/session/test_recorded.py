"""Sessions read from their files: as they were written, however large, and given up when nobody waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import CaseStarted, Event, to_line
from bench.session import recorded
from bench.session.append_only import Grown
from bench.session.evolve import replace
from bench.session.journal_reader import Reading
from bench.session.journal_writer import JournalError
from bench.session.recorded import read_session
from bench.session.results import ModeResult
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

    monkeypatch.setattr(recorded, "TOLD_EVERY_S", 0.0)
    monkeypatch.setattr(recorded, "LOOKS_EVERY", 1)
    path, heard = written(tmp_path, NO_MODE_WINS), list[float]()
    read_session(path, heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] == 1

    def enough(_share: float) -> None:
        raise EnoughError

    with pytest.raises(EnoughError):
        read_session(path, enough)


# --- what makes that quick --------------------------------------------------------------------------------------------


def test_a_record_is_changed_as_the_library_does_it() -> None:
    before = ModeResult("xla", status="ok", compile_s=0.5)
    assert replace(before, phase="rounds", error="?") == dataclasses.replace(before, phase="rounds", error="?")
    assert before == ModeResult("xla", status="ok", compile_s=0.5)


@given(st.lists(st.integers()), st.lists(st.integers()), st.lists(st.integers()))
def test_what_grows_is_read_like_a_tuple_and_stays_what_it_was(
    stem: list[int], one: list[int], other: list[int]
) -> None:
    grown: Grown[int] = Grown(stem)
    branches = [grown, grown]
    for number, values in enumerate((one, other)):
        for value in values:
            branches[number] = branches[number].plus(value)
    for found, expected in zip((grown, *branches), (stem, stem + one, stem + other), strict=True):
        assert list(found) == [found[index] for index in range(len(found))] == expected
        assert found == tuple(expected) == found[:]
        assert (hash(found), repr(found), len(found)) == (hash(tuple(expected)), repr(tuple(expected)), len(expected))
        assert (found[-3:], found[1::2]) == (tuple(expected[-3:]), tuple(expected[1::2]))
        with pytest.raises(IndexError):
            found[len(expected)]


def test_what_grows_is_not_copied() -> None:
    grown: Grown[int] = Grown()
    for value in range(3):
        before, grown = grown, grown.plus(value)
        assert grown._values is before._values
