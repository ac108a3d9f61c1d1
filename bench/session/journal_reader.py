"""Read the file of a session: its events one by one, or the session that they make."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ..events import CaseFinished, Event, FarEvent, Notice, PlanFinished, PlanStarted
from .journal_writer import JournalError
from .limits import MOST_CASES, MOST_FARS, MOST_VALUES
from .session import Session
from .session_file import check_lines, lines_of, open_session_file
from .wire import WireError, read_checked


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


TOLD_EVERY_S = 0.25
"""How far it has come with a large file."""

LOOKS_EVERY = 500
"""Events between two looks at the clock."""

WHAT_TO_DO = "Lines are missing or were changed: put back a whole copy of the file, or delete it"


@dataclass(frozen=True)
class Recorded:
    """A session, in `notices` what is missing from its file, and the number of its events."""

    session: Session
    notices: tuple[str, ...] = ()
    events: int = 0


def read_session(path: Path, tell: Callable[[float], object] = lambda _: None, *, ended: bool = True) -> Recorded:
    """The session of a file; `ended`: what it had not measured to its end is cancelled, as it never will be.

    `tell` hears what share of the file has been read; what it raises gives up the reading. Raises JournalError.
    """
    reading, session, told, number = Reading(path), Session(), monotonic(), 0
    for number, event in enumerate(reading, 1):
        try:
            session.apply(event)
        except (KeyError, ValueError):
            why = f"event {number} ({event.kind}) {misfit(event, session)}"
            raise JournalError(f"{path} is damaged: {why}. {WHAT_TO_DO}") from None
        if number % LOOKS_EVERY == 0 and monotonic() - told >= TOLD_EVERY_S:
            tell(reading.share)
            told = monotonic()
    if ended and session.measuring:
        session.apply(PlanFinished(cancelled=True))
    return Recorded(session, tuple(reading.notices), number)


def misfit(event: Event, session: Session) -> str:
    """Why an event does not fit to those before it."""
    case_id = getattr(event, "case_id", None)
    if case_id is not None and case_id not in session.cases:
        return f"is about case {case_id}, which no plan before it has"
    return "contradicts those before it"
