"""Read sessions from their files while the screen goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Event
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

from bench.number_text import whole_percent
from bench.session.history import Outline
from bench.session.journal_reader import read_session
from bench.session.journal_writer import JournalError
from bench.session.session import Session

from ..background import UnwantedError

TOLD_EVERY_S = 0.2
"""What takes long is told in parts."""


@dataclass
class SoFar(Message):
    """So much of what is read by a request has been read, from 0 to 1."""

    share: float
    reading: ReadRequest

    def __str__(self) -> str:
        return f"reading {whole_percent(self.share)}"


class ReadRequest:
    """Something to be read for one, who hears how far that has come, until it is given up or the one is gone."""

    def __init__(self, whom: MessagePump) -> None:
        self._whom = whom
        self._given_up = Event()

    def give_up(self) -> None:
        """End the reading, soon."""
        self._given_up.set()

    @property
    def is_wanted(self) -> bool:
        """Whether someone waits for it: what was posted before it was given up may still come after."""
        return self._whom.is_running and not self._given_up.is_set()

    def check(self, _share: float = 0.0) -> None:
        """Raise UnwantedError where nobody waits for it."""
        if not self.is_wanted:
            raise UnwantedError

    def tell(self, share: float) -> None:
        """So much has been read. Raises UnwantedError."""
        self.check()
        self._whom.post_message(SoFar(share, self))


@dataclass
class SessionRead(Message):
    """A session was read; `look`: to be shown on a screen of its own. `error`: why it could not be."""

    reading: ReadRequest
    outline: Outline
    session: Session
    look: bool
    error: str = ""


@dataclass
class BothRead(Message):
    """Two sessions were read, to be compared; `titles` call them. `error`: why they could not be."""

    reading: ReadRequest
    sessions: tuple[Session, Session]
    titles: tuple[str, str]
    error: str = ""


def so_far(outlines: Iterable[Outline]) -> Iterator[tuple[tuple[Outline, ...], bool]]:
    """All that there is by now, every TOLD_EVERY_S; at last all, and only then true."""
    found: list[Outline] = []
    told = monotonic()
    for outline in outlines:
        found.append(outline)
        if monotonic() - told >= TOLD_EVERY_S:
            told = monotonic()
            yield tuple(found), False
    yield tuple(found), True


def read_one(outline: Outline, look: bool, reading: ReadRequest) -> SessionRead:
    """One session; how far that has come is told where it is to be looked at."""
    try:
        read = read_session(outline.path, reading.tell if look else reading.check)
        return SessionRead(reading, outline, read.session, look)
    except JournalError as error:
        return SessionRead(reading, outline, Session(), look, str(error))


def read_both(one: Outline, other: Outline | None, now: Session, reading: ReadRequest) -> BothRead:
    """One session, and another or else the present one; the one begun first comes first."""
    first, second = (one, other) if other is None or one.started_at <= other.started_at else (other, one)
    try:
        before = read_session(first.path, reading.tell).session
        sessions = before, read_session(second.path, reading.tell).session if second else now
    except JournalError as error:
        return BothRead(reading, (now, now), ("", ""), str(error))
    return BothRead(reading, sessions, (first.when, second.when if second else "now"))
