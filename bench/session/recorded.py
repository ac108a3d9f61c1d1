"""A session as its file has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ..events import Event, PlanFinished
from .journal_reader import Reading
from .journal_writer import JournalError
from .session import Session

TOLD_EVERY_S = 0.25
"""How far it has come with a large file."""

LOOKS_EVERY = 500
"""Events between two looks at the clock."""

WHAT_TO_DO = "Lines are missing or were changed: put back a whole copy of the file, or delete it"


@dataclass(frozen=True)
class Recorded:
    """A session, in `notices` what is missing from its file, and the number of its events."""

    session: Session
    notices: tuple[str, ...] = ()
    events: int = 0


def read_session(path: Path, tell: Callable[[float], object] = lambda _: None, *, ended: bool = True) -> Recorded:
    """The session of a file; `ended`: what it had not measured to its end is cancelled, as it never will be.

    `tell` hears what share of the file has been read; what it raises gives up the reading. Raises JournalError.
    """
    reading, session, told, number = Reading(path), Session(), monotonic(), 0
    for number, event in enumerate(reading, 1):
        try:
            session.apply(event)
        except (KeyError, ValueError):
            why = f"event {number} ({event.kind}) {misfit(event, session)}"
            raise JournalError(f"{path} is damaged: {why}. {WHAT_TO_DO}") from None
        if number % LOOKS_EVERY == 0 and monotonic() - told >= TOLD_EVERY_S:
            tell(reading.share)
            told = monotonic()
    if ended and session.measuring:
        session.apply(PlanFinished(cancelled=True))
    return Recorded(session, tuple(reading.notices), number)


def misfit(event: Event, session: Session) -> str:
    """Why an event does not fit to those before it."""
    case_id = getattr(event, "case_id", None)
    if case_id is not None and case_id not in session.cases:
        return f"is about case {case_id}, which no plan before it has"
    return "contradicts those before it"
