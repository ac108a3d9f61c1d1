"""What is set up, held against an old implementation."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bench.events import PlanFinished, PlanStarted
from tests.examples import session_events
from tests.tui.snapshots import Snap, app_on, at_one_layout
from tests.tui.stage import LOADED, Screen, Stage, open_code, opened
from tui.app.app import TfjitApp
from tui.screens.dialogs.against import AgainstScreen
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home")

STEPS = "def new(x): return 2 * x\ndef old(x): return x + x\ndef new_inputs(): return (1.0,)\nold_inputs = new_inputs\n"


@pytest.fixture
def steps(home: Path) -> None:
    """A file with two implementations, in the current directory."""
    (home / "steps.py").write_text(STEPS, encoding="utf-8")


async def hold_against(screen: Screen, name: str = "", revision: str = "") -> None:
    """Say what to hold it against, and take that."""
    await screen.press("A")
    await screen.until(lambda: isinstance(screen.app.screen, AgainstScreen))
    screen.app.screen.query_one("#name", Input).value = name
    screen.app.screen.query_one("#revision", Input).value = revision
    await screen.press("enter")


@pytest.mark.usefixtures("steps")
async def test_both_are_measured_until_nothing_is_held_against_it_any_more() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, size=(120, 40)) as screen:
        await open_code(screen, "steps.py::new")
        await hold_against(screen, "steps.py::old")
        await screen.until(lambda: not isinstance(screen.app.screen, AgainstScreen))
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (case,) = stage.plans[0].cases
        assert (case.workload, case.against, case.against_ref) == ("steps.py::new", "steps.py::old", "")
        assert case.modes == ("eager", "old-eager", "graph", "old-graph", "xla", "old-xla")
        events = session_events(dict.fromkeys(case.modes, 0.01), case=case)
        stage.play(PlanStarted(plan=stage.plans[0], case_ids=("1",)), *events[4:-1], PlanFinished())
        await screen.shows("steps.py::new · against steps.py::old", "old-graph")
        await screen.press("A")
        await screen.until(lambda: isinstance(screen.app.screen, AgainstScreen))
        assert screen.app.screen.query_one("#name", Input).value == "steps.py::old"
        await screen.pilot.click("#nothing")
        await screen.shows("It is held against nothing.")
        await screen.press("r")
        await screen.until(lambda: len(stage.plans) == 2)
        assert not stage.plans[1].cases[0].is_held_against


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("name", "revision", "words"),
    [
        ("steps.py::gone", "", "has no function 'gone'"),
        ("softmxa", "", "there is no workload 'softmxa': did you mean softmax"),
        ("", "-n", "'-n' is no revision"),
        ("softmax", "HEAD", "softmax is no file"),
        ("", "", "name an old implementation, a revision, or both"),
    ],
)
async def test_what_cannot_be_one_is_told_and_can_be_mended(name: str, revision: str, words: str) -> None:
    async with opened(Stage(*LOADED)) as screen:
        await open_code(screen, "steps.py::new")
        await hold_against(screen, name, revision)
        await screen.shows(words)
        assert screen.app.screen.query_one("#name", Input).value == name


@pytest.mark.usefixtures("steps")
async def test_it_can_be_undone_and_each_workload_keeps_its_own() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await open_code(screen, "steps.py::new")
        await hold_against(screen, "", "HEAD~1")
        await screen.until(lambda: not isinstance(screen.app.screen, AgainstScreen))
        setup = screen.app.screen.query_one(SetupPanel)
        assert setup.case().old_name == "steps.py::new at HEAD~1"
        await setup.choose("matmul")
        assert not setup.case().is_held_against
        await setup.choose("steps.py::new")
        assert setup.case().is_held_against
        await screen.press("u", "u", "u")
        await screen.until(lambda: not setup.case().is_held_against)


@at_one_layout
def test_the_question(snap_compare: Snap, size: tuple[int, int]) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, TfjitApp)
        screen = Screen(pilot.app, pilot)
        await screen.shows("ready")
        await screen.press("A")
        await screen.until(lambda: isinstance(screen.app.screen, AgainstScreen))

    assert snap_compare(app_on(Stage(*LOADED)), terminal_size=size, run_before=ask)
