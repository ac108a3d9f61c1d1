"""Every case of the session, one row each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable

from bench.figures import count
from bench.plan import MODES, short_name
from bench.results import CaseResult, ModeResult

from ..format import UNKNOWN, duration, shorten

SHORT_DTYPES = {"float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64"}
FIGURES = (*MODES, "pays after")
COLUMNS = ("workload", "dims", "dtype", "device", *MODES, "best", "pays after")
SHORT_HEADINGS = {"dtype": "type", "device": "dev"}
SHORT_BELOW = 100
"""The width below which sizes stand without their names, and dtypes and numbers are abbreviated."""

LEAST = {"device": 6, "dims": 8, "workload": 8}
"""What gives way where the row is wider than the table, in this order, and the width that each keeps."""

DROPPED = ("device", "dtype", "pays after", "dims")
"""What is left out where that is not enough: a figure is never cut, since what is left of it is another figure."""

BESIDE_THE_ROW = 2
"""The space before a row and the scrollbar after it."""


class ResultsPanel(Widget):
    """The table. A row under the cursor is shown in the other panels."""

    DEFAULT_CSS = """
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
        self._width = 0

    async def furnish(self) -> None:
        """Put the table in, after the first frame."""
        await self.mount(DataTable[Text](cursor_type="row", cell_padding=0))
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

    def on_resize(self) -> None:
        """Lay the table out for the new width."""
        if self.size.width != self._width and self.is_furnished:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._width = self.size.width
        self._rows, self._drawn, self._natural = {}, {}, {}
        self.show(self._cases)

    def show(self, cases: dict[str, CaseResult]) -> None:
        """Draw the cases. Only rows that changed are made and drawn again: there may be thousands."""
        self._cases = cases
        changed = {case_id: case for case_id, case in cases.items() if self._drawn.get(case_id) is not case}
        self._drawn |= changed
        before = {case_id: self._rows.get(case_id) for case_id in changed}
        rows = {case_id: self._row(case) for case_id, case in changed.items()}
        self._rows |= rows
        self._natural = self._natural_widths(rows.values())
        widths = fit(self._natural, self.size.width - BESIDE_THE_ROW)
        if widths != self._widths or not self.table.columns:
            self._widths = widths
            self._lay_out()
            return
        at_end = self._is_at_end
        for case_id, row in rows.items():
            if (old := before[case_id]) is None:
                self._add(case_id, row)
                continue
            for column, width in widths.items():
                if row[column] != old[column]:
                    self.table.update_cell(case_id, column, _cell(column, row[column], width))
        if at_end and None in before.values():
            with self.prevent(DataTable.RowHighlighted):
                self.table.move_cursor(row=self.table.row_count - 1)

    @property
    def _is_at_end(self) -> bool:
        return self.table.cursor_row >= self.table.row_count - 1

    def _lay_out(self) -> None:
        cursor, at_end = self.table.cursor_row, self._is_at_end
        with self.prevent(DataTable.RowHighlighted):
            self.table.clear(columns=True)
            for column, width in self._widths.items():
                heading = _cell(column, self._heading(column), width)
                self.table.add_column(heading, key=column, width=width + 1)
            for case_id, row in self._rows.items():
                self._add(case_id, row)
            self.table.move_cursor(row=len(self._rows) - 1 if at_end else cursor)

    def _add(self, case_id: str, row: dict[str, str]) -> None:
        cells = (_cell(column, row[column], width) for column, width in self._widths.items())
        self.table.add_row(*cells, key=case_id)

    def _natural_widths(self, rows: Collection[dict[str, str]]) -> dict[str, int]:
        """What the columns would take: as wide as the widest that was ever in them, since the last layout."""
        known = self._natural or {column: len(self._heading(column)) for column in COLUMNS}
        return {column: max([known[column], *(len(row[column]) for row in rows)]) for column in COLUMNS}

    @property
    def _short(self) -> bool:
        return self.size.width < SHORT_BELOW

    def _heading(self, column: str) -> str:
        return SHORT_HEADINGS.get(column, column) if self._short else column

    def _row(self, case: CaseResult) -> dict[str, str]:
        asked = case.case
        best, pays_after = _summary(case)
        figures = {**{mode: _latency(case.mode(mode)) for mode in MODES}, "best": best}
        if self._short:
            return {
                "workload": short_name(asked.workload),
                "dims": " ".join(str(size) for _, size in asked.dims),
                "dtype": SHORT_DTYPES[asked.dtype],
                "device": asked.device,
                **figures,
                "pays after": _abbreviated(pays_after),
            }
        return {
            "workload": asked.workload,
            "dims": asked.dims_text,
            "dtype": asked.dtype,
            "device": f"{asked.device} {shorten(case.hardware, 20)}".strip(),
            **figures,
            "pays after": pays_after,
        }

    @on(DataTable.RowHighlighted)
    def _choose(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        if self.table.has_focus and event.row_key.value is not None:
            self.post_message(self.Chosen(event.row_key.value))


def _latency(mode: ModeResult | None) -> str:
    if mode is None:
        return ""
    if mode.status in ("", "ok", "cancelled") and mode.estimate:
        return duration(mode.estimate.latency_s)
    words = {"unsupported": "no XLA", "out_of_memory": "memory", "timed_out": "time-out", "cancelled": "stopped"}
    return words.get(mode.status, mode.status) or "…"


def _summary(case: CaseResult) -> tuple[str, str]:
    """The best mode, and after how many calls its one-off cost is repaid: beside eager's where that was measured."""
    if not case.ended:
        return "", ""
    from bench.verdict import choose  # not for the first frame

    choice = choose(case)
    if not choice.certain:
        return f"{choice.mode}?", UNKNOWN
    calls = choice.repaid_after
    if pair := case.pair(choice.mode, "eager"):
        if pair.verdict == "unclear":
            return choice.mode, UNKNOWN
        calls = pair.break_even_calls
    if calls is not None:
        return choice.mode, count(calls)
    compared = sum(mode.comparable for mode in case.modes) > 1
    return choice.mode, "never" if compared else UNKNOWN if choice.mode else ""


def fit(natural: dict[str, int], room: int) -> dict[str, int]:
    """The columns that fit into `room` side by side, a space after each, and their widths."""
    widths = dict(natural)
    for dropped in ("", *DROPPED):
        widths.pop(dropped, None)
        fitted = dict(widths)
        for column, least in LEAST.items():
            over = sum(fitted.values()) + len(fitted) - room
            if over > 0 and column in fitted:
                fitted[column] = max(fitted[column] - over, min(fitted[column], least))
        if sum(fitted.values()) + len(fitted) <= room:
            break
    return fitted


def _abbreviated(number: str) -> str:
    return number.replace(" million", "M").replace(" billion", "G").replace(" trillion", "T")


def _cell(column: str, text: str, width: int) -> Text:
    return Text(text.rjust(width) if column in FIGURES else shorten(text, width), no_wrap=True)
