"""What takes long is done while the screen goes on: sessions are read from their files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

from bench.history import Outline

TOLD_EVERY_S = 0.2
"""What takes long is told in parts."""


HANDS_OVER_S = 0.001
"""Python's own 5 ms, several times a frame, are felt under each key while a thread reads."""


@dataclass
class SoFar(Message):
    """So much of what is read for one has been read, from 0 to 1."""

    share: float

    def __str__(self) -> str:
        return f"reading {100 * self.share:.0f} %"


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

    def check(self, _share: float = 0.0) -> None:
        """Raise UnwantedError where nobody waits for it."""
        if self._given_up.is_set() or not self._whom.is_running:
            raise UnwantedError

    def tell(self, share: float) -> None:
        """So much has been read. Raises UnwantedError."""
        self.check()
        self._whom.post_message(SoFar(share))


def aside(do_it: Callable[[], Message], whom: MessagePump) -> None:
    """Do it in a thread of its own, which is not waited for at the end, and post what comes of it."""
    aside_in_parts(lambda: iter((do_it(),)), whom)


def aside_in_parts(do_it: Callable[[], Iterator[Message]], whom: MessagePump) -> None:
    """As `aside`, for what is posted part by part."""

    def do_all() -> None:
        try:
            for part in do_it():
                whom.post_message(part)
        except UnwantedError:
            return

    sys.setswitchinterval(HANDS_OVER_S)
    Thread(target=do_all, name="aside", daemon=True).start()


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
