"""Earlier sessions are read aside: how far that is, and for nobody who no longer waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.session.journal_reader import Recorded, read_session
from tests.slow import slowly
from tests.tui.earlier_sessions import MONDAY, TUESDAY, browse, keep
from tests.tui.stage import LOADED, Stage, opened, recorded
from tui.screens.history.compare_sessions import CompareSessionsScreen
from tui.screens.history.session_reader import ReadRequest, SoFar
from tui.screens.main.past_session import LookingBackScreen

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")


class SlowReading:
    """Reads sessions as usual, once it is let; until then it is at 40 per cent."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.given_up = threading.Event()

    def __call__(self, path: Path, tell: Callable[[float], object]) -> Recorded:
        tell(0.4)
        self.let.wait()
        try:
            tell(0.5)
        except Exception:
            self.given_up.set()
            raise
        return read_session(path)


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> SlowReading:
    slow = SlowReading()
    for module in ("session_reader", "compare_with"):
        monkeypatch.setattr(f"tui.screens.history.{module}.read_session", slow)
    return slow


@pytest.mark.slow
async def test_while_a_large_session_is_read_the_header_tells_how_far_it_is(
    home: Path, slow_reading: SlowReading
) -> None:
    keep(home, MONDAY, recorded("tour"))
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        await screen.press("enter")
        await screen.shows("reading 40 %")
        slow_reading.let.set()
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))


@pytest.mark.parametrize("key", ["escape", *slowly("down")])
async def test_a_session_that_nobody_waits_for_is_read_no_further_and_told_of_no_more(
    home: Path, slow_reading: SlowReading, key: str
) -> None:
    keep(home, MONDAY, recorded("tour"))
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        reading = ReadRequest(screen.app.screen)
        screen.app.screen.post_message(SoFar(0.3, reading))
        await screen.shows("reading 30 %")
        reading.give_up()
        screen.app.screen.post_message(SoFar(0.6, reading))
        await screen.pilot.pause()
        assert "reading 60 %" not in screen.text

        await screen.press("enter")
        await screen.shows("reading 40 %")
        await screen.press(key)
        await screen.until(lambda: "reading" not in screen.text)
        slow_reading.let.set()
        await screen.until(slow_reading.given_up.is_set)
        assert not isinstance(screen.app.screen, LookingBackScreen)


async def test_what_is_awaited_is_still_read_when_the_list_is_laid_out_anew(
    home: Path, slow_reading: SlowReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.history.session_list.PREVIEW_AFTER_S", 0.001)
    keep(home, MONDAY, recorded("tour"))
    async with opened(Stage(*LOADED)) as screen:
        table = await browse(screen)
        await screen.press("enter")
        await screen.shows("reading 40 %")
        width = table.size.width
        await screen.pilot.resize_terminal(70, 24)
        await screen.until(lambda: table.size.width != width)
        slow_reading.let.set()
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))


@pytest.mark.parametrize("key", ["up", *slowly("escape")])
async def test_a_comparison_that_nobody_waits_for_is_not_shown(home: Path, slow_reading: SlowReading, key: str) -> None:
    keep(home, MONDAY, recorded("tour"))
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        await screen.press("space", "down", "c")
        await screen.shows("reading 40 %")
        await screen.press(key)
        await screen.until(lambda: "reading" not in screen.text)
        slow_reading.let.set()
        await screen.until(slow_reading.given_up.is_set)
        assert not isinstance(screen.app.screen, CompareSessionsScreen)
