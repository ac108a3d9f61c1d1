"""Bring events from the source's thread into the session, here and nowhere else, and have them drawn."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.notifications import SeverityLevel

from bench.engine.source import Source
from bench.events import (
    Calibrated,
    Died,
    Disturbed,
    Estimate,
    Event,
    FarLost,
    Looked,
    MachineState,
    Notice,
    PhaseFinished,
    PlanStarted,
    Round,
    Verified,
)
from bench.session.journal_reader import misfit
from bench.session.session import Session

from ..terminal.tty_status import TtyStatus, end_as_hung_up

if TYPE_CHECKING:
    from ..screens.main.main_screen import MainScreen

QUIET_EVENTS = (Round, Estimate, MachineState, Disturbed, PhaseFinished, Verified, Calibrated)
"""They come often and change figures only."""

FIGURES_EVERY, WORDS_EVERY = 2, 4
"""Of the times when the screen is drawn, in how many figures alone are drawn once, and what is read, not watched."""

NEWS_WITHIN = 4
"""Times to draw: while a worker tells its news more often, figures and words are drawn with them, and not between."""

MOST_EVENTS = 200
"""Events that are taken before keys are heard again; a long recording comes all at once."""

BREATH_S = 0.001
"""Between two parts of many events keys are heard."""

MOST_AHEAD = 10 * MOST_EVENTS
"""A recording is read no further ahead of what has been taken. Whoever measures waits for no screen."""

ERROR_S = 60.0
"""For so long it is told what is being lost: whoever measures for hours is not always looking."""

SEVERITIES: dict[str, SeverityLevel] = {"warning": "warning", "error": "error"}


def listen(source: Source, inbox: Inbox) -> str:
    """Put a source's events into an inbox, until there are no more; what it failed with, if it did."""
    try:
        for event in source.events():
            inbox.put(event, urgent=_is_urgent(event))
    except Exception as failure:
        return f"{type(failure).__name__}: {failure}"
    return ""


