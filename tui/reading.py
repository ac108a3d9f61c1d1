"""Sessions that are read from their files while the screen goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

from textual.message import Message
from textual.message_pump import MessagePump

from bench.events import PlanFinished
from bench.journal import JournalError, read
from bench.session import Session


class ReadError(Exception):
    """A session that cannot be read, said in one line."""


def aside(read_it: Callable[[], Message], whom: MessagePump) -> None:
    """Read in a thread of its own, which is not waited for at the end, and post what comes of it."""
    Thread(target=lambda: whom.post_message(read_it()), name="read-sessions", daemon=True).start()


def read_session(path: Path) -> Session:
    """A session as it was left: what it did not measure to its end is cancelled. Raises ReadError."""
    try:
        session = Session(read(path).events)
    except JournalError as error:
        raise ReadError(str(error)) from None
    except (KeyError, ValueError) as error:
        raise ReadError(f"{path}: its events do not fit together: {error}") from None
    if session.measuring:
        session.apply(PlanFinished(cancelled=True))
    return session
