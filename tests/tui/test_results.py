"""The table of results: filtered, sorted, and quick with thousands of rows."""

from __future__ import annotations

import pytest
from textual.widgets import DataTable

from bench.events import Event, PlanFinished
from bench.plan import Case
from bench.results import CaseResult
from tests.examples import compared, first_case, session_events, sweep_events
from tests.tui.stage import Screen, Stage, opened
from tui.result_rows import COLUMNS, in_order, is_wanted
from tui.widgets.results import FilterInput

pytestmark = pytest.mark.usefixtures("home")

SWEPT: list[Event] = [*sweep_events(10, 100, 1000), PlanFinished()]


def sizes_shown(screen: Screen) -> list[str]:
    table = screen.app.screen.query_one(DataTable)
    return [str(table.get_row_at(row)[1]).split()[0] for row in range(table.row_count)]


async def test_typing_words_leaves_the_rows_that_have_them_and_escape_brings_all_back() -> None:
    stage = Stage(*SWEPT)
    async with opened(stage) as screen:
        await screen.until(lambda: sizes_shown(screen) == ["10", "100", "1000"])
        await screen.press("f", *"size=100 xla")
        await screen.until(lambda: sizes_shown(screen) == ["100", "1000"])
        await screen.shows("results · 2 of 3")
        await screen.press("0")
        await screen.until(lambda: sizes_shown(screen) == [])
        await screen.press("escape")
        await screen.until(lambda: sizes_shown(screen) == ["10", "100", "1000"])
        assert stage.plans == []
        assert not screen.app.screen.query_one(FilterInput).display


async def test_a_key_sorts_by_one_column_after_another() -> None:
    async with opened(Stage(*SWEPT), size=(120, 40)) as screen:
        await screen.until(lambda: len(sizes_shown(screen)) == 3)
        for column in COLUMNS:
            await screen.press("z")
            await screen.shows(f"results by {column}")
        await screen.press("z")
        await screen.until(lambda: "results by" not in screen.text)


def case(mode_s: float, size: int) -> CaseResult:
    pair = compared("x/g", 0.5, 0.4, 0.6, "faster", 9)
    asked = Case("elementwise_chain", (("size", size),), modes=("graph", "xla"))
    return first_case(session_events({"graph": 0.01, "xla": mode_s}, pair, case=asked))


def test_rows_are_ordered_by_what_is_measured_and_those_without_come_last() -> None:
    unmeasured = first_case(session_events({"graph": 0.01}, failed={"xla": ("failed", "no")}))
    cases = {"1": case(0.03, 100), "2": case(0.01, 20), "3": case(0.02, 3), "4": unmeasured}
    assert in_order(cases, "xla") == ["2", "3", "1", "4"]
    assert in_order({name: cases[name] for name in "123"}, "dims") == ["3", "2", "1"]
    assert in_order(cases, "") == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("words", "wanted"), [("", True), ("CHAIN xla", True), ("size=20", True), ("graph size=20", False), ("lstm", False)]
)
def test_every_word_must_stand_in_what_was_measured_or_in_the_best_mode(words: str, wanted: bool) -> None:
    assert is_wanted(case(0.01, 20), words) is wanted
