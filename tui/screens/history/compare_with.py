"""Asks what a case is to be compared with: the same case measured before, or any other row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import DescendantFocus
from textual.message import Message
from textual.widgets import Input

from bench.analysis.pairing import has_figures, what_is_measured
from bench.session.history import History, Outline
from bench.session.journal_reader import read_session
from bench.session.journal_writer import JournalError
from bench.session.results import CaseResult
from bench.session.session import Session

from ...presentation.comparison_text import Candidate, moment
from ...presentation.status_text import describe_case
from ...widgets.drawing.plain_text import PlainText, words
from ...widgets.results_panel import FilterInput
from ...widgets.row_table import Column, ListTable
from ..background import aside
from ..closing import ModalScreen
from ..dialogs.base import GOES_BACK
from .session_reader import ReadRequest, SoFar

NOTHING_YET = "There is nothing to compare it with yet: measure it again, or something else."
LATER = "Earlier sessions can be read once nothing is measured."

KEYS = f"enter compares · f searches · {GOES_BACK}"
KEYS_OF_SEARCH = "enter goes to the rows · esc shows all again"

WHEN_WIDTH = len("2026-11-22 14:03")


class CounterpartScreen(ModalScreen[CaseResult | None]):
    """What there is to compare `case` with: the same, measured earlier, comes first, then other rows of the session.

    `earlier`: what there is to read, or why nothing can be.
    """

    CSS_PATH = "compare_with.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "choose", "Compare"),
        Binding("f,slash", "search", "Search"),
        Binding("escape,q", "dismiss(None)", "Back"),
    ]

    @dataclass
    class Found(Message):
        """Earlier sessions were gone through."""

        earlier: tuple[Candidate, ...]

    @dataclass
    class Read(Message):
        """The session of a candidate was read; None: `error` says why it could not be."""

        reading: ReadRequest
        case: CaseResult | None
        error: str = ""

    def __init__(self, case: CaseResult, session: Session, earlier: History | str, path: Path | None) -> None:
        super().__init__()
        self._case = case
        self._session = session
        self._earlier = earlier
        self._path = path
        self._all: tuple[Candidate, ...] = ()
        self._shown: tuple[Candidate, ...] = ()
        self._reading = ReadRequest(self)

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = words(f"compare {describe_case(self._case.case)} with")
            dialog.border_subtitle = KEYS
            yield FilterInput(placeholder="words such as lstm m=64 bfloat16 2026-11-22", compact=True)
            yield ListTable(self._cells)
            if isinstance(self._earlier, str):
                yield PlainText(self._earlier, id="later")

    def on_mount(self) -> None:
        """Go through the earlier sessions."""
        self.query_one(ListTable).focus()
        earlier = self._earlier
        if isinstance(earlier, str):
            self._take(self.Found(()))
        else:
            aside(lambda: self.Found(tuple(_alike(self._case, earlier.outlines(but=self._path)))), self)

    @on(Found)
    def _take(self, message: Found) -> None:
        rows = [each for each in reversed(self._session.begun) if each is not self._case and has_figures(each)]
        rows.sort(key=lambda each: _distance(self._case, each))  # stable: of equals, the latest first
        here = [Candidate(moment(each), each.case, each) for each in rows]
        again = sum(not _distance(self._case, each) for each in rows)
        self._all = self._shown = (*here[:again], *message.earlier, *here[again:])
        if self._all:
            self._lay_out()
        else:
            self.app.notify(self._earlier if isinstance(self._earlier, str) else NOTHING_YET)
            self.dismiss(None)

    @on(DescendantFocus)
    def _tell_keys(self) -> None:
        self.query_one("#dialog").border_subtitle = KEYS_OF_SEARCH if isinstance(self.focused, FilterInput) else KEYS

    @on(Input.Changed)
    def _search_typed(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.lower().split()
        texts = [(each, " ".join(each.row.values()).lower()) for each in self._all]
        self._shown = tuple(each for each, text in texts if all(word in text for word in words))
        self._lay_out()

    @on(ListTable.Resized)
    def _lay_out(self) -> None:
        table = self.query_one(ListTable)
        room = max(1, table.size.width - WHEN_WIDTH - 4)
        columns = Column("when", "measured at", WHEN_WIDTH), Column("measured", "what", room)
        table.lay_out(columns, len(self._shown), table.cursor_row)

    def _cells(self, row: int) -> Mapping[str, str]:
        return self._shown[row].row

    def action_search(self) -> None:
        """Show only some."""
        field = self.query_one(FilterInput)
        field.display = True
        field.focus()

    @on(ListTable.Entered)
    def action_choose(self) -> None:
        """Compare with the one under the cursor."""
        row = self.query_one(ListTable).cursor_row
        if row >= len(self._shown):
            return
        chosen = self._shown[row]
        if chosen.outline is None:
            self.dismiss(chosen.result)
        else:
            outline = chosen.outline
            self._reading.give_up()
            self._reading = reading = ReadRequest(self)
            aside(lambda: _read(self._case, outline, reading), self)

    @on(SoFar)
    def _tell_how_far(self, message: SoFar) -> None:
        if message.reading.is_wanted:
            self.query_one("#dialog").border_subtitle = str(message)

    @on(Read)
    def _has_read(self, message: Read) -> None:
        if not message.reading.is_wanted:
            return
        if message.error:
            self.query_one("#dialog").border_subtitle = KEYS
            self.notify(message.error, severity="error")
        else:
            self.dismiss(message.case)


def _alike(case: CaseResult, outlines: Iterable[Outline]) -> Iterator[Candidate]:
    wanted = what_is_measured(case.case)
    for outline in outlines:
        if outline.measured and (alike := next((it for it in outline.cases if what_is_measured(it) == wanted), None)):
            yield Candidate(outline.when, alike, outline=outline)


def _read(case: CaseResult, outline: Outline, reading: ReadRequest) -> CounterpartScreen.Read:
    """The latest case of a session that measured the same and has figures."""
    try:
        cases = read_session(outline.path, reading.tell).session.begun
    except JournalError as error:
        return CounterpartScreen.Read(reading, None, str(error))
    wanted = what_is_measured(case.case)
    alike = [each for each in cases if what_is_measured(each.case) == wanted and has_figures(each)]
    if not alike:
        return CounterpartScreen.Read(reading, None, "It has no figures of this.")
    return CounterpartScreen.Read(reading, alike[-1])


def _distance(case: CaseResult, other: CaseResult) -> int:
    """How unlike another row is: 0 where it measured the same, 1 where the workload is the same."""
    if what_is_measured(case.case) == what_is_measured(other.case):
        return 0
    return 1 if case.case.workload == other.case.workload else 2
