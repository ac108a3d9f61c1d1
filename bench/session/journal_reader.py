"""A session as a file: its events kept as they happen, and read again later."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..events import CaseFinished, Event, FarEvent, Notice, PlanFinished, PlanStarted, to_line
from .journal_writer import Journal, JournalError
from .limits import MOST_CASES, MOST_FARS, MOST_VALUES
from .session_file import check_lines, lines_of, open_session_file
from .wire import WireError, read_checked


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


class Reading:
    """The events of a session file, in their order, as they are read; of these it keeps none.

    `notices` say what is missing from the file, once all of it has been read. Kinds that a newer version wrote are
    skipped. A last line that was cut short (the writer was killed, the disk was full) costs that event and gives a
    notice. What is written to the file meanwhile is not read. Raises JournalError, at the line that is no event too.
    """

    def __init__(self, path: Path) -> None:
        self.notices: list[str] = []
        self._path = path
        self._read = 0
        with _telling(path):
            self._file = open_session_file(path)
            self._size = os.fstat(self._file.fileno()).st_size

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(self._read / self._size, 1.0) if self._size else 1.0

    def __iter__(self) -> Iterator[Event]:
        with self._file, _telling(self._path):
            check_lines(self._file, self._size, self._path)
            yield from self._events(self._counted())

    def _counted(self) -> Iterator[bytes]:
        for line in lines_of(self._file, self._size, self._path):
            self._read += len(line)
            yield line

    def _events(self, lines: Iterable[bytes]) -> Iterator[Event]:
        found, counts = False, _Counts()
        for number, line in enumerate(lines, 1):
            try:
                event = read_checked(line)
                counts.take(event)
            except WireError as error:
                if self._read < self._size or line.endswith(b"\n"):
                    what = f", line {number}: {error}" if found else f" is not a session file (line {number}: {error})"
                    raise JournalError(f"{self._path}{what}") from None
                self.notices.append(f"the last line of {self._path} was cut short: its event is lost")
            else:
                if event is not None:
                    found = True
                    yield event
        if not self._read:
            raise JournalError(f"{self._path} is empty: nothing was recorded")
        if not found:
            raise JournalError(f"{self._path} is not a session file: it holds no event")


class _Counts:
    """Checks what a whole file may hold: so many cases, notices and far sides, and each measured case once.

    The limits are of files alone: a session that is being measured goes on.
    """

    def __init__(self) -> None:
        self._planned = self._notices = 0
        self._measured: set[str] = set()
        self._fars: set[str] = set()

    def take(self, event: Event | None) -> None:
        """Take in an event. Raises WireError if it is one too many, or a plan contains an id that it must not."""
        if isinstance(event, Notice):
            self._notices += event.severity != "log"  # of which a session keeps none
            if self._notices > MOST_VALUES:
                raise WireError(f"notice: more than {MOST_VALUES:,} notices")
        elif isinstance(event, FarEvent):
            self._fars.add(event.far)
            if len(self._fars) > MOST_FARS:
                raise WireError(f"{event.kind}: more than {MOST_FARS} far sides")
        elif isinstance(event, CaseFinished) and not (event.cancelled or event.abandoned):
            self._measured.add(event.case_id)
        elif isinstance(event, PlanStarted):
            self._planned += len(event.case_ids)
            if self._planned > MOST_CASES:
                raise WireError(f"plan_started: more than {MOST_CASES:,} cases")
            if again := self._measured.intersection(event.case_ids):
                raise WireError(f"plan_started: case {min(again)} is planned again, though it was measured")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Tell in one line that a file cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise JournalError(f"there is no file {path}") from None
    except OSError as error:
        raise JournalError(f"cannot read {path}: {error.strerror}") from None


@dataclass(frozen=True)
class Recording:
    """All that a session file holds. `notices` say what is missing from it."""

    events: tuple[Event, ...]
    notices: tuple[str, ...] = ()


def read(path: Path) -> Recording:
    """All events of a session file at once, as `Reading` has them. Raises JournalError."""
    reading = Reading(path)
    return Recording(tuple(reading), tuple(reading.notices))
