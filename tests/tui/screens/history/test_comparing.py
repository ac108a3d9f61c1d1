"""What was measured, compared with what was measured before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import PlanFinished
from tests.examples import MATMUL, NO_MODE_WINS, settled_events, sweep_events
from tests.tui.earlier_sessions import MONDAY, TUESDAY, browse, keep, shown
from tests.tui.stage import LOADED, Stage, opened, recorded
from tui.screens.history.compare_cases import CompareScreen
from tui.screens.history.compare_sessions import CompareSessionsScreen
from tui.screens.history.compare_with import CounterpartScreen
from tui.screens.history.session_list import SessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")

SLOW, QUICK = ({"xla": (latency_s,) * 3} for latency_s in (0.020, 0.010))


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
