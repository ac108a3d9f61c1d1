"""Every way to open a session on the screen and at a terminal, on hostile files: nothing starts, nothing acts on it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from bench.session.history import History
from tests.examples import NO_MODE_WINS
from tests.hostile import CORPUS, RAW, Hostile
from tests.slow import slowly
from tests.terminal import Terminal
from tests.tui.earlier_sessions import browse
from tests.tui.hostile_files import FAST, GUARD_S, OPENED, WORST, beside, sessions_of
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.cli import screen_loop
from tui.cli.options import session_argument
from tui.cli.options.far import FarOptions
from tui.config.trust import Trust
from tui.screens.dialogs.confirm import GoingOnScreen
from tui.screens.dialogs.export import ExportScreen
from tui.screens.dialogs.trust import AdmittingScreen
from tui.screens.history.compare_sessions import CompareSessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen

pytestmark = [pytest.mark.usefixtures("home", "utc", "nothing_starts"), pytest.mark.timeout(GUARD_S)]

FEW = [hostile for hostile in FAST if hostile.name in (WORST, "cut short", "deep")]
"""Of each kind one: some can be opened, some cannot."""

each_opened = pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(hostile, marks=() if hostile.name == WORST else pytest.mark.slow, id=hostile.name)
        for hostile in OPENED
    ],
)


@pytest.mark.parametrize("files", [FEW, pytest.param(FAST, marks=pytest.mark.slow)], ids=["few", "all"])
async def test_the_list_on_the_screen_has_those_that_can_be_told_and_each_row_can_be_looked_at(
    files: list[Hostile], home: Path
) -> None:
    for number, hostile in enumerate(files):
        hostile.write(sessions_of(home), f"20260105T0900{number:02d}Z-0badf00d")
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("escape")
        table = await browse(screen)
        await screen.until(lambda: "reading" not in screen.text)
        assert table.row_count == len([*History(sessions_of(home)).outlines()])
        for _ in range(table.row_count):
            await screen.press("enter")
            await screen.until(lambda: "reading" not in screen.text.splitlines()[0])
            if isinstance(screen.app.screen, LookingBackScreen):
                await screen.press("d", "escape", "escape")
            await screen.until(lambda: "earlier sessions" in screen.text.splitlines()[0])
            await screen.press("down")


async def refuse(screen: Screen, way: str) -> None:
    """Say no to the question that going on brings."""
    await screen.until(lambda: isinstance(screen.app.screen, AdmittingScreen))
    await screen.press(way)
    await screen.until(lambda: not isinstance(screen.app.screen, AdmittingScreen))


@each_opened
async def test_on_the_screen_it_is_looked_at_compared_exported_and_not_gone_on_with(
    hostile: Hostile, home: Path
) -> None:
    hostile.write(sessions_of(home))
    stage = Stage(*NO_MODE_WINS[:3])
    async with opened(stage, size=(120, 40)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        await refuse(screen, "n")
        stage.play(*NO_MODE_WINS[3:])
        await screen.until(lambda: screen.app.session.begun and not screen.app.is_measuring)
        await browse(screen)
        await screen.press("o")
        await screen.until(lambda: not isinstance(screen.app.screen, MainScreen))
        await refuse(screen, "enter")
        await browse(screen)
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, CompareSessionsScreen))
        await screen.press("escape")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))
        await screen.press("e")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert (stage.plans, stage.looks, stage.closed) == ([], [], False)
    assert screen.app.next_session is None


@each_opened
async def test_on_the_screen_it_is_played_again(hostile: Hostile, home: Path) -> None:
    path, source = session_argument.play_session(str(hostile.write(home)), float("inf"))
    async with opened(source, size=(200, 60), read_only=True, session_path=path) as screen:
        await screen.until(lambda: screen.app.session.begun)
        await screen.press("d")
        await screen.press("escape", "end", "home", "r")
        await screen.until(lambda: "recording" in screen.text)


def test_after_a_no_the_session_cannot_be_gone_on_with_by_what_comes_next(home: Path) -> None:
    """The file may have changed since the screen asked."""
    path = OPENED[0].write(home)
    with pytest.raises(click.UsageError, match="never used here"):
        screen_loop.go_on(FarOptions(), str(path), Trust())


TEXTS = next(hostile for hostile in CORPUS if hostile.name == WORST)

READ_ON_A_TERMINAL = ["sessions", "export FILE --csv -"]

READ_ON_A_TERMINAL_MORE = ["export FILE --md -", "export FILE --json -", "compare FILE OTHER", "run --resume FILE"]


@pytest.mark.parametrize("words", [*READ_ON_A_TERMINAL, *slowly(*READ_ON_A_TERMINAL_MORE)])
def test_no_command_sends_a_terminal_what_acts_on_it(words: str, home: Path) -> None:
    path = TEXTS.write(sessions_of(home))
    beside(path)
    names = {"FILE": str(path), "OTHER": str(path.with_name("other.jsonl"))}
    called = [names.get(word, word) for word in words.split()]
    with Terminal(*called, home=home, columns=200, lines=60) as terminal:
        if called[0] == "run":
            terminal.shows("[y/N]")
            terminal.type("n\r")
        terminal.exit_status()
        assert terminal.written
        assert not [raw for raw in RAW if raw in terminal.written]


@pytest.mark.slow
def test_no_screen_sends_a_terminal_what_acts_on_it(home: Path) -> None:
    path = TEXTS.write(sessions_of(home))
    with Terminal("replay", str(path), "--speed", "inf", home=home, columns=200, lines=60) as terminal:
        terminal.shows("recording")
        terminal.shows("evil")
        terminal.type("d")
        terminal.shows("where the time of a call goes")
        terminal.type("d")
        terminal.until(lambda: "where the time of a call goes" not in terminal.text, "the dialog to close")
        terminal.type("q")
        assert terminal.exit_status() == 0
    assert not [raw for raw in RAW if raw in terminal.written]


@pytest.mark.slow
def test_the_list_and_the_question_send_a_terminal_nothing_that_acts_on_it(home: Path) -> None:
    TEXTS.write(sessions_of(home))
    with Terminal("--far", "env true", home=home, columns=100, lines=30) as terminal:
        terminal.shows("Left to measure")
        terminal.type("\r")
        terminal.shows("never used here")
        terminal.shows("\\x1b]0;owned")
        terminal.shows("y starts it")
        terminal.type("n")
        terminal.until(lambda: "never used here" not in terminal.text, "the question to go")
        terminal.type("b")
        terminal.shows("earlier sessions")
        terminal.shows("evil")
        terminal.type("\x1b")
        terminal.until(lambda: "earlier sessions" not in terminal.text, "the list to close")
        terminal.type("q")
        assert terminal.exit_status() == 0
    assert not [raw for raw in RAW if raw in terminal.written]
