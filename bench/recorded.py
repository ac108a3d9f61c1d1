"""A session as its file has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from .events import PlanFinished
from .journal import JournalError, Reading
from .session import Session

TOLD_EVERY_S = 0.25
"""How far it has come with a large file."""

LOOKS_EVERY = 500
"""Events between two looks at the clock."""


@dataclass(frozen=True)
class Recorded:
    """A session, and in `notices` what is missing from its file."""

    session: Session
    notices: tuple[str, ...] = ()


def read_session(path: Path, tell: Callable[[float], object] = lambda _: None, *, ended: bool = True) -> Recorded:
    """The session of a file; `ended`: what it had not measured to its end is cancelled, as it never will be.

    `tell` hears what share of the file has been read; what it raises gives up the reading. Raises JournalError.
    """
    reading, session, told = Reading(path), Session(), monotonic()
    try:
        for number, event in enumerate(reading):
            session.apply(event)
            if number % LOOKS_EVERY == 0 and monotonic() - told >= TOLD_EVERY_S:
                tell(reading.share)
                told = monotonic()
    except (KeyError, ValueError) as error:
        raise JournalError(f"{path}: its events do not fit together: {error}") from None
    if ended and session.measuring:
        session.apply(PlanFinished(cancelled=True))
    return Recorded(session, tuple(reading.notices))
