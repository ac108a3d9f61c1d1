"""The keys of vim's that move: each is another name for an arrow, wherever letters are not typed."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.events import Key
from textual.widgets import Input, OptionList

from bench.plan import MORE_MODES
from tests.slow import slowly
from tests.tui.stage import LOADED, Stage, opened, replay
from tui.actions.vim_keys import VIM
from tui.screens.dialogs.export import ExportScreen
from tui.widgets.results_panel import FilterInput
from tui.widgets.row_table import ResultsTable
from tui.widgets.setup.fields import Choice, DimInput, ModeBox, OpField

pytestmark = pytest.mark.usefixtures("home")


async def test_j_and_k_move_along_the_fields_and_h_l_g_and_capital_g_within_a_number() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.until(lambda: isinstance(screen.app.focused, OpField))
        await screen.press("j", "j")
        await screen.until(lambda: isinstance(field := screen.app.focused, DimInput) and field.dim.name == "k")
        await screen.press("k")
        await screen.until(lambda: isinstance(field := screen.app.focused, DimInput) and field.dim.name == "m")
        field = screen.app.focused
        assert isinstance(field, DimInput)
        for key, place in (("g", 0), ("l", 1), ("G", 4), ("h", 3)):
            await screen.press(key)
            await screen.until(lambda place=place: field.cursor_position == place)  # type: ignore[misc]
        assert field.value == "1024"


async def test_a_move_and_a_command_that_come_together_are_acted_upon_in_their_order() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("j", "j", "right_square_bracket", "j", "left_square_bracket")
        await screen.until(
            lambda: [field.value for field in screen.app.screen.query(DimInput)] == ["1024", "2048", "512"]
        )


async def test_rows_of_the_table() -> None:
    async with opened(replay("tour"), read_only=True) as screen:
        await screen.shows("recording · ready")
        table = screen.app.screen.query_one(ResultsTable)
        for key, row in (("g", 0), ("j", 1), ("j", 2), ("k", 1), ("G", table.row_count - 1)):
            await screen.press(key)
            await screen.until(lambda row=row: table.cursor_row == row)  # type: ignore[misc]


@pytest.mark.slow
async def test_an_open_list() -> None:
    async with opened(Stage(*LOADED)) as screen:
        screen.app.screen.query_one("#dtype", Choice).focus()
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.focused, OptionList))
        await screen.press("g", "j", "enter")
        await screen.until(lambda: screen.app.screen.query_one("#dtype", Choice).value == "bfloat16")


async def test_the_help_scrolls() -> None:
    async with opened(Stage(*LOADED), size=(60, 20)) as screen:
        await screen.press("question_mark", "j", "j")
        help_text = screen.app.screen.query_one(VerticalScroll)
        await screen.until(lambda: help_text.scroll_y == 2)
        await screen.press("k")
        await screen.until(lambda: help_text.scroll_y == 1)
        await screen.press("G")
        await screen.until(lambda: help_text.scroll_y == help_text.max_scroll_y)
        await screen.press("g")
        await screen.until(lambda: help_text.scroll_y == 0)


@pytest.mark.slow
async def test_the_modes_of_a_dialog() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("x", "j", "j", "k", "space", "enter")
        await screen.shows(f"+ {MORE_MODES[1]}")
        assert not screen.app.screen.query(ModeBox)[0].value or MORE_MODES[1]


@pytest.mark.slow
async def test_where_words_are_typed_they_are_letters() -> None:
    async with opened(replay("tour"), read_only=True) as screen:
        await screen.shows("recording · ready")
        await screen.press("f", *VIM)
        await screen.until(lambda: screen.app.screen.query_one(FilterInput).value == "".join(VIM))
        await screen.press("escape", "e")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("end", *VIM)
        await screen.until(lambda: screen.app.screen.query_one(Input).value.endswith("".join(VIM)))


@pytest.mark.parametrize("key", ["pageup", *slowly("pagedown")])
async def test_a_page_that_is_turned_before_there_is_one_breaks_nothing(key: str) -> None:
    """Over a slow line the palette's key and the next come together."""
    async with opened(Stage(*LOADED)) as screen:
        for each in ("ctrl+p", key):
            screen.app.post_message(Key(each, None))
        await screen.until(lambda: isinstance(screen.app.screen, CommandPalette))
        await screen.shows("measure")
