"""Every case of the session, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from bench.session.results import CaseResult

from ..presentation.result_list import ResultList
from ..presentation.result_rows import FIGURES, SHORT_BELOW, heading_of
from .drawing.style_sheet import beside
from .row_table import Column, ResultsTable

BESIDE_THE_ROW = 2
"""The space before a row and the scrollbar after it."""


class FilterInput(Input):
    """Words that the rows shown must have. Escape empties it and leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "all rows again"),
        Binding("enter", "go_to_rows", "to the rows"),
        Binding("down", "go_to_rows", show=False),
    ]

    virtual_size = Reactive(Size(0, 0))
    """As every field's, but for one thing: a letter lays out nothing anew."""

    def action_leave(self) -> None:
        """Show every row again."""
        self.value = ""
        self.display = False
        self.action_go_to_rows()

    def action_go_to_rows(self) -> None:
        """Go to the table."""
        self.screen.query_one(ResultsTable).focus()


class ResultsPanel(Widget):
    """The table. A row under the cursor is shown in the other panels; rows can be filtered and sorted."""

    DEFAULT_CSS = beside(__file__)

    @dataclass
    class Chosen(Message):
        """The cursor stands on the row of a case."""

        case_id: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows = ResultList()

    def compose(self) -> ComposeResult:
        """The words that rows must have, while they are asked for, and the rows."""
        yield FilterInput(placeholder="words that rows must have, such as m=64 bfloat16 xla", compact=True)
        yield ResultsTable(self._cells)

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "results"
        self._lay_out()

    @property
    def table(self) -> ResultsTable:
        """The table itself."""
        return self.query_one(ResultsTable)

    def ask_for_filter(self) -> None:
        """Have words typed that the rows shown must have."""
        field = self.query_one(FilterInput)
        field.display = True
        field.focus()

    def sort_by_next(self) -> str:
        """Sort by the next column that is shown, at last as they were measured again; returns its name."""
        columns = ["", *(column.name for column in self.table.columns)]
        sorted_by = self._rows.sorted_by
        place = columns.index(sorted_by) if sorted_by in columns else 0
        chosen, follows = self._cursor
        self._rows.sort(columns[(place + 1) % len(columns)])
        self._lay_out(chosen, follows=follows)
        return self._rows.sorted_by

    @on(Input.Changed)
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        chosen, follows = self._cursor
        self._rows.filter(event.value)
        self._lay_out(chosen, follows=follows)

    def on_resize(self) -> None:
        """Lay the table out for the new width."""
        if self.children:
            chosen, follows = self._cursor
            self._lay_out(chosen, follows=follows)

    def take(self, cases: Iterable[CaseResult]) -> None:
        """Draw the cases that are new or have changed."""
        cases = list(cases)
        chosen, follows = self._cursor
        moved = self._rows.take(cases)
        if moved or self._columns() != self.table.columns:
            self._lay_out(chosen, follows=follows)
            return
        for case in cases:
            if (row := self._rows.place_of(case.case_id)) is not None:
                self.table.refresh_row(row)

    @property
    def _cursor(self) -> tuple[str, bool]:
        """The case under the cursor, and whether that is the last, and the cursor to stay at the end."""
        row = self.table.cursor_row
        is_last = row >= len(self._rows) - 1
        chosen = self._rows.case_id(row) if row < len(self._rows) else ""
        return chosen, is_last and not self._rows.sorted_by and not self._rows.words

    def _lay_out(self, chosen: str = "", *, follows: bool = True) -> None:
        """Draw the table anew; the cursor stays on its case, or at the end."""
        row = None if follows else self._rows.place_of(chosen)
        at = row if row is not None else len(self._rows) - 1 if follows else 0
        self.table.lay_out(self._columns(), len(self._rows), at)
        by = f" by {self._rows.sorted_by}" if self._rows.sorted_by else ""
        shown = f" · {len(self._rows):,} of {self._rows.total:,}" if self._rows.words else ""
        self.border_title = f"results{by}{shown}"

    def _columns(self) -> tuple[Column, ...]:
        widths = self._rows.widths(self.size.width - BESIDE_THE_ROW, short=self._short)
        return tuple(
            Column(
                name,
                heading_of(name, short=self._short),
                width,
                is_figure=name in FIGURES,
                is_sorted=name == self._rows.sorted_by,
            )
            for name, width in widths.items()
        )

    @property
    def _short(self) -> bool:
        return self.size.width < SHORT_BELOW

    def _cells(self, row: int) -> Mapping[str, str]:
        return self._rows.cells(row, short=self._short)

    @on(ResultsTable.Chosen)
    def _choose(self, event: ResultsTable.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(self._rows.case_id(event.row)))
