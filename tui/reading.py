"""What takes long is done while the screen goes on: sessions are read from their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Thread
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

from bench.events import PlanFinished
from bench.history import Outline, session_of
from bench.journal import read
from bench.journal_file import JournalError
from bench.session import Session

from .locations import from_home

TOLD_EVERY_S = 0.2
"""What takes long is told in parts."""


class ReadError(Exception):
    """A session that cannot be read, said in one line."""


def aside(do_it: Callable[[], Message], whom: MessagePump) -> None:
    """Do it in a thread of its own, which is not waited for at the end, and post what comes of it."""
    aside_in_parts(lambda: iter((do_it(),)), whom)


def aside_in_parts(do_it: Callable[[], Iterator[Message]], whom: MessagePump) -> None:
    """As `aside`, for what is posted part by part."""

    def do_all() -> None:
        for part in do_it():
            whom.post_message(part)

    Thread(target=do_all, name="aside", daemon=True).start()


def so_far(outlines: Iterable[Outline]) -> Iterator[tuple[Outline, ...]]:
    """All that there is by now, every TOLD_EVERY_S; at last all."""
    found: list[Outline] = []
    told = monotonic()
    for outline in outlines:
        found.append(outline)
        if monotonic() - told >= TOLD_EVERY_S:
            told = monotonic()
            yield tuple(found)
    yield tuple(found)


def read_session(path: Path) -> Session:
    """A session as it was left: what it did not measure to its end is cancelled. Raises ReadError."""
    try:
        session = session_of(read(path), from_home(path))
    except JournalError as error:
        raise ReadError(str(error)) from None
    if session.measuring:
        session.apply(PlanFinished(cancelled=True))
    return session
