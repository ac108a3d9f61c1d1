"""The plot of the rounds: what of many points is drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color

from tui.widgets.plot import draw, seen

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
