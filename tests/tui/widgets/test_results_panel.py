"""The table of results: filtered, sorted, and quick with thousands of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import CaseFinished, CaseStarted, Event, PlanFinished, PlanStarted
from bench.plan import PRECISIONS, Case, Plan
from bench.runtime import Runtime
from bench.session.results import CaseResult
from tests.examples import compared, first_case, session_events, sweep_events
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.presentation.result_list import ResultList
from tui.presentation.result_rows import HOW, PAYS_AFTER, about, columns_for, figures_of, place_by, row_of, shortened
from tui.presentation.search import has_words
from tui.widgets.results_panel import FilterInput
from tui.widgets.row_table import ResultsTable

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
        await screen.until(lambda: sizes_shown(screen) == ["100"])
        await screen.shows("results · 1 of 3")
        await screen.press("0")
        await screen.until(lambda: sizes_shown(screen) == [])
        await screen.press("escape")
        await screen.until(lambda: sizes_shown(screen) == ["10", "100", "1000"])
        assert stage.plans == []
        assert not screen.app.screen.query_one(FilterInput).display


async def test_a_key_sorts_by_one_column_after_another_and_the_cursor_stays_on_its_case() -> None:
    async with opened(Stage(*SWEPT), size=(120, 40)) as screen:
        await screen.until(lambda: len(sizes_shown(screen)) == 3)
        table = screen.app.screen.query_one(ResultsTable)
        table.focus()
        await screen.press("up")
        await screen.shows("At size=100 length=60")
        for column in columns_for(("graph", "xla")):
            await screen.press("z")
            await screen.shows(f"results by {column}")
            assert sizes_shown(screen)[table.cursor_row] == "size=100"
        await screen.press("z")
        await screen.until(lambda: "results by" not in screen.text)
        await screen.press("f", *"size=100 xla")
        await screen.until(lambda: len(sizes_shown(screen)) == 1)
        assert sizes_shown(screen)[table.cursor_row] == "size=100"


async def test_while_words_are_typed_the_footer_tells_how_to_leave_them_and_the_rows_are_as_wide_as_before() -> None:
    async with opened(Stage(*SWEPT), size=(60, 20)) as screen:
        await screen.until(lambda: len(sizes_shown(screen)) == 3)
        await screen.press("f")
        await screen.shows("esc all rows again", "to the rows")
        assert screen.app.screen.query_one(ResultsTable).outer_size.width == 60
        await screen.press("enter")
        assert isinstance(screen.app.focused, ResultsTable)
        await screen.until(lambda: "all rows again" not in screen.text)


def case(mode_s: float, size: int) -> CaseResult:
    pair = compared("x/g", 0.5, 0.4, 0.6, "faster", 9)
    asked = Case("elementwise_chain", (("size", size),), modes=("graph", "xla"))
    return first_case(session_events({"graph": 0.01, "xla": mode_s}, pair, case=asked))


def stopped(size: int, *sweep: str) -> CaseResult:
    """A case that was given up before anything was known of it."""
    asked = Case("elementwise_chain", (("size", size),), modes=("graph", "xla"))
    return first_case(session_events({}, case=asked, finish=CaseFinished(case_id="1", cancelled=True), sweep=sweep))


def test_what_was_stopped_before_anything_was_known_has_no_row_but_in_a_sweep() -> None:
    rows = ResultList()
    rows.take([case(0.01, 20), replace(stopped(40), case_id="2"), replace(stopped(80, "size=80,160"), case_id="3")])
    assert [rows.case_id(place) for place in range(len(rows))] == ["1", "3"]
    assert rows.total == 2


def test_what_was_stopped_once_something_was_known_keeps_its_row() -> None:
    figures = session_events({"eager": 0.01}, finish=CaseFinished(case_id="1", cancelled=True))
    failed = session_events({}, failed={"xla": ("unsupported", "no")}, finish=CaseFinished(case_id="1", cancelled=True))
    for events in (figures, failed):
        rows = ResultList()
        rows.take([first_case(events)])
        assert len(rows) == 1


def test_a_row_goes_when_its_case_is_stopped_and_comes_back_when_that_is_measured_after_all() -> None:
    begun, rows = replace(stopped(40), state="running"), ResultList()
    rows.take([begun])
    assert rows.place_of("1") == 0
    assert rows.take([stopped(40)])
    assert rows.place_of("1") is None
    assert rows.take([case(0.01, 40)])
    assert rows.place_of("1") == 0


def ordered(cases: dict[str, CaseResult], column: str) -> list[str]:
    def place(name: str) -> Any:
        case, row = cases[name], row_of(cases[name])
        return place_by(column, case, row, figures_of(case, row))

    return sorted(cases, key=place)


def test_rows_are_ordered_by_what_is_measured_and_those_without_come_last() -> None:
    unmeasured = first_case(session_events({"graph": 0.01}, failed={"xla": ("failed", "no")}))
    cases = {"1": case(0.03, 100), "2": case(0.01, 20), "3": case(0.02, 3), "4": unmeasured}
    assert ordered(cases, "xla") == ["2", "3", "1", "4"]
    assert ordered({name: cases[name] for name in "123"}, "dims") == ["3", "2", "1"]


def test_a_narrow_row_tells_every_dtype_apart_in_few_letters() -> None:
    asked = first_case(session_events({"graph": 0.01}))
    cases = [replace(asked, case=replace(asked.case, dtype=dtype)) for dtype in PRECISIONS]
    short = {shortened(each, row_of(each))["dtype"] for each in cases}
    assert len(short) == len(PRECISIONS)
    assert max(map(len, short)) <= 7


def test_how_and_where_has_a_column_once_a_case_was_measured_so() -> None:
    rows, usual = ResultList(), case(0.01, 20)
    rows.take([usual])
    assert HOW not in rows.columns
    how = Runtime(onednn=False)
    rows.take([replace(usual, case_id="2", case=replace(usual.case, runtime=how, far="tf218"))])
    assert HOW in rows.columns
    assert rows.cells(1, short=True)[HOW] == "tf218 onednn=off"


@pytest.mark.parametrize(("few", "many"), [("20", "1,000"), ("999", "1.4 million"), ("3M", "1.2G"), ("7", "never")])
def test_numbers_of_calls_are_ordered_as_numbers(few: str, many: str) -> None:
    either = case(0.01, 20)
    first, then = (figures_of(either, {PAYS_AFTER: number})[PAYS_AFTER] for number in (few, many))
    assert first < then


@pytest.mark.parametrize(
    ("words", "wanted"), [("", True), ("CHAIN xla", True), ("size=20", True), ("graph size=20", False), ("lstm", False)]
)
def test_every_word_must_stand_in_what_was_measured_or_in_the_best_mode(words: str, wanted: bool) -> None:
    asked = case(0.01, 20)
    assert has_words(about(asked, row_of(asked)), words) is wanted


MANY = tuple(Case("elementwise_chain", (("size", size), ("length", 60))) for size in range(1, 2001))
PLANNED = PlanStarted(plan=Plan(MANY, sweep=("size=1..2000:+1",)), case_ids=tuple(map(str, range(1, 2001))))


async def test_of_thousands_of_rows_those_are_made_that_have_changed_and_those_drawn_that_are_on_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []

    def counted(case: CaseResult) -> dict[str, str]:
        made.append(case.case_id)
        return row_of(case)

    monkeypatch.setattr("tui.presentation.result_list.row_of", counted)
    stage = Stage(*LOADED, PLANNED)
    async with opened(stage, size=(120, 40)) as screen:
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: table.row_count == 2000)
        assert sorted(map(int, made)) == list(range(1, 2001))
        made.clear()
        stage.play(CaseStarted(case_id="7"))
        await screen.shows("1 of 2000")
        assert set(made) == {"7"}
        made.clear()
        table.focus()
        await screen.press("home", "z", "z", "down", "f", *"size=77")
        await screen.until(lambda: table.row_count == 1)
        await screen.pilot.resize_terminal(80, 24)
        await screen.shows("results by dims · 1 of 2,000")
        await screen.press("escape")
        await screen.until(lambda: table.row_count == 2000)
        drawn: set[int] = set()
        cells = ResultList.cells

        def noted(rows: ResultList, place: int, *, short: bool) -> object:
            drawn.add(place)
            return cells(rows, place, short=short)

        monkeypatch.setattr(ResultList, "cells", noted)
        await screen.pilot.resize_terminal(110, 38)
        await screen.until(lambda: drawn)
        assert len(drawn) <= 38
        assert made == []


async def test_all_that_comes_at_once_is_drawn_in_the_end() -> None:
    one = [event for event in sweep_events(10) if getattr(event, "case_id", "") == "1"]
    ended = [replace(event, case_id=case_id) for case_id in PLANNED.case_ids[:300] for event in one]  # type: ignore[call-arg]
    async with opened(Stage(*LOADED, PLANNED, *ended), size=(120, 40)) as screen:
        await screen.shows("300 of 2000", "Use graph at size=")
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: table.row_count == 2000)
        await screen.until(lambda: [table.text_at(row)["best"] for row in (299, 300)] == ["graph", ""])


async def test_keys_and_the_mouse_move_the_cursor_and_the_panels_follow() -> None:
    async with opened(Stage(*LOADED, PLANNED), size=(120, 40)) as screen:
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: table.row_count == 2000)
        table.focus()
        await screen.press("home")
        await screen.shows("size=1 length=60 · float32 · CPU:0")
        await screen.press("down", "down", "up")
        await screen.shows("size=2 length=60 · float32 · CPU:0")
        await screen.press("pagedown")
        page = table.cursor_row - 1
        assert 1 < page < 30
        await screen.press("pageup", "end")
        await screen.shows("size=2000 length=60 · float32 · CPU:0")
        assert table.scroll_offset.y == 2000 - page
        await screen.pilot.click(ResultsTable, offset=(5, 2))
        await screen.shows(f"size={2002 - page} length=60 · float32 · CPU:0")
        await screen.press("up", "up", "up")
        assert table.scroll_offset.y == 1998 - page


NAMES = st.integers(1, 9)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from([0.004, 0.005, 0.02, None])), max_size=30),
    st.sampled_from(["", "xla", "dims", "best", "pays after"]),
    st.sampled_from(["", "xla", "size=3", "no such"]),
)
def test_rows_kept_up_stand_where_they_would_if_all_were_made_anew(
    changes: list[tuple[int, float | None]], column: str, words: str
) -> None:
    kept, anew, cases = ResultList(), ResultList(), {}
    kept.sort(column)
    kept.filter(words)
    for size, xla_s in changes:
        cases[size] = replace(case(xla_s, size) if xla_s else stopped(size), case_id=str(size))
        kept.take([cases[size]])
    anew.take(cases.values())
    anew.sort(column)
    anew.filter(words)
    assert [kept.case_id(place) for place in range(len(kept))] == [anew.case_id(place) for place in range(len(anew))]
    assert all(kept.place_of(kept.case_id(place)) == place for place in range(len(kept)))
    assert kept.total == sum(each.state == "done" for each in cases.values())


@given(st.text("xs=13 ", max_size=6), st.text("xs=13 ", max_size=6))
def test_words_that_are_typed_on_and_deleted_leave_the_same_rows_as_typed_at_once(first: str, second: str) -> None:
    rows, anew = ResultList(), ResultList()
    for each in (rows, anew):
        each.take(replace(case(0.01, size), case_id=str(size)) for size in (1, 3, 13, 31))
    rows.filter(first)
    rows.filter(second)
    anew.filter(second)
    assert [rows.case_id(place) for place in range(len(rows))] == [anew.case_id(place) for place in range(len(anew))]
