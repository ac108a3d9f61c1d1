"""A session as a file: its events kept as they happen, and read again later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .events import CaseFinished, Event, Notice, PlanFinished, to_line
from .journal_file import Journal, JournalError
from .wire import WireError, read_line


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


@dataclass(frozen=True)
class Recording:
    """What a session file holds. `notices` say what is missing from it."""

    events: tuple[Event, ...]
    notices: tuple[str, ...] = ()


def read(path: Path) -> Recording:
    """The events of a session file; kinds that a newer version wrote are skipped. Raises JournalError.

    A last line that was cut short (the writer was killed, the disk was full) costs that event and gives a notice.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise JournalError(f"there is no file {path}") from None
    except OSError as error:
        raise JournalError(f"cannot read {path}: {error.strerror}") from None
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Recording:
    """The recording in a file's contents; `name` is what errors call the file. Raises JournalError."""
    if not data:
        raise JournalError(f"{name} is empty: nothing was recorded")
    *lines, last = data.split(b"\n")
    events: list[Event] = []
    notices: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            event = read_line(line)
        except WireError as error:
            if not events:
                raise JournalError(f"{name} is not a session file (line {number}: {error})") from None
            raise JournalError(f"{name}, line {number}: {error}") from None
        if event is not None:
            events.append(event)
    if last:
        try:
            event = read_line(last)
        except WireError:
            notices.append(f"the last line of {name} was cut short: its event is lost")
        else:
            events.extend([event] if event is not None else [])
    if not events:
        raise JournalError(f"{name} is not a session file: it holds no event")
    return Recording(tuple(events), tuple(notices))
