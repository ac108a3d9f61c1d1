"""Keep what comes from a far side and is no event."""

from __future__ import annotations

from collections import deque

from ..events import Notice

PROMPT = ">>> "
"""The console that reads the far side's first statement writes this before it."""

QUOTED_LINES, MOST_NOTED_LINES = 5, 200
"""Lines that are quoted when the far side is lost, and kept in the journal."""


class UnparsedOutput:
    """Keeps what comes from a far side and is no event: a login banner, a prompt, or why it could not start.

    The last lines are kept until they are quoted.
    """

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=QUOTED_LINES)
        self._noted = 0

    def take(self, data: bytes) -> Notice | None:
        """Keep a line; the notice that the journal is to have of it, if any."""
        text = data.decode(errors="replace").removeprefix(PROMPT).strip()
        if not text:
            return None
        self._lines.append(text)
        self._noted += 1
        return Notice(text=text, severity="log") if self._noted <= MOST_NOTED_LINES else None

    def quote(self) -> tuple[str, ...]:
        """The last lines; what comes after is another far side's."""
        lines = tuple(self._lines)
        self._lines.clear()
        self._noted = 0
        return lines
