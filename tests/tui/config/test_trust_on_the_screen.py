"""Going on with a session on the screen: what is asked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Button

from bench.events import Catalogue, SessionStarted, WorkloadInfo
from bench.plan import Case
from bench.session.session import Session
from tests.examples import session_events
from tests.hostile import EVIL, MARKER, lay_traps
from tests.tui.config.strangers import SHELL, broken_off
from tests.tui.earlier_sessions import MONDAY, browse, keep
from tests.tui.stage import LOADED, Screen, Stage, open_code, opened
from tui.config import remembered
from tui.config.trust import Strangers, Trust, command_key
from tui.screens.dialogs.confirm import GoingOnScreen
from tui.screens.dialogs.trust import AdmittingScreen
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen

pytestmark = pytest.mark.usefixtures("home", "utc")


async def asked(screen: Screen, *words: str) -> AdmittingScreen:
    """Wait for the question; it has these words."""
    await screen.until(lambda: isinstance(screen.app.screen, AdmittingScreen))
    await screen.shows("y starts it", *words)
    assert isinstance(screen.app.screen, AdmittingScreen)
    return screen.app.screen


async def test_going_on_asks_first_and_a_no_leaves_all_as_it_was(home: Path) -> None:
    keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        await asked(screen, f"touch {MARKER}", "evil.py")
        await screen.press("n")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        for key in ("escape", "enter"):
            await browse(screen)
            await screen.press("o")
            await asked(screen, f"touch {MARKER}", "evil.py")
            await screen.press(key)
            await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        assert not stage.closed
    assert screen.app.next_session is None
    assert remembered.load(home / "state")[0].known_commands == ()


async def test_a_yes_goes_on_and_is_remembered(home: Path) -> None:
    path = keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("escape")
        await browse(screen)
        await screen.press("o")
        await asked(screen, f"touch {MARKER}")
        await screen.press("y")
        await screen.until(lambda: stage.closed)
    assert screen.app.next_session == path
    kept = remembered.load(home / "state")[0]
    assert (kept.known_commands, kept.known_code) == ((command_key(SHELL),), (str(home / "evil.py"),))


async def test_a_long_command_is_shown_whole_on_a_small_screen(home: Path) -> None:
    far = f"sh -c '{'first ' + 'word ' * 1000}; {EVIL[:-1]} exec last'"
    keep(home, MONDAY, broken_off(far))
    async with opened(Stage(*LOADED), size=(60, 20)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        question = await asked(screen, "never used", "sh -c 'first word", "Start it")
        assert screen.app.focused is question.query_one("#no", Button)
        await screen.press("end")
        await screen.shows("exec last", "\\x1b]0;owned", "Start it")
        assert question.query_one(VerticalScroll).scroll_y > 0
        assert "└" in screen.text.splitlines()[-2] + screen.text.splitlines()[-1]
        await screen.press("pageup", "k", "home")
        await screen.shows("sh -c 'first word")


async def look_back(screen: Screen) -> None:
    if isinstance(screen.app.screen, GoingOnScreen):
        await screen.press("escape")
    await browse(screen)
    await screen.press("enter")
    await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))


async def test_code_of_a_row_is_neither_read_nor_run_before_a_yes_and_asked_about_once(home: Path) -> None:
    lay_traps(home)
    keep(home, MONDAY, session_events({"eager": 0.1}, case=Case("evil.py::f", modes=("eager",))))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await look_back(screen)
        await screen.press("r")
        await asked(screen, "evil.py", "run it?")
        await screen.press("n")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
        await screen.press("r")
        await asked(screen, "evil.py")
        assert (stage.plans, stage.looks) == ([], [])
        await screen.press("y")
        await screen.until(lambda: len(stage.plans) == 1)
        await screen.press("r")
        await screen.until(lambda: len(stage.plans) == 2)
    assert remembered.load(home / "state")[0].known_code == (str(home / "evil.py"),)


async def test_code_that_the_user_opens_is_not_asked_about_then_or_later(home: Path) -> None:
    (home / "steps.py").write_text("def scale(x): ...\n")
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await open_code(screen, "steps.py::scale")
        await screen.until(lambda: stage.looks)
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert Trust().strangers((), ("steps.py::other",)) == Strangers()


def test_what_a_file_says_that_a_far_side_offers_counts_for_nothing() -> None:
    offered = WorkloadInfo("evil.py::f", "own", "", "", (), ("float32",))
    before = [*session_events({"eager": 0.1}), Catalogue(workloads=(offered,))]
    assert Session(before).workloads == (offered,)
    assert Session([*before, SessionStarted(session_id="1", version="1", far="")]).workloads == ()


async def test_what_a_far_side_offers_itself_is_not_asked_about() -> None:
    offered = WorkloadInfo("installed.layers:mine", "installed", "", "", (), ("float32",))
    stage = Stage(*LOADED, Catalogue(workloads=(offered,)))
    async with opened(stage, size=(80, 60)) as screen:
        await screen.until(lambda: screen.app.session.workloads)
        await screen.press("slash", *"mine", "enter")
        await screen.shows("op      mine")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert not Trust().strangers((), ("installed.layers:mine",))  # so that its session is gone on with unasked
