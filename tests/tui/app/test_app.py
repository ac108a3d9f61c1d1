"""The first minute, and the last: from recordings of real runs, driven as a user does."""

from __future__ import annotations

import pytest
from textual.events import Key

from bench.events import (
    Device,
    Devices,
    Died,
    FarLost,
    PlanFinished,
)
from bench.plan import EFFORTS, Plan
from bench.plans.presets import SEED
from tests.examples import (
    NO_MODE_WINS,
)
from tests.tui.stage import LOADED, REFINED, Stage, opened, running
from tui.app.app import TfjitApp
from tui.screens.closing import Palette
from tui.screens.main.main_screen import MainScreen

pytestmark = pytest.mark.usefixtures("home")

NO_TENSORFLOW = Died(exit_code=1, log_tail=("Traceback:", "ModuleNotFoundError: No module named 'tensorflow'"))


async def test_why_a_gpu_is_missing_is_said_until_something_is_measured() -> None:
    why = "the driver has 1 GPU, TensorFlow lists none: pip install 'tensorflow[and-cuda]' (TensorFlow's log: Cannot)"
    stage = Stage(*LOADED[:-1], Devices(devices=(Device("CPU:0", "A Processor"),), missing=(why,)))
    async with opened(stage) as screen:
        await screen.shows("No GPU: the driver has 1 GPU", "tensorflow[and-cuda]", "Press r to measure", "○ ready")


async def test_one_key_measures_what_is_set_up_and_a_command_the_seed_preset() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.shows("Press r to measure", "○ ready")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (plan,) = stage.plans
        assert plan.cases[0].workload == "matmul"
        assert plan.effort == REFINED
        await screen.app.screen.run_action("seed")
        await screen.until(lambda: len(stage.plans) == 2)
        assert stage.plans[1] == Plan((SEED.case,), REFINED, preset="seed")


class Hasty(TfjitApp):
    """Is asked for a run before its first frame is drawn."""

    def on_mount(self) -> None:
        self.post_message(Key("r", "r"))


async def test_a_key_that_comes_with_the_first_frame_is_heard_by_the_screen_that_follows() -> None:
    stage = Stage(*LOADED)
    app = Hasty(stage)
    async with running(app) as screen:
        await screen.until(lambda: stage.plans)


async def test_a_run_asked_for_while_tensorflow_loads_says_so_and_does_not_hide_what_went_wrong() -> None:
    stage = Stage(LOADED[0])
    async with opened(stage) as screen:
        await screen.shows("loading TensorFlow")
        await screen.press("t")
        await screen.shows("loading TensorFlow, then it runs", "as soon as TensorFlow is loaded")
        assert [plan.effort for plan in stage.plans] == [EFFORTS["thorough"]]
        stage.play(NO_TENSORFLOW)
        await screen.shows("No module named 'tensorflow'", "pip install tensorflow", "--python PATH", "r tries again")
        await screen.shows("worker ended: r tries again")
        await screen.press("r")
        await screen.until(lambda: len(stage.plans) == 2)


@pytest.mark.slow
async def test_without_tensorflow_the_screen_says_what_happened_and_what_to_do() -> None:
    stage = Stage(LOADED[0], NO_TENSORFLOW)
    async with opened(stage) as screen:
        await screen.shows("No module named 'tensorflow'", "pip install tensorflow", "--python PATH", "r tries again")
        await screen.press("r")
        await screen.until(lambda: stage.plans)


async def test_a_far_side_that_cannot_be_reached_needs_no_tensorflow() -> None:
    lost = FarLost(exit_code=255, reason="ssh: Could not resolve hostname box")
    async with opened(Stage(LOADED[0], lost)) as screen:
        await screen.shows("ssh: Could not resolve hostname box", "r tries again")
        assert "TensorFlow" not in screen.text
        assert "install" not in screen.text


async def test_a_far_side_that_is_lost_says_so_beside_what_was_measured() -> None:
    stage = Stage(*NO_MODE_WINS, FarLost(exit_code=255, reason="Connection to box closed."))
    async with opened(stage) as screen:
        await screen.shows("far side lost: r tries again", "Connection to box closed.", "24.2 ms")


async def test_escape_stops_what_is_being_measured() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("escape")
        stage.play(*NO_MODE_WINS[3:-2])
        await screen.shows("round 40")
        assert stage.cancelled == 0
        await screen.press("escape")
        await screen.until(lambda: stage.cancelled == 1)
        stage.play(PlanFinished(cancelled=True))
        await screen.shows("○ ready")


async def test_ctrl_c_quits_from_a_dimension_too() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "ctrl+c")
        await screen.until(lambda: screen.app._exit)
        assert stage.closed


async def test_leaving_before_the_screen_is_complete_is_no_error() -> None:
    app = TfjitApp(Stage(*LOADED))
    async with app.run_test():
        app.exit()
    assert app.return_code == 0


@pytest.mark.slow
async def test_r_counts_from_the_first_frame_on() -> None:
    stage = Stage()
    app = TfjitApp(stage)
    async with running(app) as screen:
        await screen.press("r")
        await screen.until(lambda: stage.plans)


async def test_two_keys_at_once_close_one_dialog_and_open_one_palette() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        for _ in range(2):
            screen.app.action_command_palette()
        await screen.shows("Measure by itself")
        palette = screen.app.screen
        assert isinstance(palette, Palette)
        for _ in range(2):
            palette.dismiss()
        screen.app.action_command_palette()
        await screen.until(lambda: isinstance(screen.app.screen, Palette))
        await screen.press("escape")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
