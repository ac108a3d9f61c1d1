"""Earlier sessions: a list to search, and what the one under the cursor found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from bench.events import PlanFinished
from bench.history import History, Outline
from bench.journal import JournalError, read
from bench.session import Session
from bench.verdict import advise

from ..activity import describe_case
from ..messages import GoOn
from ..session_rows import is_wanted, row_of, widths
from ..widgets.header import Header
from ..widgets.results import FilterInput
from ..widgets.results_table import Column, ResultsTable
from .looking_back import Again, LookingBackScreen

PREVIEW_AFTER_S = 0.15
"""A session is read once the cursor has stood on it for so long."""

MOST_PREVIEWED = 4 << 20
"""Of a file with more bytes no more is read than what it measured: figures take a second for so many."""

BESIDE_THE_ROW = 2
"""The space before a row and the scrollbar after it."""


class SessionTable(ResultsTable):
    """A row for each session; a double click is enter."""

    def on_click(self, event: Click) -> None:
        """Look at what was clicked twice."""
        if event.chain == 2:
            self.screen.call_later(self.screen.run_action, "look")


class SessionsScreen(Screen[Again | GoOn | None]):
    """Sessions but the present one, `now`, which is kept at `path`. Answers with what is to be measured, if at all."""

    CSS_PATH = "sessions.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look", "look at it"),
        Binding("g", "go_on", "go on with it"),
        Binding("f,slash", "search", "search", key_display="f"),
        Binding("escape,b,q", "dismiss(None)", "back", key_display="esc"),
    ]

    @dataclass
    class Listed(Message):
        """The sessions were gone through."""

        outlines: tuple[Outline, ...]

    @dataclass
    class Read(Message):
        """A session was read; `look`: to be shown on a screen of its own. `error`: why it could not be."""

        outline: Outline
        session: Session
        look: bool
        error: str = ""

    def __init__(self, history: History, now: Session, path: Path | None) -> None:
        super().__init__()
        self._history = history
        self._now = now
        self._path = path
        self._all: tuple[Outline, ...] = ()
        self._shown: tuple[Outline, ...] = ()
        self._resting: Timer | None = None
        self._awaited: Outline | None = None
        """What is being read to be looked at."""

    def compose(self) -> ComposeResult:
        """The list, and beside or below it what one of them found."""
        yield Header()
        yield FilterInput(placeholder="words such as lstm m=64 bfloat16 2026-11-22", compact=True)
        with Container(id="body"):
            yield SessionTable(self._cells)
            yield Static(id="preview", markup=False).add_class("panel")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Go through the sessions."""
        self._say("reading…")
        self.query_one(SessionTable).focus()
        self._aside(lambda: self.Listed(tuple(self._history.outlines(but=self._path))))

    def _aside(self, read_it: Callable[[], Message]) -> None:
        """Read in a thread of its own, which is not waited for at the end."""
        Thread(target=lambda: self.post_message(read_it()), name="read-sessions", daemon=True).start()

    def _say(self, state: str) -> None:
        self.query_one(Header).show("tfjit  earlier sessions", state)

    # --- the list -------------------------------------------------------------------------------------------------

    @on(Listed)
    def _take(self, message: Listed) -> None:
        self._all = self._shown = message.outlines
        self._lay_out(0)

    @on(Input.Changed)
    def _search_typed(self, event: Input.Changed) -> None:
        event.stop()
        under_cursor = self._chosen
        self._shown = tuple(outline for outline in self._all if is_wanted(outline, event.value))
        self._lay_out(self._shown.index(under_cursor) if under_cursor in self._shown else 0)

    def on_resize(self) -> None:
        """Lay the list out for the new width."""
        self.call_after_refresh(lambda: self._lay_out(self.query_one(SessionTable).cursor_row))

    def _lay_out(self, cursor: int) -> None:
        table = self.query_one(SessionTable)
        fitted = widths(map(row_of, self._shown), table.size.width - BESIDE_THE_ROW)
        table.lay_out([Column(name, name, width) for name, width in fitted.items()], len(self._shown), cursor)
        shown, total = len(self._shown), len(self._all)
        self._say(f"{total:,}" if shown == total else f"{shown:,} of {total:,}")
        self._preview()

    def _cells(self, row: int) -> Mapping[str, str]:
        return row_of(self._shown[row])

    @property
    def _chosen(self) -> Outline | None:
        row = self.query_one(SessionTable).cursor_row
        return self._shown[row] if row < len(self._shown) else None

    # --- the one under the cursor ---------------------------------------------------------------------------------

    @on(ResultsTable.Chosen)
    def _preview(self) -> None:
        self._awaited = None
        panel, outline = self.query_one("#preview", Static), self._chosen
        if self._resting is not None:
            self._resting.stop()
        panel.display = outline is not None
        if outline is None:
            return
        panel.border_title = f"{outline.when} · {outline.path.stem}"
        if outline.path.stat().st_size > MOST_PREVIEWED:
            panel.update("\n".join(map(describe_case, outline.cases[: panel.size.height])))
        else:
            self._resting = self.set_timer(PREVIEW_AFTER_S, lambda: self._read(outline, look=False))

    def _read(self, outline: Outline, *, look: bool) -> None:
        self._aside(lambda: _read(outline, look))

    @on(Read)
    def _has_read(self, message: Read) -> None:
        if message.outline != self._chosen:
            return
        panel = self.query_one("#preview", Static)
        if message.error:
            panel.update(message.error)
        elif not message.look:
            panel.update(Content("\n").join(_found(message.session, panel.size.height)))
        elif message.outline == self._awaited:
            self._awaited = None
            self._lay_out(self.query_one(SessionTable).cursor_row)
            outline = message.outline
            self.app.push_screen(LookingBackScreen(message.session, outline.path, outline.when, self.dismiss))

    # --- what can be done -----------------------------------------------------------------------------------------

    def action_look(self) -> None:
        """Show the session as it was."""
        if (outline := self._chosen) is not None:
            self._awaited = outline
            self._say("reading…")
            self._read(outline, look=True)

    def action_search(self) -> None:
        """Show only the sessions that have some words."""
        field = self.query_one(FilterInput)
        field.display = True
        field.focus()

    def action_go_on(self) -> None:
        """Go on with the session in place of the one under way."""
        if (outline := self._chosen) is not None:
            self.dismiss(GoOn(outline.path))


def _read(outline: Outline, look: bool) -> SessionsScreen.Read:
    try:
        session = Session(read(outline.path).events)
    except (JournalError, KeyError, ValueError) as error:
        return SessionsScreen.Read(outline, Session(), look, str(error))
    if session.measuring:
        session.apply(PlanFinished(cancelled=True))  # it broke off: what had not ended never will
    return SessionsScreen.Read(outline, session, look)


def _found(session: Session, most: int) -> Iterator[Content]:
    """What was found of each case, in a line or two."""
    for case in session.begun[:most]:
        yield Content.assemble((describe_case(case.case), "bold"), "  ", advise(case).headline)
