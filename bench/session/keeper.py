"""Keep the events of a session in its file. This imports every event; the file itself does not, and opens sooner."""

from __future__ import annotations

from ..events import CaseFinished, Event, Notice, PlanFinished, to_line
from .journal_writer import Journal, JournalError


class Keeper:
    """Writes events to a journal, if there is one, until that fails."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal

    def keep(self, event: Event) -> Notice | None:
        """Write an event, and bring it to the disk where it ends a case or a plan. Returns what to say of a failure."""
        if self._journal is None:
            return None
        try:
            self._journal.append(to_line(event))
            if isinstance(event, CaseFinished | PlanFinished):
                self._journal.sync()
        except JournalError as error:
            self._journal = None
            return Notice(text=f"{error}; results are kept in memory alone: export them", severity="error")
        return None
