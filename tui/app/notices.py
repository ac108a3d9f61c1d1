"""Notices, which Textual shows as toasts for some seconds."""

from __future__ import annotations

from time import time

from textual.notifications import Notification

SHORTEST_S = 0.05


class Notice(Notification):
    """A notification whose time left is never negative.

    Textual 8.2 asks whether a notification has expired, and a moment later starts a timer with its time left. If that
    is negative by then, the timer never returns to the event loop and the application hangs.
    """

    @property
    def time_left(self) -> float:
        """Return the seconds until this notice expires, at least `SHORTEST_S`."""
        return max(super().time_left, SHORTEST_S)

    @property
    def has_expired(self) -> bool:
        """Return whether its time is over."""
        return self.raised_at + self.timeout <= time()
