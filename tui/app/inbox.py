"""Events on their way from the source's thread to the event loop: many events, few messages."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.events import Event


class Inbox:
    """Filled by one thread, emptied by another. `tell` is called when something urgent is there, once until it is
    taken; what is not urgent waits for whoever looks. Where so many are there as `most`, whoever fills it waits.
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
