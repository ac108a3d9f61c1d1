"""Every case of the session, one row each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable, Input

from bench.results import CaseResult

from ..format import shorten
from ..result_rows import (
    COLUMNS,
    FIGURES,
    SHORT_BELOW,
    SHORT_HEADINGS,
    about,
    fit,
    is_wanted,
    natural_width,
    place_by,
    row_of,
)

BESIDE_THE_ROW = 2
"""The space before a row and the scrollbar after it."""


class FilterInput(Input):
    """Words that the rows shown must have. Escape empties it and leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter,down", "go_to_rows", show=False),
        Binding("ctrl+c", "app.quit", show=False),
    ]

    def action_leave(self) -> None:
        """Show every row again."""
        self.value = ""
        self.display = False
        self.action_go_to_rows()

    def action_go_to_rows(self) -> None:
        """Go to the table."""
        self.screen.query_one(DataTable).focus()


class ResultsPanel(Widget):
    """The table. A row under the cursor is shown in the other panels; rows can be filtered and sorted."""

    DEFAULT_CSS = """
    ResultsPanel FilterInput { display: none; margin: 0 1; background: $surface; }
    ResultsPanel DataTable {
        height: 1fr;
        background: $background;
        scrollbar-size: 0 1;
        padding: 0 0 0 1;
        & > .datatable--header { background: $background; color: $foreground-muted; text-style: none; }
        & > .datatable--cursor { background: $background; color: $foreground; text-style: none; }
        & > .datatable--hover { background: $background; }
        &:focus > .datatable--cursor { background: $panel; text-style: bold; }
    }
    """

    @dataclass
    class Chosen(Message):
        """The cursor stands on the row of a case."""

        case_id: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: dict[str, dict[str, str]] = {}
        self._widths: dict[str, int] = {}
        self._natural: dict[str, int] = {}
        self._cases: dict[str, CaseResult] = {}
        self._drawn: dict[str, CaseResult] = {}
        self._about: dict[str, str] = {}
        self._shown: list[str] = []
        self._width = 0
        self._sorted_by = ""

    async def furnish(self) -> None:
        """Put the table in, after the first frame."""
        filter_field = FilterInput(placeholder="words that rows must have, such as m=64 bfloat16 xla", compact=True)
        await self.mount(filter_field, DataTable[Text](cursor_type="row", cell_padding=0))
        self._lay_out_anew()

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "results"

    @property
    def is_furnished(self) -> bool:
        """Whether there is a table yet."""
        return bool(self.children)

    @property
    def table(self) -> DataTable[Text]:
        """The table itself."""
        return self.query_one(DataTable)

    @property
    def _filter(self) -> str:
        return self.query_one(FilterInput).value

    def ask_for_filter(self) -> None:
        """Have words typed that the rows shown must have."""
        field = self.query_one(FilterInput)
        field.display = True
        field.focus()

    def sort_by_next(self) -> str:
        """Sort by the next column that is shown, at last as they were measured again; returns its name."""
        columns = ["", *self._widths]
        place = columns.index(self._sorted_by) if self._sorted_by in columns else 0
        self._sorted_by = columns[(place + 1) % len(columns)]
        self._lay_out()
        return self._sorted_by

    @on(Input.Changed)
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._lay_out()

    def on_resize(self) -> None:
        """Lay the table out for the new width."""
        if self.size.width != self._width and self.is_furnished:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._width = self.size.width
        self._rows, self._drawn, self._about, self._natural, self._widths = {}, {}, {}, {}, {}
        self.show(self._cases)

    def show(self, cases: dict[str, CaseResult]) -> None:
        """Draw the cases. Only rows that changed are made and drawn again: there may be thousands."""
        self._cases = cases
        changed = {case_id: case for case_id, case in cases.items() if self._drawn.get(case_id) is not case}
        if not changed and self.table.columns:
            return
        self._drawn |= changed
        before = {case_id: self._rows.get(case_id) for case_id in changed}
        rows = {case_id: row_of(case, short=self._short) for case_id, case in changed.items()}
        self._rows |= rows
        self._about |= {case_id: about(case, rows[case_id]) for case_id, case in changed.items()}
        self._natural = self._natural_widths(rows.values())
        widths = fit(self._natural, self.size.width - BESIDE_THE_ROW)
        shown = self._order()
        if widths != self._widths or not self.table.columns or shown[: len(self._shown)] != self._shown:
            self._widths = widths
            self._lay_out()
            return
        at_end, added = self._is_at_end, shown[len(self._shown) :]
        for case_id, row in rows.items():
            old = before[case_id]
            if old is None or case_id not in self.table.rows:
                continue
            for column, width in widths.items():
                if row[column] != old[column]:
                    self.table.update_cell(case_id, column, _cell(column, row[column], width))
        for case_id in added:
            self._add(case_id, self._rows[case_id])
        self._shown = shown
        if added and at_end:
            with self.prevent(DataTable.RowHighlighted):
                self.table.move_cursor(row=self.table.row_count - 1)

    def _order(self) -> list[str]:
        """The rows that are shown, in their order."""
        words = self._filter
        wanted = [case_id for case_id in self._rows if not words or is_wanted(self._about[case_id], words)]
        if self._sorted_by:
            wanted.sort(key=lambda case_id: place_by(self._sorted_by, self._drawn[case_id], self._rows[case_id]))
        return wanted

    @property
    def _is_at_end(self) -> bool:
        return self.table.cursor_row >= self.table.row_count - 1

    def _lay_out(self) -> None:
        """Draw every row anew; the cursor stays on its case, or at the end."""
        row = self.table.cursor_row
        chosen = self._shown[row] if 0 <= row < len(self._shown) else ""
        follows = self._is_at_end and not self._sorted_by and not self._filter
        self._shown = self._order()
        with self.prevent(DataTable.RowHighlighted):
            self.table.clear(columns=True)
            for column, width in self._widths.items():
                heading = _cell(column, self._heading(column), width)
                heading.stylize("reverse" if column == self._sorted_by else "")
                self.table.add_column(heading, key=column, width=width + 1)
            for case_id in self._shown:
                self._add(case_id, self._rows[case_id])
            if follows:
                self.table.move_cursor(row=len(self._shown) - 1)
            elif chosen in self._shown:
                self.table.move_cursor(row=self._shown.index(chosen))
        shown = f" · {len(self._shown):,} of {len(self._rows):,}" if self._filter else ""
        self.border_title = f"results{f' by {self._sorted_by}' if self._sorted_by else ''}{shown}"

    def _add(self, case_id: str, row: dict[str, str]) -> None:
        cells = (_cell(column, row[column], width) for column, width in self._widths.items())
        self.table.add_row(*cells, key=case_id)

    def _natural_widths(self, rows: Collection[dict[str, str]]) -> dict[str, int]:
        """What the columns would take: as wide as the widest that was ever in them, since the last layout."""
        known = self._natural or dict.fromkeys(COLUMNS, 0)
        headings = {column: self._heading(column) for column in COLUMNS}
        return {
            column: natural_width(column, headings[column], (row[column] for row in rows), known[column])
            for column in COLUMNS
        }

    @property
    def _short(self) -> bool:
        return self.size.width < SHORT_BELOW

    def _heading(self, column: str) -> str:
        return SHORT_HEADINGS.get(column, column) if self._short else column

    @on(DataTable.RowHighlighted)
    def _choose(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        if self.table.has_focus and event.row_key.value is not None:
            self.post_message(self.Chosen(event.row_key.value))


def _cell(column: str, text: str, width: int) -> Text:
    return Text(text.rjust(width) if column in FIGURES else shorten(text, width), no_wrap=True)
