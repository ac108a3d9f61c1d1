"""Earlier sessions and comparisons at the sizes that the screen is made for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from bench.events import Event
from tests.examples import MATMUL, settled_events
from tests.tui.earlier_sessions import BROKEN_OFF, MONDAY, TUESDAY, browse, keep
from tests.tui.snapshots import Snap, at_one_layout, at_snapshot_sizes
from tests.tui.stage import LOADED, Screen, Stage, recorded
from tui.app.app import TfjitApp
from tui.screens.history.compare_with import CounterpartScreen
from tui.screens.history.session_list import SessionsScreen
from tui.screens.main.past_session import LookingBackScreen
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home", "utc")


def measured(tensorflow: str, **latencies_s: float) -> list[Event]:
    """A case whose modes were measured in three processes that scatter by a per cent."""
    by_mode = {mode: tuple(latency_s * (1 + by) for by in (-0.01, 0.01, 0)) for mode, latency_s in latencies_s.items()}
    return settled_events(by_mode, case=replace(MATMUL, modes=tuple(by_mode)), tensorflow=tensorflow)


BEFORE = measured("2.20.0", eager=0.0242, graph=0.0246, xla=0.0260)
AFTER = measured("2.21.0", eager=0.0243, graph=0.0301, xla=0.0091)


def app_on(*events: Event) -> TfjitApp:
    return TfjitApp(Stage(*events), clock=lambda: 0.0)


@at_snapshot_sizes
def test_the_list_of_earlier_sessions(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, "20260104T170501Z-cccccccc", BROKEN_OFF)
    keep(home, MONDAY, recorded("tour"))
    keep(home, TUESDAY, recorded("failures"))
    app = app_on(*AFTER)

    async def listed(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready")
        await browse(screen)
        await screen.press("down")
        await screen.shows("broke off", "matmul · m=256")

    assert snap_compare(app, terminal_size=size, run_before=listed)


@at_one_layout
def test_an_earlier_session(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, MONDAY, recorded("tour"))
    app = app_on(*LOADED)

    async def shown(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready")
        await browse(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(app.screen, LookingBackScreen))
        await screen.shows("session of 2026-01-05", "r run it now")

    assert snap_compare(app, terminal_size=size, run_before=shown)


@at_snapshot_sizes
def test_what_a_case_can_be_compared_with(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, MONDAY, BEFORE)
    keep(home, TUESDAY, recorded("failures"))  # without such a case
    app = app_on(*AFTER)

    async def asked(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready", "matmul")
        await screen.press("c")
        await screen.until(lambda: isinstance(app.screen, CounterpartScreen))
        await screen.until(lambda: app.screen.query_one(ResultsTable).row_count)
        await screen.shows("2026-01-05 09:00")

    assert snap_compare(app, terminal_size=size, run_before=asked)


@at_snapshot_sizes
def test_two_cases_side_by_side(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, MONDAY, BEFORE)
    app = app_on(*AFTER)

    async def compared(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready", "matmul")
        await screen.press("c")
        await screen.until(lambda: isinstance(app.screen, CounterpartScreen))
        await screen.until(lambda: app.screen.query_one(ResultsTable).row_count)
        await screen.press("enter")
        await screen.shows("before and after", "graph")

    assert snap_compare(app, terminal_size=size, run_before=compared)


@at_one_layout
def test_two_sessions_side_by_side(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, MONDAY, BEFORE)
    app = app_on(*AFTER)

    async def compared(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready", "matmul")
        await browse(screen)
        await screen.until(lambda: isinstance(app.screen, SessionsScreen))
        await screen.press("c")
        await screen.shows("2026-01-05 09:00 → now", "1 case on both sides", "faster")

    assert snap_compare(app, terminal_size=size, run_before=compared)


@pytest.mark.slow
@at_one_layout
def test_the_offer_to_go_on(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    keep(home, MONDAY, BROKEN_OFF)
    app = app_on(*LOADED)

    async def asked(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("Not now", "○ ready")

    assert snap_compare(app, terminal_size=size, run_before=asked)
