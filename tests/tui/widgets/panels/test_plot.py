"""The plot of the rounds: what of many points is drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text
from textual.color import Color

from tests.examples import THREE_MODES, explained, rounds, session_events
from tests.tui.stage import Stage, opened
from tui.widgets.panels.plot import UNCOUNTED, draw, seen

COLUMNS, ROWS = 60, 12


@given(st.lists(st.floats(-7, 1), min_size=1, max_size=COLUMNS))
def test_of_few_points_all_are_drawn(places: list[float]) -> None:
    assert list(seen(places, min(places), max(places), COLUMNS, ROWS).values()) == places


@given(st.lists(st.floats(-7, 1), min_size=COLUMNS + 1, max_size=20 * COLUMNS))
def test_of_many_points_those_are_drawn_that_show(places: list[float]) -> None:
    drawn = seen(places, min(places), max(places), COLUMNS, ROWS)
    assert list(drawn) == sorted(drawn)
    assert all(places[index] == place for index, place in drawn.items())
    assert len(drawn) <= COLUMNS * (ROWS + 1) + 3
    assert {len(places) - 1} <= drawn.keys()
    assert {min(places), max(places)} <= set(drawn.values())


def test_every_column_of_a_long_run_has_its_points() -> None:
    colours = {"eager": Color(200, 200, 200)}
    long = tuple(1.0 + 0.5 * (index % 7) for index in range(5000))
    rows = draw({"eager": long}, colours, COLUMNS, ROWS).splitlines()
    assert sum("e" in row for row in rows) == 7


def test_rounds_that_do_not_count_are_dots_and_disturbed_ones_capitals() -> None:
    colours = {"eager": Color(200, 200, 200), UNCOUNTED: Color(90, 90, 90)}
    text = draw({"eager": (2.0, 1.0, 1.0, 1.0)}, colours, COLUMNS, ROWS, {"eager": {0: UNCOUNTED, 2: "E"}})
    drawn = Text.from_ansi(text).plain
    assert [drawn.count(mark) for mark in (UNCOUNTED, "e", "E")] == [1, 2, 1]


@pytest.mark.slow
@pytest.mark.usefixtures("home")
async def test_the_plot_says_what_its_marks_mean() -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained()]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside)), size=(120, 40)) as screen:
        await screen.shows("latency by round: e eager, g graph, x xla; E G X disturbed; · not counted")
