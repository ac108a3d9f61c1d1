"""What the source tells: folded into the session, here and nowhere else, and drawn by the main screen."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual.notifications import SeverityLevel

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
from bench.session import Session
from bench.source import Source

from .inbox import Inbox
from .line import Line, end_as_hung_up

if TYPE_CHECKING:
    from .screens.main import MainScreen

QUIET_EVENTS = (Round, Estimate, MachineState, Disturbed, PhaseFinished, Verified, Calibrated)
"""They come often and change figures only: they wait for the next of the times when the figures are drawn."""

MOST_EVENTS = 500
"""Events that are taken before keys are heard again; a long recording comes all at once."""

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

    def __init__(self, inbox: Inbox, session: Session, screen: MainScreen, line: Line) -> None:
        self.session = session
        self.waiting = False
        self._inbox = inbox
        self._screen = screen
        self._line = line
        self._outdated = True
        """Whether more than the figures has changed since all was drawn."""
        self._behind = False
        """Whether figures have come that the line had no room for."""

    def take(self) -> None:
        """Take what has come, and draw what has changed."""
        if self._line.is_cut:
            end_as_hung_up()
        events = self._inbox.take(MOST_EVENTS)
        for event in events:
            self._take(event)
        self._outdated |= not all(isinstance(event, QUIET_EVENTS) for event in events)
        if len(events) == MOST_EVENTS:
            gc.freeze()  # results stay to the end, too
            self._screen.call_later(self.take)  # there may be more; what is soon outdated is not drawn
        elif not self._line.takes_more:
            self._behind |= bool(events)
        elif self._outdated:
            self.draw()
        elif events or self._behind:
            self._behind = False
            self._screen.show_figures()

    def _take(self, event: Event) -> None:
        try:
            self.session.apply(event)
        except (KeyError, ValueError) as error:
            self._screen.notify(f"An event was left out: {event.kind}: {error}", severity="warning")
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

    def draw(self) -> None:
        """Draw all that has changed."""
        self._outdated = False
        self._screen.show(waiting=self.waiting)


def _is_urgent(event: Event) -> bool:
    """Whether to draw it at once: what tells of a step is, and what gives the first bars."""
    return not isinstance(event, QUIET_EVENTS) or (isinstance(event, Estimate) and event.rounds == 1)
