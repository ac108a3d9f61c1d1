"""What takes long is done while the screen goes on: sessions are read from their files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

from bench.number_text import whole_percent
from bench.session.history import Outline
from bench.session.journal_writer import JournalError
from bench.session.recorded import read_session
from bench.session.session import Session

TOLD_EVERY_S = 0.2
"""What takes long is told in parts."""

HANDS_OVER_S = 0.001
"""Python's own 5 ms, several times a frame, are felt under each key while a thread reads."""


@dataclass
class SoFar(Message):
    """So much of what is read by a request has been read, from 0 to 1."""

    share: float
    reading: Request

    def __str__(self) -> str:
        return f"reading {whole_percent(self.share)}"


class UnwantedError(Exception):
    """What is being read is not wanted any more."""


class Request:
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
class Read(Message):
    """A session was read; `look`: to be shown on a screen of its own. `error`: why it could not be."""

    reading: Request
    outline: Outline
    session: Session
    look: bool
    error: str = ""


@dataclass
class BothRead(Message):
    """Two sessions were read, to be compared; `titles` call them. `error`: why they could not be."""

    reading: Request
    sessions: tuple[Session, Session]
    titles: tuple[str, str]
    error: str = ""


def aside(do_it: Callable[[], Message], whom: MessagePump) -> None:
    """Do it in a thread of its own, which is not waited for at the end, and post what comes of it."""
    aside_in_parts(lambda: iter((do_it(),)), whom)


def aside_in_parts(do_it: Callable[[], Iterator[Message]], whom: MessagePump) -> None:
    """As `aside`, for what is posted part by part. What it raises that it should not is a bug of the application's."""
    app = whom.app  # it is there when the one who asked may not be

    def do_all() -> None:
        try:
            with _HASTE:
                for part in do_it():
                    whom.post_message(part)
        except UnwantedError:
            return
        except Exception as error:
            app.call_later(_raise, error)

    Thread(target=copy_context().run, args=(do_all,), name="aside", daemon=True).start()


def _raise(error: Exception) -> None:
    raise error


class _Haste:
    """While any thread is within, Python hands over from one to another every HANDS_OVER_S."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._threads = 0
        self._usual_s = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._threads:
                self._usual_s = sys.getswitchinterval()
                sys.setswitchinterval(HANDS_OVER_S)
            self._threads += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._threads -= 1
            if not self._threads:
                sys.setswitchinterval(self._usual_s)


_HASTE = _Haste()


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


def read_one(outline: Outline, look: bool, reading: Request) -> Read:
    """One session; how far that has come is told where it is to be looked at."""
    try:
        read = read_session(outline.path, reading.tell if look else reading.check)
        return Read(reading, outline, read.session, look)
    except JournalError as error:
        return Read(reading, outline, Session(), look, str(error))


def read_both(one: Outline, other: Outline | None, now: Session, reading: Request) -> BothRead:
    """One session, and another or else the present one; the one begun first comes first."""
    first, second = (one, other) if other is None or one.started_at <= other.started_at else (other, one)
    try:
        before = read_session(first.path, reading.tell).session
        sessions = before, read_session(second.path, reading.tell).session if second else now
    except JournalError as error:
        return BothRead(reading, (now, now), ("", ""), str(error))
    return BothRead(reading, sessions, (first.when, second.when if second else "now"))
