"""Every case of the session, one row each."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable

from bench.figures import count
from bench.plan import MODES
from bench.session import CaseResult, ModeResult

from ..format import UNKNOWN, duration, shorten

SHORT_DTYPES = {"float16": "f16", "bfloat16": "bf16", "float32": "f32", "float64": "f64"}
FIGURES = (*MODES, "pays after")
COLUMNS = ("workload", "dims", "dtype", "device", *MODES, "best", "pays after")
SHORT_COLUMNS = ("workload", "dims", "type", "dev", *MODES, "best", "pays after")
FEW_COLUMNS = ("workload", "dims", *MODES, "best")
SHORT_BELOW, FEW_BELOW = 100, 78
"""Widths below which names are shortened, and columns left out."""


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
        self._rows: dict[str, tuple[str, ...]] = {}
        self._cases: dict[str, CaseResult] = {}
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

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that there is room for."""
        if self.size.width < FEW_BELOW:
            return FEW_COLUMNS
        return SHORT_COLUMNS if self.size.width < SHORT_BELOW else COLUMNS

    def on_resize(self) -> None:
        """Lay the table out for the new width."""
        if self.size.width != self._width and self.is_furnished:
            self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        self._width = self.size.width
        self._rows = {}
        self.show(self._cases)

    def show(self, cases: dict[str, CaseResult]) -> None:
        """Draw the cases. Only rows that changed are drawn again."""
        self._cases = cases
        rows = {case_id: self._row(case) for case_id, case in cases.items()}
        if rows == self._rows:
            return
        widths = self._widths(rows)
        if rows.keys() != self._rows.keys() or widths != self._widths(self._rows):
            self._lay_out(rows, widths)
        else:
            for case_id, row in rows.items():
                for column, old, new in zip(self.columns, self._rows[case_id], row, strict=True):
                    if old != new:
                        self.table.update_cell(case_id, column, _cell(column, new, widths))
        self._rows = rows

    def _lay_out(self, rows: dict[str, tuple[str, ...]], widths: dict[str, int]) -> None:
        cursor, at_end = self.table.cursor_row, self.table.cursor_row >= self.table.row_count - 1
        with self.prevent(DataTable.RowHighlighted):
            self.table.clear(columns=True)
            for column, width in widths.items():
                self.table.add_column(_cell(column, column, widths), key=column, width=width + 1)
            for case_id, row in rows.items():
                cells = (_cell(column, value, widths) for column, value in zip(self.columns, row, strict=True))
                self.table.add_row(*cells, key=case_id)
            self.table.move_cursor(row=len(rows) - 1 if at_end else cursor)

    def _widths(self, rows: dict[str, tuple[str, ...]]) -> dict[str, int]:
        return {
            column: max([len(column), *(len(row[index]) for row in rows.values())])
            for index, column in enumerate(self.columns)
        }

    def _row(self, case: CaseResult) -> tuple[str, ...]:
        narrow = self.size.width < SHORT_BELOW
        sizes = " ".join(str(size) for _, size in case.case.dims)
        best, pays_after = _summary(case)
        workload = shorten(case.case.workload.rpartition("::")[2], 12) if narrow else case.case.workload
        names = (workload, shorten(sizes, 14) if narrow else case.case.dims_text)
        figures = (*(_latency(case.mode(mode)) for mode in MODES), best)
        if self.columns == FEW_COLUMNS:
            return (*names, *figures)
        if narrow:
            return (*names, SHORT_DTYPES[case.case.dtype], case.case.device, *figures, _short(pays_after))
        device = f"{case.case.device} {shorten(case.hardware, 20)}".strip()
        return (*names, case.case.dtype, device, *figures, pays_after)

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
    """The best mode, and after how many calls its one-off cost is repaid."""
    if not case.ended:
        return "", ""
    from bench.verdict import choose  # not for the first frame

    choice = choose(case)
    if not choice.certain:
        return f"{choice.mode}?", UNKNOWN
    if choice.repaid_after is not None:
        return choice.mode, count(choice.repaid_after)
    compared = sum(mode.comparable for mode in case.modes) > 1
    return choice.mode, "never" if compared else UNKNOWN if choice.mode else ""


def _short(number: str) -> str:
    return number.replace(" million", "M").replace(" billion", "G").replace(" trillion", "T")


def _cell(column: str, text: str, widths: dict[str, int]) -> Text:
    if column in FIGURES:
        return Text(text.rjust(widths[column]), no_wrap=True)
    return Text(text, no_wrap=True)
