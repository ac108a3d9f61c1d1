"""Tell what becomes of an old implementation's modes under their own names: `graph` becomes `old-graph`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from ...events import Event, Verified
from ...implementations import old
from ...plan import MODES
from ..channel import Log


class Telling(Protocol):
    """Takes the events of a job, and tells it when to stop."""

    @property
    def log(self) -> Log:
        """Return the worker's log."""

    def emit(self, event: Event) -> None:
        """Tell an event."""

    def running(self, mode: str) -> None:
        """Tell which mode is at work."""

    def stop_requested(self) -> bool:
        """Tell whether to give up the case under way."""

    def hold(self) -> None:
        """Hold events back."""

    def release(self) -> None:
        """Tell what was held back, and what follows at once."""


class OldChannel:
    """A channel for the job of an old implementation, which knows its modes by their plain names."""

    def __init__(self, channel: Telling) -> None:
        self._channel = channel

    @property
    def log(self) -> Log:
        """Return the worker's log."""
        return self._channel.log

    def emit(self, event: Event) -> None:
        """Write an event of the old implementation's."""
        changes: dict[str, Any] = {}
        if mode := getattr(event, "mode", ""):
            changes["mode"] = old(mode)
        if isinstance(event, Verified) and event.reference in MODES:
            changes["reference"] = old(event.reference)
        self._channel.emit(replace(event, **changes) if changes else event)

    def running(self, mode: str) -> None:
        """Tell the supervisor which of its modes is at work."""
        self._channel.running(old(mode) if mode else "")

    def stop_requested(self) -> bool:
        """Tell whether to give up the case under way."""
        return self._channel.stop_requested()

    def hold(self) -> None:
        """Hold events back."""
        self._channel.hold()

    def release(self) -> None:
        """Tell what was held back, and what follows at once."""
        self._channel.release()
