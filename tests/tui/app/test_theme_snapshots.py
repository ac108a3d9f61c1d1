"""The main screen as each theme has it. After a wanted change: `pytest --snapshot-update`."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.slow import slowly
from tests.tui.snapshots import Snap, app_on, at_one_layout
from tests.tui.stage import Screen, replay
from tui.app import theme_files
from tui.app.app import TfjitApp

pytestmark = pytest.mark.usefixtures("home")

OTHERS = sorted({each.name for each in theme_files.built_in()} - {"dark", "light", "terminal"})
"""`test_snapshots` has the first two; the third leaves the colours to the terminal."""


@pytest.mark.parametrize("name", ["terminal", *slowly(*OTHERS)])
def test_a_theme(snap_compare: Snap, name: str) -> None:
    assert looks_as_before(snap_compare, app_on(replay("tour"), name))


@pytest.mark.slow
def test_a_screen_in_ascii(snap_compare: Snap) -> None:
    assert looks_as_before(snap_compare, TfjitApp(replay("tour"), read_only=True, ascii=True, clock=lambda: 0.0))


@pytest.mark.slow
def test_a_screen_without_colours(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, app_on(replay("tour")))


@pytest.mark.slow
@at_one_layout
def test_the_palette_of_themes(snap_compare: Snap, size: tuple[int, int]) -> None:
    app = app_on(replay("tour"))

    async def asked(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows("recording · ready")
        app.search_themes()
        await screen.shows("Search for themes", "colour-blind-safe")

    assert snap_compare(app, terminal_size=size, run_before=asked)


def looks_as_before(snap_compare: Snap, app: TfjitApp) -> bool:
    async def played(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows("recording")
        await Screen(app, pilot).shows("ready")

    return snap_compare(app, terminal_size=(80, 24), run_before=played)
