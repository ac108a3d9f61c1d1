"""What comes from a source is shown while it comes, whatever it is, and the screen lives."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from bench.engine.source import Replay
from bench.events import (
    Event,
    Notice,
)
from tests.examples import (
    NO_MODE_WINS,
    many_cases,
)
from tests.tui.stage import LOADED, Stage, dims, opened, recorded

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.slow
async def test_a_notice_is_shown() -> None:
    async with opened(Stage(*LOADED, Notice(text="Welcome to box", severity="warning"))) as screen:
        await screen.shows("Welcome to box")


class Broken(Stage):
    def events(self) -> Iterator[Event]:
        raise RuntimeError("the pipe burst")


async def test_a_source_that_fails_is_one_line_and_the_screen_lives() -> None:
    async with opened(Broken()) as screen:
        await screen.shows("No more events come: RuntimeError")
        await screen.press("right_square_bracket")
        await screen.until(lambda: dims(screen)["m"] == "2048")


async def test_events_that_do_not_fit_together_are_left_out() -> None:
    async with opened(Replay(NO_MODE_WINS[4:] + NO_MODE_WINS, speed=float("inf")), read_only=True) as screen:
        await screen.shows("An event was left out", "24.2 ms")


async def test_a_recording_is_shown_while_it_is_read() -> None:
    share = 0.4
    async with opened(Replay(many_cases(3), float("inf"), lambda: share), read_only=True) as screen:
        await screen.shows("recording 40 % · ready", "elementwise_chain")
        share = 1.0
        await screen.shows("recording · ready")


async def test_keys_are_heard_while_a_long_recording_is_read() -> None:
    endless = itertools.cycle(many_cases(1)[-9:-1])
    async with opened(Replay(itertools.chain(many_cases(1), endless), float("inf")), read_only=True) as screen:
        await screen.press("question_mark")
        await screen.shows("esc goes back")


async def test_a_long_recording_is_read_to_its_end_by_a_process_that_is_held_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A one-shot timer of Textual 8.2 never calls back if the clock has passed its time before it first waits."""
    clock = itertools.count(time.monotonic(), 0.002)
    monkeypatch.setattr("textual.timer._time.get_time", lambda: next(clock))
    async with opened(Replay(many_cases(100), float("inf")), read_only=True) as screen:
        await screen.shows("recording · ready")


async def test_recordings_are_read_as_they_were_written() -> None:
    assert {event.kind for event in recorded("matmul")} >= {"hello", "round", "estimate", "case_finished"}
