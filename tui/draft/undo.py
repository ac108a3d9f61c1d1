"""The setups before this one, which undo goes back to, and those that it came from."""

from __future__ import annotations

from collections import deque

from .draft import Setup

MOST_STEPS = 100
"""How far back undo goes."""


class UndoHistory:
    """Each change that a person would call one is a step: what is typed into one field without a pause is one."""

    def __init__(self, setup: Setup) -> None:
        self._now = setup
        self._past: deque[Setup] = deque(maxlen=MOST_STEPS)
        self._undone: list[Setup] = []
        self._typed_in = ""

    def note(self, setup: Setup, typed_in: str = "") -> bool:
        """Take in what is set up now, typed into the field of that name if into one; whether that was news."""
        if setup == self._now:
            return False
        if not typed_in or typed_in != self._typed_in:
            self._past.append(self._now)
        elif self._past and self._past[-1] == setup:
            self._past.pop()  # typed over, and back again
            typed_in = ""
        self._now, self._typed_in = setup, typed_in
        self._undone.clear()
        return True

    def pause(self) -> None:
        """What is typed from now on is another step."""
        self._typed_in = ""

    def amend(self, setup: Setup) -> None:
        """Take in what has changed through no doing of the user's: that is no step."""
        self._now = setup

    def back(self) -> Setup | None:
        """The setup before the latest step, which is the latest from then on; None where there is none."""
        if not self._past:
            return None
        self._undone.append(self._now)
        self._now, self._typed_in = self._past.pop(), ""
        return self._now

    def forward(self) -> Setup | None:
        """The setup that was last gone back from, until there is another step; None where there is none."""
        if not self._undone:
            return None
        self._past.append(self._now)
        self._now, self._typed_in = self._undone.pop(), ""
        return self._now
