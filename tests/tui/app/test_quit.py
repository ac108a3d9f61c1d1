"""Leaving: at once, but for a question while something is being measured."""

from __future__ import annotations

import pytest

from bench.events import PlanFinished
from tests.examples import NO_MODE_WINS
from tests.slow import slowly
from tests.tui.stage import LOADED, Screen, Stage, opened, replay
from tui.screens.dialogs.confirm import QuitScreen
from tui.screens.main.main_screen import MainScreen

pytestmark = pytest.mark.usefixtures("home")

QUESTION = "Stop measuring and quit?"


async def measure(screen: Screen, stage: Stage) -> None:
    stage.play(*NO_MODE_WINS[3:-2])
    await screen.shows("round 40")


@pytest.mark.parametrize("key", ["q", *slowly("ctrl+c")])
async def test_with_nothing_running_nothing_is_asked(key: str) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press(key)
        await screen.until(lambda: screen.app._exit)
        assert stage.closed


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("ctrl+c", "enter"),
        *slowly(("q", "y"), ("q", "q"), ("q", "enter"), ("q", "ctrl+c")),
        *slowly(("ctrl+c", "q"), ("ctrl+c", "y"), ("ctrl+c", "ctrl+c")),
    ],
)
async def test_while_something_is_measured_it_asks_and_says_that_nothing_is_lost(key: str, answer: str) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await measure(screen, stage)
        await screen.press(key)
        await screen.shows(QUESTION, "What was measured is kept.")
        assert not stage.closed
        await screen.press(answer)
        await screen.until(lambda: screen.app._exit)
        assert stage.closed
        assert stage.cancelled == 1  # so that the next start does not take it for broken off


async def test_one_can_stay_and_is_asked_again() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await measure(screen, stage)
        for answer in ("n", "escape"):
            await screen.press("q")
            await screen.shows(QUESTION)
            await screen.press(answer)
            await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        await screen.press("q")
        await screen.shows(QUESTION)
        await screen.pilot.click("#stay")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        assert not stage.closed
        stage.play(PlanFinished())
        await screen.shows("○ ready")
        await screen.press("q")
        await screen.until(lambda: screen.app._exit)


@pytest.mark.parametrize("keys", [("d", "ctrl+c", "ctrl+c"), *slowly((("ctrl+c", "ctrl+c"),), (("q", "q"),))])
async def test_the_same_key_again_leaves_at_once_however_quickly_it_comes(keys: tuple[str, ...]) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await measure(screen, stage)
        await screen.press(*keys)
        await screen.until(lambda: screen.app._exit)


@pytest.mark.slow
async def test_the_mouse_can_answer() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await measure(screen, stage)
        await screen.press("q")
        await screen.shows(QUESTION)
        await screen.pilot.click("#stay")
        await screen.until(lambda: not isinstance(screen.app.screen, QuitScreen))
        await screen.press("q")
        await screen.shows(QUESTION)
        await screen.pilot.click("#leave")
        await screen.until(lambda: screen.app._exit)


async def test_a_recording_that_plays_is_left_without_a_question() -> None:
    async with opened(replay("tour"), read_only=True) as screen:
        await screen.press("q")
        await screen.until(lambda: screen.app._exit)
