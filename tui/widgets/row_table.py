"""A table that draws the rows on the screen, and knows nothing of the others but how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..presentation.fixed_width import shorten
from ..terminal.scrollbars import fit_scrollbars
from .drawing.style_sheet import beside

HEADER = Spacing(top=1)
"""What lies above the first row, and stays there."""


@dataclass(frozen=True)
class Column:
    """A column: `name` finds its cells; what is too long for it is shortened, figures stand at its right."""

    name: str
    heading: str
    width: int
    is_figure: bool = False
    is_sorted: bool = False

    def fit(self, text: str) -> str:
        """The text in the column's width."""
        return text.rjust(self.width) if self.is_figure else shorten(text, self.width).ljust(self.width)


class ResultsTable(ScrollView, can_focus=True):
    """Rows under a header, and a cursor on one of them. `cells` gives what stands in a row, when it is drawn."""

    DEFAULT_CSS = beside(__file__)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "results-table--header",
        "results-table--sorted",
        "results-table--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,ctrl+home", "top", show=False),
        Binding("end,ctrl+end", "bottom", show=False),
    ]

    virtual_size = Reactive(Size(0, 0))
    """As every widget's, but for one thing: more rows lay out nothing anew but the scrollbar."""

    cursor_row: reactive[int] = reactive(0, repaint=False)
    """The row that the cursor is on."""

    @dataclass
    class Chosen(Message):
        """The user has put the cursor on a row."""

        row: int

    def __init__(self, cells: Callable[[int], Mapping[str, str]]) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.row_count = 0
        self._cells = cells

    def lay_out(self, columns: Sequence[Column], row_count: int, cursor_row: int) -> None:
        """Draw these columns of so many rows."""
        self.columns, self.row_count = tuple(columns), row_count
        self.virtual_size = Size(sum(column.width + 1 for column in columns), row_count + HEADER.top)
        self.cursor_row = cursor_row
        self.refresh()

    def refresh_row(self, row: int) -> None:
        """Draw a row again, if it is on the screen."""
        if self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
            self.refresh_line(row + HEADER.top)

    def text_at(self, row: int) -> dict[str, str]:
        """What is drawn in each column of a row."""
        cells = self._cells(row)
        return {column.name: column.fit(cells.get(column.name, "")).strip() for column in self.columns}

    def watch_virtual_size(self, size: Size) -> None:
        """Fit the scrollbar to the rows."""
        fit_scrollbars(self, size)

    def validate_cursor_row(self, row: int) -> int:
        """The cursor is always on a row, while there is one."""
        return max(0, min(row, self.row_count - 1))

    def watch_cursor_row(self, before: int, now: int) -> None:
        """Draw the two rows that differ, and bring the cursor's onto the screen."""
        self.refresh_row(before)
        self.refresh_row(now)
        self._show_cursor()

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._show_cursor()

    def render_line(self, y: int) -> Strip:
        """The header, or the row that is drawn there."""
        row = y - HEADER.top + self.scroll_offset.y
        if y < HEADER.top:
            segments, rest = self._header(), self.rich_style
        elif row < self.row_count:
            rest = self._style("cursor") if row == self.cursor_row else self.rich_style
            cells = self._cells(row)
            text = "".join(f"{column.fit(cells.get(column.name, ''))} " for column in self.columns)
            segments = [Segment(text, rest)]
        else:
            segments, rest = [], self.rich_style
        return Strip(segments).adjust_cell_length(self.size.width, rest)

    def _header(self) -> list[Segment]:
        plain, marked = self._style("header"), self._style("sorted")
        segments = []
        for column in self.columns:
            segments.append(Segment(column.fit(column.heading), marked if column.is_sorted else plain))
            segments.append(Segment(" ", plain))
        return segments

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"results-table--{part}")

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - HEADER.top)

    def _show_cursor(self) -> None:
        region = Region(0, self.cursor_row + HEADER.top, 1, 1)
        self.scroll_to_region(region, spacing=HEADER, animate=False, force=True)

    def _choose(self, row: int) -> None:
        before, self.cursor_row = self.cursor_row, row
        if self.cursor_row != before:
            self.post_message(self.Chosen(self.cursor_row))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is."""
        row = event.y - HEADER.top + self.scroll_offset.y
        if event.y >= HEADER.top and row < self.row_count:
            event.stop()
            self._choose(row)

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self._choose(self.cursor_row + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by so many screens."""
        self._choose(self.cursor_row + pages * self._page)

    def action_top(self) -> None:
        """Go to the first row."""
        self._choose(0)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self._choose(self.row_count - 1)


class ListTable(ResultsTable):
    """Fills a screen of its own: rows to choose one of, by a double click too.

    Its screen lays it out whenever it has another width.
    """

    class Resized(Message):
        """There is another width to lay it out for."""

    class Entered(Message):
        """The row under the cursor is chosen."""

    def on_resize(self) -> None:
        """Tell of the width."""
        self.post_message(self.Resized())

    def on_click(self, event: Click) -> None:
        """Choose what was clicked twice."""
        if event.chain == 2:
            self.post_message(self.Entered())
