"""Two sessions, before and after: each case that both measured, and how each mode has changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Footer, Static

from bench.analysis.comparison import changes_of, sentence
from bench.analysis.pairing import pair_cases
from bench.plan import EVERY_MODE
from bench.session.session import Session

from ...presentation.comparison_text import cells_of, effect_of, hints_about, tally
from ...presentation.result_rows import fit
from ...widgets.drawing.frame import framed
from ...widgets.drawing.plain_text import PlainText, words
from ...widgets.drawing.prose import Prose
from ...widgets.header import Header
from ...widgets.row_table import Column, ListTable
from ..closing import ClosingScreen

BESIDE_THE_ROW = 2


class CompareSessionsScreen(ClosingScreen[None]):
    """A row for each case; below, the changes of the one under the cursor in sentences."""

    CSS_PATH = "compare_sessions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look", "side by side"),
        Binding("escape,c,q", "dismiss(None)", "back", key_display="esc"),
    ]

    def __init__(self, before: Session, after: Session, title: str) -> None:
        super().__init__()
        self._title = title
        self._pairs = pair_cases(before, after)
        self._rows = [cells_of(pair) for pair in self._pairs]

    def compose(self) -> ComposeResult:
        """The rows, what they come to, and sentences."""
        yield Header()
        yield PlainText(tally(self._pairs), id="tally")
        with Container(id="body"):
            yield ListTable(self._cells)
            yield framed(PlainText(id="changes"))
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with the first row."""
        self.query_one(Header).show(f"tfjit  {self._title}", "")
        self.query_one(ListTable).focus()
        self._tell()

    @on(ListTable.Resized)
    def _lay_out(self) -> None:
        table = self.query_one(ListTable)
        names = ("workload", "dims", "dtype", "device", *EVERY_MODE)
        natural = {name: max((len(row.get(name, "")) for row in self._rows), default=0) for name in names}
        natural = {name: max(len(name), width) for name, width in natural.items() if width}
        fitted = fit(natural, table.size.width - BESIDE_THE_ROW)
        table.lay_out([Column(name, name, width) for name, width in fitted.items()], len(self._rows), table.cursor_row)

    def _cells(self, row: int) -> Mapping[str, str]:
        return self._rows[row]

    @on(ListTable.Chosen)
    def _tell(self) -> None:
        panel, row = self.query_one("#changes", Static), self.query_one(ListTable).cursor_row
        panel.display = row < len(self._pairs)
        if row < len(self._pairs):
            pair = self._pairs[row]
            panel.border_title = words(f"what has changed · {self._rows[row]['workload']}")
            sentences = map(sentence, changes_of(pair, effect_of(pair), advice=""))
            panel.update(Prose.of(*sentences, *hints_about(pair)))

    @on(ListTable.Entered)
    def action_look(self) -> None:
        """Show both cases side by side."""
        row = self.query_one(ListTable).cursor_row
        if row < len(self._pairs) and (pair := self._pairs[row]).before and pair.after:
            from .compare_cases import CompareScreen

            self.app.push_screen(CompareScreen(pair.before, pair.after))