class Feed:
    """Brings events into `session` and onto the screen. `waiting`: a plan was asked for that has not begun."""

    def __init__(self, inbox: Inbox, session: Session, screen: MainScreen, line: TtyStatus) -> None:
        self.session = session
        self.waiting = False
        self._inbox = inbox
        self._screen = screen
        self._line = line
        self._repaints, self._figures_drawn, self._words_drawn, self._news_drawn = 0, 0, 0, -NEWS_WITHIN
        """How many times there were to draw; the last in which the figures were drawn, the words, a worker's news."""
        self._is_damaged = False
        """Whether an event has come that does not fit to those before it."""
        self._takes_breath = False
        self._has_answered = False
        """Whether something was drawn at once, in place of the next time."""
        self._outdated, self._has_figures = True, False
        """Whether more than the figures has changed since all was drawn; whether figures have."""

    def repaint(self) -> None:
        """Draw what has changed: this is one of the times when that is done."""
        if self._line.is_cut:
            end_as_hung_up()
        self._repaints += 1
        answered, self._has_answered = self._has_answered, False
        is_all = self._take_all()
        if answered or not self._line.takes_more:
            return
        if is_all and self._outdated:
            self._draw()
        elif self._repaints - self._news_drawn >= NEWS_WITHIN:
            self._draw_figures_and_words(FIGURES_EVERY if is_all else self._repaints, WORDS_EVERY)

    def _draw_figures_and_words(self, figures_every: int, words_every: int) -> None:
        """Draw each if it has not been drawn for so many times."""
        if self._has_figures and self._repaints - self._figures_drawn >= figures_every:
            self._has_figures, self._figures_drawn = False, self._repaints
            self._screen.show_figures()
        if self._repaints - self._words_drawn >= words_every:
            self._words_drawn = self._repaints
            self._screen.show_words()

    def show_news(self) -> None:
        """Draw at once: a worker has told its figures and waits for a frame. The first ones are awaited most."""
        had_figures = self.session.current is not None and self.session.current.rounds > 0
        if not self._take_all() or not self._line.takes_more:
            return
        if not had_figures:
            self.answer()
        elif self._outdated:
            self._draw()
        elif self._repaints > self._news_drawn:  # a recording tells more often than there is to draw
            self._news_drawn = self._repaints
            self._draw_figures_and_words(0, WORDS_EVERY - 1)

    def answer(self) -> None:
        """Draw at once what somebody waits for."""
        self._has_answered = True
        self._draw()

    def _draw(self) -> None:
        self._outdated, self._has_figures = False, False
        self._figures_drawn = self._words_drawn = self._repaints
        self._screen.show(waiting=self.waiting)

    def _take_all(self) -> bool:
        """Fold what has come into the session; whether that was all of it."""
        if self._takes_breath:
            return False
        events = self._inbox.take(MOST_EVENTS)
        for event in events:
            self._take(event)
        self._has_figures |= bool(events)
        self._outdated |= not all(isinstance(event, QUIET_EVENTS) for event in events)
        if len(events) < MOST_EVENTS:
            return True
        gc.freeze()  # results stay to the end, too
        self._takes_breath = True  # there may be more; what is soon outdated is not drawn
        # No timer of Textual's: if the process is held up as one starts, for longer than it waits, it never calls back.
        asyncio.get_running_loop().call_later(BREATH_S, self._screen.call_later, self._take_more)
        return False

    def _take_more(self) -> None:
        self._takes_breath = False
        self._take_all()

    def _take(self, event: Event) -> None:
        try:
            self.session.apply(event)
        except (KeyError, ValueError):
            if not self._is_damaged:  # once: of a damaged recording thousands may follow
                self._is_damaged = True
                why = f"{event.kind} {misfit(event, self.session)}"
                self._screen.notify(f"An event was left out, and others may be: {why}.", severity="warning")
            return
        if isinstance(event, PlanStarted):
            self.waiting = False
            self._screen.begin()
        elif isinstance(event, Looked):
            self._screen.tell(event)
        elif isinstance(event, Died | FarLost):
            self.waiting = False  # the screen says what went wrong, not that it waits
        elif isinstance(event, Notice):
            severity = SEVERITIES.get(event.severity, "information")
            self._screen.notify(event.text, severity=severity, timeout=ERROR_S if severity == "error" else None)


def _is_urgent(event: Event) -> bool:
    """Tell whether to draw it at once: a worker waits after its figures, so that no frame falls into its rounds."""
    return isinstance(event, Estimate)


class Inbox:
    """Events on their way between two threads: filled by one, emptied by the other.

    `tell` is called when something urgent is there, once until it is taken; what is not urgent waits for whoever looks.
    Whoever fills it waits while there are `most` events.
    """

    def __init__(self, tell: Callable[[], object], most: int | None = None) -> None:
        self._tell = tell
        self._most = most
        self._closed = False
        self._has_room = threading.Condition()
        self._events: deque[Event] = deque()
        self._told = threading.Event()

    def put(self, event: Event, *, urgent: bool) -> None:
        """Add an event."""
        if (most := self._most) is not None:
            with self._has_room:
                self._has_room.wait_for(lambda: self._closed or len(self._events) < most)
        self._events.append(event)
        if urgent and not self._told.is_set():
            self._told.set()
            self._tell()

    def take(self, most: int) -> list[Event]:
        """Everything that is there, up to so many events."""
        self._told.clear()  # before looking: what comes from now on is told again
        events: list[Event] = []
        while self._events and len(events) < most:
            events.append(self._events.popleft())
        if self._most is not None:
            with self._has_room:
                self._has_room.notify()
        return events

    def close(self) -> None:
        """Nothing is taken any more: nobody waits for room."""
        with self._has_room:
            self._closed = True
            self._has_room.notify()
