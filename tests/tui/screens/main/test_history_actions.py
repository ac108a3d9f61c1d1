"""Earlier sessions as the main screen has them: gone on with, and promised for later while something is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.message import Message

from bench.events import Event, PlanFinished, PlanStarted, SessionStarted
from bench.session.journal_writer import Journal
from bench.session.session import Session
from tests.examples import NO_MODE_WINS, session_events, sweep_events
from tests.slow import slowly
from tests.tui.earlier_sessions import BROKEN_OFF, MONDAY, TUESDAY, browse, keep
from tests.tui.stage import LOADED, Stage, opened, recorded, running
from tui.app.app import TfjitApp
from tui.config.loader import Configuration
from tui.config.schema import Config
from tui.screens.dialogs.confirm import GoingOnScreen, QuitScreen
from tui.screens.history.compare_with import LATER, CounterpartScreen
from tui.screens.history.session_list import SessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")


@pytest.mark.parametrize(("events", "said"), [(LOADED[:1], "then it runs"), *slowly((NO_MODE_WINS[:-2], "So far"))])
async def test_nothing_is_read_while_something_is_measured(home: Path, events: Sequence[Event], said: str) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    async with opened(Stage(*events)) as screen:
        await screen.press("r")
        await screen.shows(said)
        await screen.press("b")
        await screen.shows("Reading earlier sessions")
        assert isinstance(screen.app.screen, MainScreen)


@pytest.mark.parametrize("sizes", [(10,), *slowly(((10, 100),))])
async def test_while_something_is_measured_earlier_sessions_are_promised_for_later(sizes: tuple[int, ...]) -> None:
    async with opened(Stage(*sweep_events(*sizes)), size=(60, 20)) as screen:
        await screen.until(lambda: screen.app.session.measuring and len(screen.app.session.begun) == len(sizes))
        await screen.press("c")
        await screen.shows("Earlier sessions can be")


async def test_where_sessions_have_no_place_no_earlier_ones_are_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", "~nobody-of-this-name/state")
    async with opened(Stage(*sweep_events(10, 100)), size=(120, 40)) as screen:
        await screen.until(lambda: screen.app.session.measuring and len(screen.app.session.begun) == 2)
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, CounterpartScreen))
        await screen.shows("Sessions have no place: TFJIT_TUI_STATE_DIR=~nobody")
        assert LATER not in screen.text


async def test_the_next_start_offers_to_go_on_with_what_broke_off(home: Path) -> None:
    path = keep(home, MONDAY, BROKEN_OFF)
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.shows("The session of 2026-01-05 09:00", "Left to measure: 2 of 3 cases")
        await screen.press("enter")
        await screen.until(lambda: stage.closed)
    assert screen.app.next_session == path


async def test_a_declined_offer_is_not_made_again(home: Path) -> None:
    keep(home, MONDAY, BROKEN_OFF)
    async with opened(Stage(*LOADED)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("escape")
        await screen.until(lambda: screen.app.settings.declined == MONDAY)
    async with opened(Stage(*LOADED)) as screen:
        table = await browse(screen)
        assert table.row_count == 1
        assert screen.app.next_session is None


@pytest.mark.slow
@pytest.mark.parametrize("last", [PlanFinished(cancelled=True), None], ids=["stopped", "not the latest"])
async def test_nothing_is_offered_where_the_latest_session_was_ended(home: Path, last: Event | None) -> None:
    keep(home, MONDAY, [*BROKEN_OFF, last] if last else BROKEN_OFF)
    if last is None:
        keep(home, TUESDAY, NO_MODE_WINS)
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)  # no question has taken the key, and the list was read after whatever would have asked it
        assert isinstance(screen.app.screen, SessionsScreen)


async def test_a_session_of_the_list_is_gone_on_with_unless_another_process_has_it_open(home: Path) -> None:
    path = keep(home, MONDAY, NO_MODE_WINS)
    journal = Journal(path, go_on=True)
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await browse(screen)
        await screen.press("o")
        await screen.shows("open in another process")
        assert not stage.closed
        journal.close()
        await screen.press("o")
        await screen.until(lambda: stage.closed)
    assert screen.app.next_session == path


async def test_a_session_that_is_gone_on_with_has_its_rows_and_its_setup_and_auto_run_leaves_it_alone() -> None:
    stage = Stage(*LOADED)
    session = Session([*recorded("tour"), SessionStarted(session_id="recorded-tour", version="1", far="python3")])
    app = TfjitApp(stage, session=session, configuration=Configuration(Config(auto_run=True)), clock=lambda: 0.0)
    heard: list[Message] = []
    async with running(app, message_hook=heard.append) as screen:
        await screen.shows("○ ready", "depthwise_conv", "lstm · batch=8")
        assert app.screen.query_one(SetupPanel).case() == next(reversed(session.cases.values())).case
        await screen.until(lambda: any(isinstance(message, SetupPanel.Settled) for message in heard))
        await screen.pilot.pause()
        await screen.press("d")
        assert not stage.plans


@pytest.mark.slow
async def test_quitting_stops_what_is_under_way_on_purpose() -> None:
    """So that the next start does not take it for broken off."""
    stage = Stage(*session_events({})[:3], PlanStarted(plan=NO_MODE_WINS[3].plan, case_ids=("1",)))  # type: ignore[attr-defined]
    async with opened(stage) as screen:
        await screen.until(lambda: screen.app.session.measuring)
        await screen.press("q")
        await screen.until(lambda: isinstance(screen.app.screen, QuitScreen))
        await screen.press("y")
        await screen.until(lambda: stage.closed)
    assert stage.cancelled == 1
