"""The table of results: filtered, sorted, and quick with thousands of rows."""

from __future__ import annotations

import pytest

from bench.events import Event, PlanFinished
from bench.plan import Case
from bench.results import CaseResult
from tests.examples import compared, first_case, session_events, sweep_events
from tests.tui.stage import Screen, Stage, opened
from tui.result_rows import about, columns_for, is_wanted, place_by, row_of
from tui.widgets.results import FilterInput
from tui.widgets.results_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")

SWEPT: list[Event] = [*sweep_events(10, 100, 1000), PlanFinished()]


def sizes_shown(screen: Screen) -> list[str]:
    table = screen.app.screen.query_one(ResultsTable)
    return [table.text_at(row)["dims"].split()[0] for row in range(table.row_count)]


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
        for column in columns_for(("graph", "xla")):
            await screen.press("z")
            await screen.shows(f"results by {column}")
        await screen.press("z")
        await screen.until(lambda: "results by" not in screen.text)


def case(mode_s: float, size: int) -> CaseResult:
    pair = compared("x/g", 0.5, 0.4, 0.6, "faster", 9)
    asked = Case("elementwise_chain", (("size", size),), modes=("graph", "xla"))
    return first_case(session_events({"graph": 0.01, "xla": mode_s}, pair, case=asked))


def ordered(cases: dict[str, CaseResult], column: str) -> list[str]:
    return sorted(cases, key=lambda name: place_by(column, cases[name], row_of(cases[name])))


def test_rows_are_ordered_by_what_is_measured_and_those_without_come_last() -> None:
    unmeasured = first_case(session_events({"graph": 0.01}, failed={"xla": ("failed", "no")}))
    cases = {"1": case(0.03, 100), "2": case(0.01, 20), "3": case(0.02, 3), "4": unmeasured}
    assert ordered(cases, "xla") == ["2", "3", "1", "4"]
    assert ordered({name: cases[name] for name in "123"}, "dims") == ["3", "2", "1"]


@pytest.mark.parametrize(("few", "many"), [("20", "1,000"), ("999", "1.4 million"), ("3M", "1.2G"), ("7", "never")])
def test_numbers_of_calls_are_ordered_as_numbers(few: str, many: str) -> None:
    either = case(0.01, 20)
    assert place_by("pays after", either, {"pays after": few}) < place_by("pays after", either, {"pays after": many})


async def test_sorting_and_filtering_leave_the_cursor_on_its_case() -> None:
    async with opened(Stage(*SWEPT), size=(120, 40)) as screen:
        await screen.until(lambda: len(sizes_shown(screen)) == 3)
        table = screen.app.screen.query_one(ResultsTable)
        table.focus()
        await screen.press("up")
        await screen.shows("At size=100 length=60")
        await screen.press("z", "z")
        await screen.shows("results by dims")
        assert sizes_shown(screen)[table.cursor_row] == "size=100"
        await screen.press("f", *"size=100 xla")
        await screen.until(lambda: len(sizes_shown(screen)) == 2)
        assert sizes_shown(screen)[table.cursor_row] == "size=100"


@pytest.mark.parametrize(
    ("words", "wanted"), [("", True), ("CHAIN xla", True), ("size=20", True), ("graph size=20", False), ("lstm", False)]
)
def test_every_word_must_stand_in_what_was_measured_or_in_the_best_mode(words: str, wanted: bool) -> None:
    asked = case(0.01, 20)
    assert is_wanted(about(asked, row_of(asked)), words) is wanted
