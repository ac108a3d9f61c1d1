"""The dialog that tells where the time of a call goes."""

from __future__ import annotations

import pytest

from bench.events import ModeFailed
from tests.examples import (
    NO_MODE_WINS,
    THREE_MODES,
    explained,
    rounds,
    session_events,
    suspicious,
)
from tests.slow import slowly
from tests.tui.stage import Stage, opened
from tui.screens.dialogs.details import DetailsScreen

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("size", [(60, 20), *slowly(((80, 24),), ((120, 40),))])
async def test_one_key_shows_where_the_time_of_a_call_goes(size: tuple[int, int]) -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained(), suspicious("xla")]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside)), size=size) as screen:
        await screen.shows("d tells where the time goes")
        await screen.press("d")
        await screen.until(lambda: isinstance(screen.app.screen, DetailsScreen))
        await screen.shows("throughput", "23.0 ms", "310 MiB")
        text = " ".join(screen.text.split())
        assert ("until the call returns" in text) == (size[0] >= 80)
        await screen.press("d")
        await screen.until(lambda: not isinstance(screen.app.screen, DetailsScreen))


@pytest.mark.slow
async def test_the_details_say_how_the_rounds_went_and_follow_them() -> None:
    events = session_events(THREE_MODES, beside=rounds(THREE_MODES, 60, discarded=3))
    stage = Stage(*events[:-2])
    async with opened(stage, size=(100, 40)) as screen:
        await screen.shows("round 60")
        await screen.press("d")
        await screen.shows("None of 60 rounds is known to have been disturbed.", "warm-up: eager 3, graph 3, xla 3.")
        assert "synced" not in screen.text
        stage.play(*explained(), suspicious("xla"))
        await screen.shows("until the device is done too", "XLA's figure is suspicious", "2,900 MHz")


async def test_before_more_is_known_than_latencies_the_details_say_when_it_will_be() -> None:
    stage = Stage(*NO_MODE_WINS[:-3])
    async with opened(stage, size=(100, 40)) as screen:
        await screen.until(lambda: screen.app.session.current)
        await screen.press("d")
        await screen.shows("Nothing beside the latencies is known yet")
        stage.play(*NO_MODE_WINS[-3:], *explained())
        await screen.shows("until the device is done too")
        assert "known yet" not in screen.text


async def test_the_details_have_all_that_was_said_when_a_mode_failed() -> None:
    said = "ValueError: no\n  and this is why"
    failed = ModeFailed(case_id="1", mode="xla", status="failed", error="ValueError: no", message=said)
    async with opened(Stage(*session_events({"eager": 0.01}, beside=[failed])), size=(100, 40)) as screen:
        await screen.shows("d tells where the time goes")
        await screen.press("d")
        await screen.shows("All that was said when xla failed:", "and this is why")
