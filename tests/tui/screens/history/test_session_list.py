"""The list of earlier sessions: what stands there, what is found, what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from bench.events import PlanStarted
from tests.examples import NO_MODE_WINS
from tests.slow import slowly
from tests.tui.earlier_sessions import BROKEN_OFF, MONDAY, TUESDAY, browse, keep, shown
from tests.tui.stage import LOADED, Stage, opened, recorded
from tui.screens.history.session_list import SessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")


async def test_the_list_tells_when_what_how_many_and_what_broke_off_and_words_leave_what_has_them(home: Path) -> None:
    keep(home, MONDAY, BROKEN_OFF)
    keep(home, TUESDAY, recorded("tour"))
    async with opened(Stage(*NO_MODE_WINS), size=(120, 40)) as screen:
        table = await browse(screen)
        assert shown(table, "when") == ["2026-01-06 09:00", "2026-01-05 09:00"]
        assert shown(table, "cases") == ["6", "1 of 3"]
        assert shown(table, "state") == ["", "broke off"]
        assert shown(table, "measured")[0].startswith("matmul, tiny_ops, ")
        await screen.press("f", *"lstm 01-06")
        await screen.until(lambda: shown(table, "when") == ["2026-01-06 09:00"])
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


async def test_a_session_whose_file_is_taken_away_is_told_of_and_ends_nothing(home: Path) -> None:
    first, second = keep(home, MONDAY, NO_MODE_WINS), keep(home, TUESDAY, NO_MODE_WINS)
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await browse(screen)
        first.unlink()
        second.unlink()
        await screen.press("down")
        await screen.shows("there is no file")
