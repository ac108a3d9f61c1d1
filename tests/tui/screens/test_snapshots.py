"""The whole screen at the sizes it is made for, from recordings. After a wanted change: `pytest --snapshot-update`."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from bench.engine.source import Replay
from bench.events import PlanFinished
from tests.examples import THREE_MODES, explained, rounds, session_events, suspicious, sweep_events
from tests.slow import slowly
from tests.tui.snapshots import Snap, app_on, at_one_layout, at_snapshot_sizes, where_there_is_room
from tests.tui.stage import LOADED, Screen, Stage, replay
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")


@at_one_layout
def test_before_the_first_run(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = app_on(Stage(*LOADED))

    async def loaded(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("○ ready", "CPU:0 A Processor")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=loaded)


@pytest.mark.parametrize("theme", ["dark", *slowly("light")])
@at_snapshot_sizes
def test_a_tour_of_cases(snap_compare: Snap, size: tuple[int, int], theme: str) -> None:
    app = app_on(replay("tour"), theme)

    async def played(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("recording · ready")

    assert snap_compare(app, terminal_size=size, run_before=played)


@at_one_layout
def test_a_mode_that_came_out_wrong(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = app_on(replay("failures"))

    async def second_row(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("recording · ready")
        app.screen.query_one(ResultsTable).focus()
        await screen.press("ctrl+home", "down")
        await screen.shows("Do not use XLA: its")

    assert snap_compare(app, terminal_size=size, run_before=second_row)


@at_snapshot_sizes
def test_where_the_time_goes(snap_compare: Snap, size: tuple[int, int]) -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained(), suspicious("xla")]
    app = app_on(Stage(*session_events(THREE_MODES, beside=beside)))

    async def details(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("d tells where the time goes")
        await screen.press("d")
        await screen.shows("throughput", "XLA's figure is suspicious")

    assert snap_compare(app, terminal_size=size, run_before=details)


@where_there_is_room
def test_all_that_is_known_of_a_case(snap_compare: Snap, size: tuple[int, int]) -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained()]
    app = app_on(Stage(*session_events(THREE_MODES, beside=beside)))

    async def measured(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("latency per call", "○ ready")

    assert snap_compare(app, terminal_size=size, run_before=measured)


@where_there_is_room
def test_a_sweep(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = app_on(Replay([*sweep_events(10, 100, 1000), PlanFinished()], speed=float("inf")))

    async def played(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("XLA from size=100")

    assert snap_compare(app, terminal_size=size, run_before=played)


DIALOGS = {"s": "6 cases", "comma": "how TensorFlow runs", "x": "more modes", "o": "SAVED_MODEL"}


@pytest.mark.parametrize("key", ["x", "o", *slowly("s", "comma")])
@at_one_layout
def test_a_dialog(snap_compare: Snap, size: tuple[int, int], key: str) -> None:
    app = app_on(Stage(*LOADED))

    async def asked(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("○ ready")
        await screen.press(key)
        await screen.shows(DIALOGS[key])

    assert snap_compare(app, terminal_size=size, run_before=asked)
