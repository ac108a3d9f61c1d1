"""Earlier sessions: listed, searched, looked at again, gone on with; and what was measured held against them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from textual.message import Message
from textual.widgets import Static

from bench.events import Event, PlanFinished, PlanStarted, SessionStarted
from bench.plan import EFFORTS
from bench.session.journal_reader import Recorded, read_session
from bench.session.journal_writer import Journal
from bench.session.session import Session
from tests.examples import MATMUL, NO_MODE_WINS, session_events, settled_events, sweep_events
from tests.slow import slowly
from tests.tui.earlier_sessions import BROKEN_OFF, MONDAY, TUESDAY, browse, keep
from tests.tui.stage import LOADED, Stage, opened, recorded, running
from tui.app.app import TfjitApp
from tui.config.loader import Configuration
from tui.config.schema import Config
from tui.screens.dialogs.confirm import GoingOnScreen, QuitScreen
from tui.screens.history.compare_cases import CompareScreen
from tui.screens.history.compare_sessions import CompareSessionsScreen
from tui.screens.history.compare_with import LATER, CounterpartScreen
from tui.screens.history.session_list import SessionsScreen
from tui.screens.history.session_reader import ReadRequest, SoFar
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen
from tui.widgets.row_table import ResultsTable
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")

SLOW, QUICK = ({"xla": (latency_s,) * 3} for latency_s in (0.020, 0.010))


def shown(table: ResultsTable, column: str) -> list[str]:
    return [table.text_at(row)[column] for row in range(table.row_count)]


# --- the list ---------------------------------------------------------------------------------------------------------


async def test_the_list_tells_when_what_how_many_and_what_broke_off(home: Path) -> None:
    keep(home, MONDAY, BROKEN_OFF)
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*NO_MODE_WINS), size=(120, 40)) as screen:
        table = await browse(screen)
        assert shown(table, "when") == ["2026-01-06 09:00", "2026-01-05 09:00"]
        assert shown(table, "cases") == ["6", "1 of 3"]
        assert shown(table, "state") == ["", "broke off"]
        assert shown(table, "measured")[0].startswith("matmul, tiny_ops, ")


async def test_words_leave_the_sessions_that_have_them(home: Path) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*LOADED)) as screen:
        table = await browse(screen)
        await screen.press("f", *"lstm 01-06")
        await screen.until(lambda: shown(table, "measured") == [table.text_at(0)["measured"]])
        await screen.shows("1 of 2")
        await screen.press("escape")
        await screen.until(lambda: table.row_count == 2)
        await screen.press("escape")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))


@pytest.mark.slow
async def test_the_verdicts_of_the_session_under_the_cursor_stand_beside_the_list(home: Path) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        await screen.shows("matmul · m=1024 k=1024 n=1024", "Do not use XLA here")


async def test_a_session_that_cannot_be_read_says_why_where_it_is_and_the_others_are_there(home: Path) -> None:
    unreadable = keep(home, MONDAY, NO_MODE_WINS)
    unreadable.write_text(f"{unreadable.read_text()}{{}}\n")
    whole = recorded("tour")
    planned = next(number for number, event in enumerate(whole) if isinstance(event, PlanStarted))
    damaged = keep(home, TUESDAY, whole)
    lines = damaged.read_text().splitlines(keepends=True)
    damaged.write_text("".join((*lines[: planned + 1], lines[-2].replace('"case_id":"', '"case_id":"9'), *lines[-2:])))
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await browse(screen)
        preview = screen.app.screen.query_one("#preview", Static)
        await screen.until(lambda: f"{TUESDAY}.jsonl is damaged: event 4" in str(preview.content))
        assert "is about case 96, which no plan before it has" in str(preview.content)
        assert "put back a whole copy of the file, or delete it" in str(preview.content)
        await screen.press("down")
        await screen.until(lambda: "line 16: not an event" in str(preview.content))
        await screen.press("enter")
        await screen.until(lambda: "reading…" not in screen.text)
        assert isinstance(screen.app.screen, SessionsScreen)


async def test_where_there_is_none_yet_the_list_says_what_will_stand_there(home: Path) -> None:
    async with opened(Stage(*LOADED), session_path=home / "state" / "sessions" / "now.jsonl") as screen:
        await screen.press("b")
        await screen.shows("none yet", "stands here from the next start on")


@pytest.mark.parametrize("elsewhere", ["mine.jsonl", *slowly(None)])
async def test_of_a_session_that_is_not_kept_there_the_list_promises_nothing(elsewhere: str | None, home: Path) -> None:
    async with opened(Stage(*LOADED), session_path=home / elsewhere if elsewhere else None) as screen:
        await screen.press("b")
        await screen.shows("none yet", "is not kept here: e exports it")


async def test_while_words_are_typed_the_keys_told_are_those_of_the_search(home: Path) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await screen.shows("○ ready", "Do not use XLA")
        await screen.press("c")
        await screen.shows("enter compares · f searches · esc goes back")
        await screen.press("f")
        await screen.shows("enter goes to the rows · esc shows all again")
        await screen.press("escape")
        await screen.shows("enter compares")
        await screen.press("escape")
        await browse(screen)
        await screen.shows("f search")
        await screen.press("f")
        await screen.shows("esc all rows again")
        assert "f search" not in screen.text
        assert screen.app.screen.query_one(ResultsTable).outer_size.width == 80


@pytest.mark.parametrize(("events", "said"), [(LOADED[:1], "then it runs"), *slowly((NO_MODE_WINS[:-2], "So far"))])
async def test_nothing_is_read_while_something_is_measured(home: Path, events: Sequence[Event], said: str) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    async with opened(Stage(*events)) as screen:
        await screen.press("r")
        await screen.shows(said)
        await screen.press("b")
        await screen.shows("Reading earlier sessions")
        assert isinstance(screen.app.screen, MainScreen)


# --- looking back -----------------------------------------------------------------------------------------------------


async def test_a_session_is_shown_as_it_was_and_left_again(home: Path) -> None:
    keep(home, MONDAY, recorded("tour"))
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await browse(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))
        await screen.shows("session of 2026-01-05 09:00", "depthwise_conv", "tiny_ops")
        assert "export" in screen.text.splitlines()[-1]
        assert "sweep" not in screen.text.splitlines()[-1]
        await screen.press("d")
        await screen.shows("where the time of a call goes")
        await screen.press("escape", "escape")
        await screen.until(lambda: isinstance(screen.app.screen, SessionsScreen))
        await screen.press("b")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
        await screen.shows("matmul · m=1024")


@pytest.mark.parametrize("turns", [0, *slowly(2, 4, 8, 12)])
async def test_who_goes_back_while_a_session_is_being_put_on_the_screen_is_back_without_a_failure(turns: int) -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        looking = LookingBackScreen(Session(recorded("tour")), Path("one.jsonl"), "Monday", lambda _: None)
        await screen.app.push_screen(looking)
        for _ in range(turns):
            await asyncio.sleep(0)  # let the event loop turn
        looking.action_go_back()
        await screen.until(lambda: type(screen.app.screen) is MainScreen)


@pytest.mark.parametrize("key", ["t", *slowly("r")])
async def test_a_row_of_an_earlier_session_is_measured_again_now(home: Path, key: str) -> None:
    keep(home, MONDAY, recorded("tour"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await browse(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))
        await screen.shows("depthwise_conv")
        await screen.press("home")
        await screen.shows("matmul · m=256")
        await screen.press(key)
        await screen.until(lambda: stage.plans)
        (case,) = stage.plans[0].cases
        assert (case.workload, case.dims) == ("matmul", (("m", 256), ("k", 256), ("n", 256)))
        assert stage.plans[0].effort == EFFORTS["thorough" if key == "t" else "quick"]
        assert type(screen.app.screen) is MainScreen
        assert screen.app.screen.query_one(SetupPanel).case() == case


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


async def test_an_earlier_session_has_the_commands_that_change_no_setup(home: Path) -> None:
    keep(home, MONDAY, NO_MODE_WINS)
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        assert not list(screen.app.get_system_commands(screen.app.screen))
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen) and screen.app.focused is not None)
        offered = {command.title for command in screen.app.get_system_commands(screen.app.screen)}
        assert {"Run", "Export", "Compare", "Sort"} <= offered
        assert not {"Sweep", "Open", "Pick", "Step up", "Undo", "Browse"} & offered
        heard = screen.app.screen.active_bindings
        assert "e" in heard
        assert not {"u", "U", "minus", "plus", "left_square_bracket", "slash", "s"} & heard.keys()


# --- comparing --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_two_keys_hold_a_case_against_the_same_case_of_yesterday(home: Path) -> None:
    case = replace(MATMUL, modes=("xla",))
    keep(home, MONDAY, settled_events(SLOW, case=case, tensorflow="2.20.0"))
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*settled_events(QUICK, case=case))) as screen:
        await screen.shows("○ ready", "matmul · m=1024")
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, CounterpartScreen))
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: shown(table, "when") == ["2026-01-05 09:00"])
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, CompareScreen))
        await screen.shows("20.0 ms", "10.0 ms", "faster 0.50×", "XLA takes 0.50× the time before", "2.20.0 → 2.21.0")


async def test_a_row_is_held_against_another_row() -> None:
    async with opened(Stage(*sweep_events(10, 100), PlanFinished(cancelled=True))) as screen:
        await screen.shows("○ ready")
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, CounterpartScreen))
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: table.row_count == 1)
        assert table.text_at(0)["measured"].startswith("elementwise_chain · size=10 ")
        await screen.press("enter")
        await screen.shows("size 10 → 100", "graph", "in one process", "a thorough run (t) takes three")
        assert "--processes" not in screen.text


async def test_a_case_with_nothing_beside_it_says_so() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await screen.shows("○ ready", "Do not use XLA")
        await screen.press("c")
        await screen.shows("nothing to compare it with")
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


async def test_two_sessions_are_compared_case_by_case(home: Path) -> None:
    case = replace(MATMUL, modes=("xla",))
    keep(home, MONDAY, settled_events(SLOW, case=case))
    keep(home, TUESDAY, settled_events(QUICK, case=case))
    async with opened(Stage(*LOADED)) as screen:
        await browse(screen)
        await screen.press("c")
        await screen.shows("space marks another")
        await screen.press("space", "down", "c")
        await screen.until(lambda: isinstance(screen.app.screen, CompareSessionsScreen))
        await screen.shows("2026-01-05 09:00 → 2026-01-06 09:00", "1 case on both sides", "1 faster", "faster 0.50×")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, CompareScreen))
        await screen.press("escape", "escape")
        await screen.until(lambda: isinstance(screen.app.screen, SessionsScreen))


async def test_a_session_is_compared_with_the_present_one(home: Path) -> None:
    keep(home, MONDAY, recorded("tour"))
    keep(home, TUESDAY, NO_MODE_WINS)
    async with opened(Stage(*NO_MODE_WINS), size=(120, 40)) as screen:
        await screen.shows("○ ready", "Do not use XLA")
        await browse(screen)
        await screen.press("c")
        await screen.shows("measured in one process, and others", "a thorough run (t) takes three")
        assert "--processes" not in screen.text
        await screen.press("escape", "down", "c")
        await screen.shows("2026-01-05 09:00 → now", "7 on one side alone", "only after", "only before")


async def test_a_session_whose_file_is_taken_away_is_told_of_and_ends_nothing(home: Path) -> None:
    first, second = keep(home, MONDAY, NO_MODE_WINS), keep(home, TUESDAY, NO_MODE_WINS)
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await browse(screen)
        first.unlink()
        second.unlink()
        await screen.press("down")
        await screen.shows("there is no file")


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
