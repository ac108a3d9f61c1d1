"""What is sent down a line that may be slow: figures a few times a second, and the same to every terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.events import CaseStarted, Round
from bench.session.journal_reader import read
from tests.paths import RECORDINGS
from tests.slow import slowly
from tests.terminal import MEASURING, Terminal
from tests.tui.terminal.measuring import rounds_kept, session_file

SETUP = ["─setup─────────────────────────────latency", "op", "m", "k", "n", "dtype", "device", "modes", "effort"]
"""What the lines of the setup begin with."""

MOST_A_SECOND = {(80, 24): 8 << 10, (200, 60): 20 << 10}

A_SECOND = 64 << 10
"""What a line takes in a second."""

MOST_OF_A_BOX = 4 << 10

FRAMES_A_SECOND = 4

TELLS_OF_FRAMES = "\x1b[?2026;2$y"

FRAME = b"\x1b[?2026h"
"""What a terminal says that can wait for the end of a frame, and how one begins then."""

RECORDED = RECORDINGS / "matmul.jsonl"


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
