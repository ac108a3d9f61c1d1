"""Where a screen's events come from: the engine, or a recording played again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from ..events import Event
from ..plan import Plan

LONGEST_WAIT_S = 2.0
"""A replay shortens the pauses in which nothing happened."""


class Source(Protocol):
    """A stream of events and the few requests that steer it. Everything but `events` may be called from any thread."""

    def events(self) -> Iterator[Event]:
        """Every event as it happens, until closed. Blocks between them: iterate in a thread."""

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """Measure a plan, in place of the one under way; its cases under these ids, or new ones."""

    def look(self, workload: str, inputs: str, device: str) -> None:
        """Say what code of the user's is, by the event Looked, as soon as nothing is measured."""

    def cancel(self) -> None:
        """Give up the plan under way, within a second."""

    def skip(self) -> None:
        """Give up the case under way, within a second, and go on with the next."""

    def pause(self, *, on: bool) -> None:
        """Begin no other case of the plan (`on`), or go on with it."""

    def close(self) -> None:
        """Give up everything; `events` then ends."""


class Replay:
    """Plays recorded events at `speed` times their own pace (infinity: at once). It measures nothing.

    `share` tells how much of them has been played, from 0 to 1.
    """

    def __init__(self, events: Iterable[Event], speed: float = 1.0, share: Callable[[], float] = lambda: 1.0) -> None:
        self.share = share
        self._events = events
        self._speed = speed
        self._closed = threading.Event()

    def events(self) -> Iterator[Event]:
        """Every recorded event, then nothing until closed."""
        previous = float("inf")
        for event in self._events:
            wait_s = min(max(event.at - previous, 0.0), LONGEST_WAIT_S) / self._speed
            previous = event.at
            if self._closed.wait(wait_s) if wait_s else self._closed.is_set():
                return
            yield event
        self._closed.wait()

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """A recording cannot be asked for more."""

    def look(self, workload: str, inputs: str, device: str) -> None:
        """A recording cannot be asked for more."""

    def cancel(self) -> None:
        """A recording has nothing under way."""

    def skip(self) -> None:
        """A recording has nothing under way."""

    def pause(self, *, on: bool) -> None:
        """A recording has nothing under way."""

    def close(self) -> None:
        """End `events`."""
        self._closed.set()
