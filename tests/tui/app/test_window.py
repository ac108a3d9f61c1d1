"""The window is as large as the terminal says, has colours unless NO_COLOR says something, and may change its focus."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus, Resize
from textual.geometry import Size

from tests.paths import RECORDINGS
from tests.terminal import MEASURING, PROMPT, Terminal
from tests.tui.stage import Stage, opened
from tui.app.window import believe_terminal
from tui.terminal.driver import TerminalDriver

TOUR = RECORDINGS / "tour.jsonl"
REPLAY = ("replay", str(TOUR), "--speed", "inf")


def test_the_terminals_own_size_counts_not_an_exported_one_and_its_changes_are_heard(tmp_path: Path) -> None:
    with Terminal(*REPLAY, home=tmp_path, columns=100, lines=30, COLUMNS="200", LINES="60") as terminal:
        terminal.shows("recording · ready")
        assert terminal.lines[-1].lstrip().startswith("r run")
        assert len(terminal.lines[1]) == 100
        terminal.resize(120, 40)
        terminal.until(lambda: terminal.lines[-1].lstrip().startswith("r run"), "the footer in the last line")
        assert len(terminal.lines[1]) == 120


def test_progress_fits_the_terminal_whatever_size_is_exported(tmp_path: Path) -> None:
    code = "from tui.cli.console import ProgressLine; ProgressLine().show('x' * 300); print()"
    with Terminal(home=tmp_path, program=("-c", code), columns=60, COLUMNS="200") as terminal:
        assert terminal.exit_status() == 0
        assert terminal.lines[0] == "x" * 59
        assert terminal.lines[1] == ""


@pytest.mark.slow
@pytest.mark.parametrize(("setting", "has_colours"), [("NO_COLOR=", True), ("NO_COLOR=1", False)])
def test_an_empty_no_color_counts_as_unset(tmp_path: Path, setting: str, *, has_colours: bool) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell=f"{setting} {{}}") as terminal:
        terminal.shows("round ")
        assert (b"38;5;" in terminal.written) == has_colours
        terminal.type("qq")
        terminal.shows(PROMPT)


def test_what_the_environment_says_of_another_window_is_forgotten() -> None:
    environment = {"COLUMNS": "200", "LINES": "60", "NO_COLOR": "", "TERM": "xterm"}
    believe_terminal(environment)
    assert environment == {"TERM": "xterm"}
    no_colour = {"NO_COLOR": "0"}
    believe_terminal(no_colour)
    assert no_colour == {"NO_COLOR": "0"}


@pytest.mark.usefixtures("home")
async def test_of_many_changes_of_the_focus_the_last_counts() -> None:
    changes: list[bool] = []
    async with opened(Stage()) as screen:
        app = screen.app
        app.watch(app, "app_focus", lambda has_focus: changes.append(has_focus), init=False)
        for _ in range(10):
            app.post_message(AppBlur())
            app.post_message(AppFocus())
        app.post_message(AppBlur())
        await screen.until(lambda: not app.app_focus)
        assert changes == [False]
        app.post_message(AppFocus())
        await screen.press("escape")
        assert app.app_focus
        assert changes == [False, True]


@pytest.mark.usefixtures("home")
async def test_a_size_that_the_window_no_longer_has_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    window, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    async with opened(Stage(), size=(80, 24)) as screen:
        with monkeypatch.context() as patched:
            driver = TerminalDriver(screen.app)
            patched.setattr(driver, "fileno", terminal)
            patched.setattr(screen.app, "_driver", driver)
            await screen.app.on_event(Resize(Size(129, 32), Size(129, 32)))
        await screen.until(lambda: screen.app.screen.size == Size(120, 40))
    os.close(window)
    os.close(terminal)
