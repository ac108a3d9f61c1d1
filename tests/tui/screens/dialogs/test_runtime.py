"""How TensorFlow runs, and where: set on the screen, shown beside what is measured so."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from bench.runtime import Runtime
from tests.tui.stage import LOADED, Stage, opened
from tui.screens.dialogs.runtime import RuntimeScreen

pytestmark = pytest.mark.usefixtures("home")


async def test_settings_are_typed_shown_in_the_setup_and_measured_with() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("comma")
        await screen.until(lambda: isinstance(screen.app.screen, RuntimeScreen))
        screen.app.screen.query_one("#line", Input).value = "onednn=maybe"
        await screen.shows("give onednn=on or onednn=off")
        screen.app.screen.query_one("#line", Input).value = "onednn=off intra_op_threads=1"
        await screen.press("enter")
        await screen.shows("onednn=off intra_op_threads=1")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert stage.plans[0].cases[0].runtime == Runtime(onednn=False, intra_op_threads=1)


async def test_what_is_set_up_is_measured_on_each_far_side_and_so_is_a_sweep() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, fars=("ann", "bob")) as screen:
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        await screen.press("s")
        await screen.shows("12 cases")
        await screen.press("enter")
        await screen.until(lambda: len(stage.plans) == 2)
    measured, swept = stage.plans
    assert [case.far for case in measured.cases] == ["ann", "bob"]
    assert [(dict(case.dims)["m"], case.far) for case in swept.cases][:3] == [(64, "ann"), (64, "bob"), (128, "ann")]
