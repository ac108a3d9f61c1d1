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


def shown(places: dict[int, float]) -> dict[int, float]:
    return seen(places, max(places), (min(places.values()), max(places.values())), COLUMNS, ROWS)


@given(st.lists(st.floats(-7, 1), min_size=1, max_size=COLUMNS))
def test_of_few_points_all_are_drawn(places: list[float]) -> None:
    assert list(shown(dict(enumerate(places))).values()) == places


@given(st.lists(st.floats(-7, 1), min_size=COLUMNS + 1, max_size=20 * COLUMNS))
def test_of_many_points_those_are_drawn_that_show(places: list[float]) -> None:
    drawn = shown(dict(enumerate(places)))
    assert list(drawn) == sorted(drawn)
    assert all(places[index] == place for index, place in drawn.items())
    assert len(drawn) <= COLUMNS * (ROWS + 1) + 3
    assert {len(places) - 1} <= drawn.keys()
    assert {min(places), max(places)} <= set(drawn.values())


def test_every_column_of_a_long_run_has_its_points() -> None:
    colours = {"eager": Color(200, 200, 200)}
    long = {number: 1.0 + 0.5 * (number % 7) for number in range(5000)}
    rows = draw({"eager": long}, colours, COLUMNS, ROWS).splitlines()
    assert sum("e" in row for row in rows) == 7


def test_rounds_that_do_not_count_are_dots_and_disturbed_ones_capitals() -> None:
    colours = {"eager": Color(200, 200, 200), UNCOUNTED: Color(90, 90, 90)}
    text = draw(
        {"eager": dict(enumerate((2.0, 1.0, 1.0, 1.0)))}, colours, COLUMNS, ROWS, {"eager": {0: UNCOUNTED, 2: "E"}}
    )
    drawn = Text.from_ansi(text).plain
    assert [drawn.count(mark) for mark in (UNCOUNTED, "e", "E")] == [1, 2, 1]


def test_a_mode_that_was_visited_in_every_other_round_reaches_as_far_as_the_others() -> None:
    colours = {"eager": Color(200, 200, 200), "graph": Color(90, 90, 90)}
    series = {"eager": dict.fromkeys(range(0, 41, 4), 2.0), "graph": dict.fromkeys(range(41), 1.0)}
    rows = Text.from_ansi(draw(series, colours, COLUMNS, ROWS)).plain.splitlines()
    eager, graph = (next(row for row in rows if row.count(letter) > 5) for letter in "eg")
    assert (eager.rindex("e"), eager.index("e")) == (graph.rindex("g"), graph.index("g"))


@pytest.mark.slow
@pytest.mark.usefixtures("home")
async def test_the_plot_says_what_its_marks_mean() -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained()]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside)), size=(120, 40)) as screen:
        await screen.shows("latency by round: e eager, g graph, x xla; E G X disturbed; · not counted")
