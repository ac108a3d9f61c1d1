"""What happens to the line: it is slow, it is cut, the window changes, the screen itself fails. Nothing is lost.

A program that measures for ever stands in for TensorFlow; `?` fails in it, as a bug would.
"""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from bench.events import CaseStarted, PlanFinished, Round
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.paths import RECORDINGS
from tests.processes import outliving
from tests.slow import slowly
from tests.terminal import MEASURING, PROMPT, Terminal

IGNORING_HANGUPS = (
    "-c",
    "import runpy, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
    f"runpy.run_module({MEASURING[1]!r}, run_name='__main__')",
)

LEFT_AS_IT_WAS = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?7h", b"\x1b[<u")
"""The normal screen, the cursor, no mouse, no bracketed paste, wrapped lines, the keyboard's own protocol."""

SETUP = ["─setup─────────────────────────────latency", "op", "m", "k", "n", "dtype", "device", "modes", "effort"]
"""What the lines of the setup begin with."""

MOST_A_SECOND = {(80, 24): 8 << 10, (200, 60): 20 << 10}
A_SECOND = 64 << 10
"""What a line takes in a second."""

MOST_OF_A_BOX = 4 << 10

FRAMES_A_SECOND = 4
TELLS_OF_FRAMES, FRAME = "\x1b[?2026;2$y", b"\x1b[?2026h"
"""What a terminal says that can wait for the end of a frame, and how one begins then."""

RECORDED, TOUR = (RECORDINGS / f"{name}.jsonl" for name in ("matmul", "tour"))


def session_file(home: Path) -> Path:
    return home / "state/sessions/measuring.jsonl"


def rounds_kept(home: Path) -> int:
    return session_file(home).read_bytes().count(b'"kind":"round"')


def assert_left_as_it_was(terminal: Terminal, attributes: list[object]) -> None:
    end = terminal.written[-2000:]
    assert [sign for sign in LEFT_AS_IT_WAS if sign not in end] == []
    assert terminal.attributes == attributes


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
def test_what_piles_up_where_nobody_reads_is_less_than_a_slow_line_takes_in_a_second(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, columns=200, lines=60, ROUNDS_A_SECOND="100") as terminal:
        terminal.shows("round ")
        enough = rounds_kept(tmp_path) + 800
        while rounds_kept(tmp_path) < enough:
            pass  # eight seconds' worth of frames
        assert terminal.catch_up() < A_SECOND
        terminal.type("q")
        terminal.shows("Stop measuring and quit?")
        terminal.catch_up()
        asked = terminal.bytes_written
        terminal.type("q")
        assert terminal.exit_status() == 0
        assert terminal.bytes_written - asked < A_SECOND


@pytest.mark.slow
def test_the_question_before_leaving_costs_what_is_in_its_box(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, columns=200, lines=60, ROUNDS_A_SECOND="0.01") as terminal:
        terminal.shows("Measuring matmul")
        terminal.catch_up()
        before = terminal.bytes_written
        terminal.type("q")
        terminal.shows("Stop measuring and quit?")
        assert terminal.bytes_written - before < MOST_OF_A_BOX


def test_a_hundred_rounds_a_second_are_drawn_four_times_a_second(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, ROUNDS_A_SECOND="100") as terminal:
        terminal.type(TELLS_OF_FRAMES)
        terminal.shows("So far")
        begun, before = rounds_kept(tmp_path), terminal.bytes_written
        terminal.until(lambda: rounds_kept(tmp_path) >= begun + 100, "a hundred rounds")
        frames = terminal.written[before:].count(FRAME)
        assert terminal.quit() == 0
    times = [event.at for event in read(session_file(tmp_path)).events if isinstance(event, Round)]
    assert 0 < frames <= 1 + FRAMES_A_SECOND * (times[begun + 99] - times[begun])


@pytest.mark.parametrize("size", [(80, 24), *slowly(((200, 60),))], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_short_case_from_its_beginning_to_its_end_costs_no_more_a_second_than_a_long_one(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    columns, lines = size
    with Terminal("replay", str(RECORDED), home=tmp_path, columns=columns, lines=lines) as terminal:
        terminal.shows("loading TensorFlow")
        before = terminal.bytes_written
        terminal.shows("recording · ready")
        terminal.catch_up()
        written = terminal.bytes_written - before
        assert "eager?" in terminal.text
        assert terminal.quit() == 0
    events = read(RECORDED).events
    (begun,) = (event.at for event in events if isinstance(event, CaseStarted))
    assert written / (events[-1].at - begun) < MOST_A_SECOND[size]


TERMINALS = [("xterm-256color", ""), ("xterm-256color", "1"), ("xterm", ""), ("screen-256color", "")]
TERMINALS += [("screen-256color", "1")]


@pytest.mark.parametrize(("term", "no_color"), [("xterm", "1"), *slowly(*TERMINALS)])
def test_every_terminal_shows_the_same(tmp_path: Path, term: str, no_color: str) -> None:
    with Terminal(home=tmp_path, program=MEASURING, TERM=term, NO_COLOR=no_color, COLORTERM="") as terminal:
        terminal.shows("So far")
        assert terminal.lines[1].startswith("─setup─")
        assert [line.split()[0] for line in terminal.lines[1:10]] == SETUP
        assert "round" in terminal.lines[0]
        assert "best" in terminal.text
        assert terminal.quit() == 0


@pytest.mark.slow
@pytest.mark.parametrize(("term", "no_color"), [("xterm", "1"), *TERMINALS])
def test_every_terminal_is_sent_less_than_eight_kibibytes_a_second(tmp_path: Path, term: str, no_color: str) -> None:
    with Terminal(home=tmp_path, program=MEASURING, TERM=term, NO_COLOR=no_color, COLORTERM="") as terminal:
        terminal.shows("So far")
        settled = rounds_kept(tmp_path) + 100
        terminal.until(lambda: rounds_kept(tmp_path) >= settled, "the sentences to keep their length")
        begun, before = rounds_kept(tmp_path), terminal.bytes_written
        terminal.until(lambda: rounds_kept(tmp_path) >= begun + 100, "a hundred rounds")
        written = terminal.bytes_written - before
        assert terminal.quit() == 0
    times = [event.at for event in read(session_file(tmp_path)).events if isinstance(event, Round)]
    assert written / (times[begun + 99] - times[begun]) < MOST_A_SECOND[80, 24]


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


@pytest.mark.parametrize("shell", ["{}", *slowly("sh -c '{}; :'")], ids=["", "in a script"])
def test_a_suspended_screen_comes_back_whole_in_a_window_of_another_size_and_goes_on(
    tmp_path: Path, shell: str
) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell=shell) as terminal:
        terminal.shows("round ")
        terminal.type("\x1a")
        terminal.is_suspended()
        rounds = rounds_kept(tmp_path)
        terminal.resize(120, 40)
        terminal.type("fg\r")
        terminal.shows("latency by round: e eager, g graph, x xla")
        terminal.until(lambda: rounds_kept(tmp_path) > rounds + 10, "more rounds")
        terminal.shows("─setup─")
        assert max(map(len, terminal.lines)) == 120
        terminal.type("qq")
        terminal.shows(PROMPT)
        terminal.tells("echo said $?", "said 0")


@pytest.mark.slow
def test_a_screen_that_others_stop_and_let_go_on_has_its_terminal_and_its_keys(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell="{}") as terminal:
        attributes = terminal.attributes
        terminal.shows("round ")
        (program,) = psutil.Process(terminal.pid).children()
        program.suspend()
        terminal.is_suspended()
        terminal.type("fg\r")
        terminal.shows("─setup─")
        for size in (" 2048 ", " 4096 ", " 8192 "):
            terminal.type("]")
            terminal.shows(size)
        terminal.type("qq")
        terminal.shows(PROMPT)
        terminal.tells("echo said $?", "said 0")
        assert_left_as_it_was(terminal, attributes)


@pytest.mark.slow
def test_a_suspended_screen_that_is_told_to_end_does_so_and_leaves_a_session_to_go_on_with(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell="{}") as terminal:
        terminal.shows("round ")
        terminal.type("\x1a")
        terminal.is_suspended()
        jobs = psutil.Process(terminal.pid).children(recursive=True)
        terminal.tells("kill %1", PROMPT)
        assert outliving(jobs) == []
    assert [case.case.workload for case in Session(read(session_file(tmp_path)).events).unfinished] == ["matmul"]


@pytest.mark.slow
def test_two_hundred_sizes_later_the_screen_fits_the_last(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING) as terminal:
        terminal.shows("round ")
        for step in range(200):
            terminal.resize(40 + 37 * step % 180, 10 + 11 * step % 55)
            terminal.read_what_is_there()
        terminal.resize(120, 40)
        terminal.shows("latency by round: e eager, g graph, x xla")
        terminal.until(lambda: terminal.lines[-1].lstrip().startswith("r run"), "the footer in the last line")
        assert terminal.quit() == 0


@pytest.mark.parametrize("how", ["clicked", *slowly("left alone")])
def test_what_was_told_goes_away_where_something_has_been_scrolled(tmp_path: Path, how: str) -> None:
    with Terminal("replay", str(TOUR), "--speed", "inf", home=tmp_path) as terminal:
        terminal.shows("recording · ready")
        terminal.type("r")
        terminal.shows("This is a recording")
        if how == "clicked":
            terminal.click("This is a recording")
        terminal.until(lambda: "This is a recording" not in terminal.text, "it is gone")


@pytest.mark.slow
def test_what_another_program_wrote_over_the_screen_goes_with_ctrl_l_in_a_dialog_too(tmp_path: Path) -> None:
    with Terminal("replay", str(TOUR), "--speed", "inf", home=tmp_path) as terminal:
        terminal.shows("recording · ready")
        terminal.type("e")
        terminal.shows("What to write")
        terminal.is_written_over("a message of another user's")
        terminal.shows("a message of another")
        terminal.type("\x0c")
        terminal.until(lambda: "a message of another" not in terminal.text, "it is gone")
