"""However the screen ends, the terminal is left as it was and the session is kept. `?` fails in it, as a bug would."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bench.events import PlanFinished, Round
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.terminal import MEASURING, Terminal
from tests.tui.terminal.measuring import LEFT_AS_IT_WAS, assert_left_as_it_was, rounds_kept, session_file

IGNORING_HANGUPS = (
    "-c",
    "import runpy, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    f"runpy.run_module({MEASURING[1]!r}, run_name='__main__')",
)


def test_a_screen_that_fails_leaves_the_terminal_and_says_in_one_line_where_its_traceback_and_its_session_are(
    tmp_path: Path,
) -> None:
    with Terminal(home=tmp_path, program=MEASURING) as terminal:
        attributes = terminal.attributes
        terminal.shows("round ")
        terminal.type("?")
        assert terminal.exit_status() == 1
        assert_left_as_it_was(terminal, attributes)
        (traceback,) = (tmp_path / "state").glob("crash-*.txt")
        said = terminal.written.rpartition(LEFT_AS_IT_WAS[2])[2].decode()
        assert said.removeprefix(said.partition("tfjit-tui")[0]) == (
            "tfjit-tui: the screen failed: ValueError: this is a bug; "
            f"the traceback is in {traceback}; the session is kept: tfjit-tui replay {session_file(tmp_path)}\r\n"
        )
    kept = traceback.read_text()
    assert kept.startswith("tfjit-tui ")
    assert 'raise ValueError("this is\\na bug")' in kept
    assert rounds_kept(tmp_path) > 0
    assert not read(session_file(tmp_path)).notices


@pytest.mark.slow
def test_a_failure_in_the_thread_that_reads_keys_ends_the_screen_as_any_other_does(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING) as terminal:
        attributes = terminal.attributes
        terminal.shows("round ")
        terminal.type("‽")
        assert terminal.exit_status() == 1
        assert_left_as_it_was(terminal, attributes)
        said = terminal.written.decode()
    assert "tfjit-tui: the screen failed: ValueError: a bug beside the screen; the traceback is in" in said
    assert "Traceback" not in said
    assert rounds_kept(tmp_path) > 0
    assert read(session_file(tmp_path)).notices == ()


def test_who_is_told_to_end_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING) as terminal:
        attributes = terminal.attributes
        terminal.shows("round ")
        terminal.terminate()
        assert terminal.exit_status() == 128 + signal.SIGTERM
        assert_left_as_it_was(terminal, attributes)
    assert isinstance(read(session_file(tmp_path)).events[-1], PlanFinished)


@pytest.mark.parametrize(
    "program", [MEASURING, pytest.param(IGNORING_HANGUPS, marks=pytest.mark.slow)], ids=["", "hangups ignored"]
)
def test_a_line_that_is_cut_ends_the_screen_and_leaves_a_session_to_go_on_with(
    tmp_path: Path, program: tuple[str, ...]
) -> None:
    with Terminal(home=tmp_path, program=program) as terminal:
        terminal.shows("round ")
        terminal.hang_up()
        assert terminal.exit_status() == -signal.SIGHUP
    recording = read(session_file(tmp_path))
    assert recording.notices == ()
    assert isinstance(recording.events[-1], Round) or "estimate" in recording.events[-1].kind
    assert [case.case.workload for case in Session(recording.events).unfinished] == ["matmul"]


@pytest.mark.slow
def test_a_session_that_cannot_be_kept_is_told_of_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Terminal(home=tmp_path, program=MEASURING, TFJIT_TUI_STATE_DIR=str(tmp_path / "file")) as terminal:
        terminal.shows("This session is not kept")
        terminal.shows("round ")
        assert terminal.quit() == 0


def test_a_terminal_that_cannot_be_drawn_on_is_told_so_in_one_line(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, TERM="dumb") as terminal:
        assert terminal.exit_status() == 2
        told = "tfjit-tui: no screen can be drawn where TERM is dumb: use `tfjit-tui run WORKLOAD`\r\n"
        assert terminal.written.decode() == told
