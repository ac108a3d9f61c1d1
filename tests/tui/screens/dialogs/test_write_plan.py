"""Plans as files: `w` on the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Input

from bench.plan import EFFORTS, Case, Plan, PlanError
from bench.plans.toml_reader import read_plan
from tests.examples import session_events, sweep_events
from tests.tui.snapshots import Snap, at_snapshot_sizes
from tests.tui.stage import LOADED, REFINED, Screen, Stage, opened, replay
from tui.screens.dialogs.write_plan import WritePlanScreen
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home")


async def ask(screen: Screen) -> WritePlanScreen:
    """Press w, and wait for the dialog."""
    await screen.press("w")
    await screen.until(lambda: isinstance(screen.app.screen, WritePlanScreen))
    dialog = screen.app.screen
    assert isinstance(dialog, WritePlanScreen)
    return dialog


async def test_what_is_set_up_is_written_and_measured_again_as_it_was(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        await screen.press("down", "down")
        await ask(screen)
        await screen.shows("write plan", "Write matmul · m=1024 k=1024 n=1024 · float32 · CPU:0 for")
        await screen.shows("Sweep along, such as k=64..2048; may be empty:")
        await screen.press("enter")
        await screen.shows("Wrote 1 case to")
    (plan,) = stage.plans
    assert plan.effort == REFINED
    assert read_plan(home / "PLAN.toml").plan == replace(plan, effort=EFFORTS["quick"]), "a file is no screen to watch"


async def test_the_axes_of_the_last_sweep_are_offered(home: Path) -> None:
    async with opened(Stage(*sweep_events(10, 100, 1000))) as screen:
        await screen.app.screen.query_one(SetupPanel).choose("elementwise_chain")
        await screen.until(lambda: screen.app.session.progress.left == 0)
        dialog = await ask(screen)
        assert dialog.query_one("#axes", Input).value == "size=10,100,1000"
        await screen.press("enter")
        await screen.shows("Wrote 3 cases to")
    plan = read_plan(home / "PLAN.toml").plan
    assert (plan.sweep, [dict(case.dims)["size"] for case in plan.cases]) == (("size=10,100,1000",), [10, 100, 1000])


async def test_an_existing_file_is_overwritten_only_after_a_yes(home: Path) -> None:
    (home / "PLAN.toml").write_text("mine")
    async with opened(Stage(*LOADED)) as screen:
        await ask(screen)
        await screen.press("enter")
        await screen.shows("PLAN.toml exists. Overwrite it?")
        assert (home / "PLAN.toml").read_text() == "mine"
        await screen.press("shift+tab", "enter")
        await screen.until(lambda: not isinstance(screen.app.screen, WritePlanScreen))
    assert read_plan(home / "PLAN.toml").plan.cases[0].workload == "matmul"


async def test_code_is_named_as_it_is_from_the_plans_own_directory(home: Path) -> None:
    (home / "ci").mkdir()
    stage = Stage(*session_events({"eager": 0.01}, case=Case("src/steps.py::step", modes=("eager",))))
    async with opened(stage, read_only=True) as screen:
        await screen.shows("recording · ready")
        dialog = await ask(screen)
        dialog.query_one("#path", Input).value = "ci/PLAN.toml"
        await screen.press("enter")
        await screen.shows("Wrote 1 case to")
    assert 'workload = "../src/steps.py::step"' in (home / "ci" / "PLAN.toml").read_text()
    assert read_plan(home / "ci" / "PLAN.toml").plan.cases[0].workload == "src/steps.py::step"


async def test_what_is_measured_and_kept_is_not_written_over(home: Path) -> None:
    code = home / "code.toml"
    code.write_text("mine")
    stage = Stage(*session_events({"eager": 0.01}, case=Case("code.toml::step", modes=("eager",))))
    async with opened(stage, read_only=True) as screen:
        await screen.shows("recording · ready")
        dialog = await ask(screen)
        dialog.query_one("#path", Input).value = "./code.toml"
        await screen.press("enter")
        await screen.shows("code.toml::step are the same file")
    assert code.read_text() == "mine"


async def test_what_cannot_be_written_is_said_and_nothing_is_lost(home: Path) -> None:
    async with opened(Stage(*LOADED)) as screen:
        dialog = await ask(screen)
        for field, text, said in (
            ("#path", "plan", "Name a file that ends in .toml, such as PLAN.toml."),
            ("#path", "nowhere/PLAN.toml", "cannot write nowhere/PLAN.toml: No such file or directory"),
            ("#axes", "q=1,2", "matmul has no dimension 'q'"),
            ("#axes", "m", "m: give a name and values"),
        ):
            dialog.query_one(field, Input).value = text
            await screen.press("enter")
            await screen.shows(said)
            assert dialog.query_one(field, Input).value == text
        await screen.press("escape", "down", "0", "w")  # what is set up is wrong
        await screen.shows("Not written")
    assert not list(home.glob("**/*.toml"))


async def test_of_a_recording_the_shown_case_is_written(home: Path) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await screen.shows("recording")
        await screen.until(lambda: not screen.app.session.measuring and screen.app.session.cases)
        await ask(screen)
        await screen.press("enter")
        await screen.shows("Wrote 1 case to")
    assert read_plan(home / "PLAN.toml").plan.preset == "seed"


class Bare(App[None]):
    """Nothing but the dialog, on an axis that does not fit the workload."""

    def on_mount(self) -> None:
        def refuse(_: tuple[str, ...]) -> Plan:
            raise PlanError("matmul has no dimension 'q': it has m, k, n")

        what = "matmul · m=1024 k=1024 n=1024 · float32 · CPU:0"
        self.push_screen(WritePlanScreen(what, refuse, ("q=1,2",), example="m=64..2048"))


@at_snapshot_sizes
def test_the_dialog(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap_compare(Bare(), terminal_size=size, press=["enter"])
