"""What a terminal shows after its size has changed, or something has gone that covered the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paths import RECORDINGS
from tests.terminal import MEASURING, Terminal

TOUR = RECORDINGS / "tour.jsonl"

TELLING_BRIEFLY = (
    "-c",
    "from tui.app.app import TfjitApp; from tui.cli.main import main; TfjitApp.NOTIFICATION_TIMEOUT = 1; main()",
)
"""The program, with messages that stay for a second."""


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


def test_what_was_told_goes_away_by_itself_where_something_has_been_scrolled(tmp_path: Path) -> None:
    with Terminal("replay", str(TOUR), "--speed", "inf", home=tmp_path, program=TELLING_BRIEFLY) as terminal:
        terminal.shows("recording · ready")
        terminal.type("r")
        terminal.shows("This is a recording")
        terminal.until(lambda: "This is a recording" not in terminal.text, "it is gone")


def test_what_another_program_wrote_over_the_screen_goes_with_ctrl_l_in_a_dialog_too(tmp_path: Path) -> None:
    with Terminal("replay", str(TOUR), "--speed", "inf", home=tmp_path) as terminal:
        terminal.shows("recording · ready")
        terminal.type("e")
        terminal.shows("What to write")
        terminal.is_written_over("a message of another user's")
        terminal.shows("a message of another")
        terminal.type("\x0c")
        terminal.until(lambda: "a message of another" not in terminal.text, "it is gone")
