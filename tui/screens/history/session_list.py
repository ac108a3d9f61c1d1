"""Earlier sessions: a list to search, and what the one under the cursor found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from bench.analysis.pairing import has_figures
from bench.analysis.verdict import advise
from bench.printable import printable
from bench.session.history import History, Outline, is_written
from bench.session.session import Session

from ...actions.messages import GoOn, MeasureAgain, Revisited
from ...presentation.session_rows import is_wanted, row_of, state_of, widths
from ...presentation.status_text import describe_case
from ...widgets.drawing.frame import framed
from ...widgets.drawing.plain_text import PlainText, words
from ...widgets.drawing.prose import Prose
from ...widgets.header import Header
from ...widgets.results_panel import FilterInput
from ...widgets.row_table import Column, ListTable
from ..background import aside, aside_in_parts
from ..closing import ClosingScreen
from .compare_sessions import CompareSessionsScreen
from .session_reader import BothRead, ReadRequest, SessionRead, SoFar, read_both, read_one, so_far

MARK = "marked"

NONE_YET = "What you measure is kept, and stands here from the next start on."
NOT_KEPT = "What you measure now is not kept here: e exports it."

PREVIEW_AFTER_S = 0.15
"""A session is read once the cursor has stood on it for so long."""

MOST_PREVIEWED = 16 << 20
"""Of a file with more bytes no more is read than what it measured: figures take a second for so many."""

SOON_READ = 1 << 20
"""Of a file with more bytes what it measured is shown until the figures are read."""

BESIDE_THE_ROW = 2
"""The space before a row and the scrollbar after it."""


class SessionsScreen(ClosingScreen[MeasureAgain | GoOn | None]):
    """Sessions but the present one, `now`, which is kept at `path`. Answers with what is to be measured, if at all."""

    CSS_PATH = "session_list.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look", "look"),
        Binding("c", "compare", "compare"),
        Binding("space", "mark", "mark", key_display="space"),
        Binding("o", "go_on", "go on"),
        Binding("f", "search", "search"),
        Binding("slash", "search", show=False),
        Binding("escape,b,q", "dismiss(None)", "back", key_display="esc"),
    ]

    @dataclass
    class Listed(Message):
        """The sessions were gone through, so far, or to the end."""

        outlines: tuple[Outline, ...]
        to_the_end: bool

    def __init__(self, history: History, now: Session, path: Path | None) -> None:
        super().__init__()
        self._history = history
        self._now = now
        self._path = path
        self._all: tuple[Outline, ...] = ()
        self._shown: tuple[Outline, ...] = ()
        self._has_listed = False
        self._marked: Outline | None = None
        """What others are compared with, in place of the present session."""
        self._resting: Timer | None = None
        self._awaited: Outline | None = None
        """What is being read to be looked at or compared: in the header's words."""
        self._reading = ReadRequest(self)

    def compose(self) -> ComposeResult:
        """The list, and beside or below it what one of them found."""
        yield Header()
        yield FilterInput(placeholder="words such as lstm m=64 bfloat16 2026-11-22", compact=True)
        with Container(id="body"):
            yield ListTable(self._cells)
            yield framed(PlainText(id="preview"))
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Go through the sessions."""
        self._say("reading…")
        self.query_one(ListTable).focus()
        outlines = self._history.outlines(but=self._path)
        aside_in_parts(lambda: starmap(self.Listed, so_far(outlines)), self)

    def _say(self, state: str) -> None:
        self.query_one(Header).show("tfjit  earlier sessions", state)

    # --- the list -------------------------------------------------------------------------------------------------

    @on(Listed)
    def _take(self, message: Listed) -> None:
        self._all, self._has_listed = message.outlines, message.to_the_end
        self._search()

    @on(Input.Changed)
    def _search_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._search()

    def _search(self) -> None:
        under_cursor, words = self._chosen, self.query_one(FilterInput).value
        self._shown = tuple(outline for outline in self._all if is_wanted(outline, words))
        self._lay_out(self._shown.index(under_cursor) if under_cursor in self._shown else 0)

    @on(ListTable.Resized)
    def _lay_out_anew(self) -> None:
        self._lay_out(self.query_one(ListTable).cursor_row)

    def _lay_out(self, cursor: int) -> None:
        table = self.query_one(ListTable)
        rows = [self._cells(row) for row in range(len(self._shown))]
        fitted = widths(rows, table.size.width - BESIDE_THE_ROW)
        table.lay_out([Column(name, name, width) for name, width in fitted.items()], len(self._shown), cursor)
        self._preview()
        if self._awaited is None:
            self._say_how_many()

    def _say_how_many(self) -> None:
        shown, total = len(self._shown), len(self._all)
        number = f"{total:,}" if shown == total else f"{shown:,} of {total:,}"
        self._say((number if total else "none yet") if self._has_listed else f"{number} · reading…")

    def _cells(self, row: int) -> Mapping[str, str]:
        outline = self._shown[row]
        mark = MARK if outline == self._marked else ""
        return {**row_of(outline), "state": f"{mark} {state_of(outline)}".strip()}

    @property
    def _chosen(self) -> Outline | None:
        row = self.query_one(ListTable).cursor_row
        return self._shown[row] if row < len(self._shown) else None

    # --- the one under the cursor ---------------------------------------------------------------------------------

    @on(ListTable.Chosen)
    def _preview(self) -> None:
        panel, outline = self.query_one("#preview", Static), self._chosen
        if outline is not None and outline == self._awaited:
            return
        self._give_up()
        panel.display = outline is not None or (self._has_listed and not self._all)
        if outline is None:
            panel.border_title = ""
            panel.update(NONE_YET if self._history.keeps(self._path) else NOT_KEPT)
            return
        panel.border_title = words(f"{outline.when} · {outline.path.stem}")
        if outline.bytes > SOON_READ:
            panel.update("\n".join(map(describe_case, outline.cases[: panel.size.height])))
        if outline.bytes <= MOST_PREVIEWED:
            self._resting = self.set_timer(PREVIEW_AFTER_S, lambda: self._read(outline, look=False))

    def _give_up(self) -> None:
        """Nobody waits any more for what is being read, or soon would have been."""
        self._reading.give_up()
        if self._resting is not None:
            self._resting.stop()
        if self._awaited is not None:
            self._awaited = None
            self._say_how_many()

    def _request(self, awaited: Outline | None) -> ReadRequest:
        """For the one thing that is read from here on."""
        self._give_up()
        if awaited is not None:
            self._awaited = awaited
            self._say("reading…")
        self._reading = ReadRequest(self)
        return self._reading

    def _read(self, outline: Outline, *, look: bool) -> None:
        reading = self._request(outline if look else None)
        aside(lambda: read_one(outline, look, reading), self)

    @on(SoFar)
    def _tell_how_far(self, message: SoFar) -> None:
        if message.reading.is_wanted:
            self._say(str(message))

    @on(SessionRead)
    def _has_read(self, message: SessionRead) -> None:
        if not message.reading.is_wanted:
            return
        self._give_up()
        panel, outline = self.query_one("#preview", Static), message.outline
        panel.update(message.error or Prose.of(*_found(message.session, panel.size.height)))
        if message.look and not message.error:
            self.post_message(Revisited(message.session, outline.path, outline.when, self.dismiss))

    # --- what can be done -----------------------------------------------------------------------------------------

    @on(ListTable.Entered)
    def action_look(self) -> None:
        """Show the session as it was."""
        if (outline := self._chosen) is not None:
            self._read(outline, look=True)

    def action_search(self) -> None:
        """Show only the sessions that have some words."""
        field = self.query_one(FilterInput)
        field.display = True
        field.focus()

    def action_mark(self) -> None:
        """Compare others with this session, or with the present one again."""
        self._marked = None if self._marked == self._chosen else self._chosen
        self._lay_out_anew()

    def action_compare(self) -> None:
        """Hold the session against the marked one, or else against the present one."""
        chosen, marked = self._chosen, self._marked
        if chosen is None:
            return
        if marked is None and not any(map(has_figures, self._now.begun)):
            self.notify("Nothing is measured in the present session yet: space marks another to compare with.")
        elif marked == chosen:
            self.notify("This one is marked: put the cursor on another to compare it with.")
        else:
            reading = self._request(chosen)
            aside(lambda: read_both(chosen, marked, self._now, reading), self)

    @on(BothRead)
    def _has_read_both(self, message: BothRead) -> None:
        if not message.reading.is_wanted:
            return
        self._give_up()
        self._preview()
        if message.error:
            self.notify(message.error, severity="error")
        elif self.is_active:
            self.app.push_screen(CompareSessionsScreen(*message.sessions, " → ".join(message.titles)))

    def action_go_on(self) -> None:
        """Go on with the session in place of the one under way."""
        if (outline := self._chosen) is None:
            return
        if is_written(outline.path):
            self.notify("It is open in another process: end that first.", severity="warning")
        else:
            self.dismiss(GoOn.with_session(outline))


def _found(session: Session, most: int) -> Iterator[Content]:
    """What was found of each case, in a line or two."""
    for case in session.begun[:most]:
        yield Content.assemble((printable(describe_case(case.case)), "bold"), "\n", printable(advise(case).headline))
