"""A session as a file: one event a line, kept as they happen and read again later.

Each session has a file of its own, under a name that no other has, so no lock is needed: homes are often on NFS.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .events import CaseFinished, Event, Notice, PlanFinished, to_line
from .wire import WireError, read_line

SUFFIX = ".jsonl"
"""Of a session's file."""

CLOSE_WAIT_S = 2.0
"""A disk that hangs may keep a closing journal this long."""


LAST_BLOCK = 1 << 16
"""Of a file so much is read first, to find its last line."""


class JournalError(Exception):
    """A session file that cannot be written or read, said in one line."""


def new_session_id() -> str:
    """A name that no other session has: sorts by time, is safe in a file's name."""
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.urandom(4).hex()}"


class Journal:
    """Writes one session's events to a file. Used by one thread; the disk is waited for by another.

    The file is a new one; `go_on`: one that is there, without its last line where that was cut short.
    """

    def __init__(self, path: Path, *, go_on: bool = False) -> None:
        self.path = path
        try:
            if not go_on and path.exists():
                raise JournalError(f"{path} exists already: a session never writes over a file")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | (0 if go_on else os.O_CREAT | os.O_EXCL), 0o644)
            self._lock()
            self._size = 0
            if go_on:
                self._mend_last_line()
        except OSError as error:
            what = "go on with" if go_on else "create"
            raise JournalError(f"cannot {what} the session file {path}: {error.strerror}") from None
        self._ended = False
        self._trouble: OSError | None = None
        self._wake = threading.Event()
        self._closing = False
        self._syncer = threading.Thread(target=self._sync_when_asked, name="journal-sync", daemon=True)
        self._syncer.start()

    def append(self, event: Event) -> None:
        """Write an event. The first failure raises JournalError and ends the file: what comes later is not written.

        A file with a gap would tell another story than the session did.
        """
        if self._ended:
            return
        line = to_line(event).encode() + b"\n"
        try:
            if self._trouble:
                raise self._trouble
            written = os.write(self._fd, line)
            while written < len(line):  # a disk that is nearly full takes a part, then refuses
                written += os.write(self._fd, line[written:])
        except OSError as error:
            self._ended = True
            self._cut(self._size)
            raise JournalError(f"the session file {self.path} ends here: {error.strerror}") from None
        self._size += len(line)

    def sync(self) -> None:
        """Have what was written brought to the disk, without waiting for it."""
        self._wake.set()

    def close(self) -> None:
        """Bring everything to the disk and close the file."""
        self._ended = self._closing = True
        self._wake.set()
        self._syncer.join(CLOSE_WAIT_S)

    def _lock(self) -> None:
        """Keep two processes from going on with one session; where a file system has no locks, nothing does."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._fd)
            raise JournalError(f"{self.path} is being written by another process") from None
        except OSError:
            pass

    def _mend_last_line(self) -> None:
        """Complete a last line that lacks no more than its end; cut away one that does."""
        self._size, last = _last_line(self.path)
        if not last:
            return
        try:
            read_line(last)
        except WireError:
            self._size -= len(last)
            os.ftruncate(self._fd, self._size)
        else:
            self._size += os.write(self._fd, b"\n")

    def _cut(self, size: int) -> None:
        """Leave no half line behind, if the file lets us."""
        try:
            os.ftruncate(self._fd, size)
        except OSError:
            return  # then the reader reports a torn last line

    def _sync_when_asked(self) -> None:
        while not self._closing:
            self._wake.wait()
            self._wake.clear()
            self._sync_once()
        os.close(self._fd)

    def _sync_once(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as error:  # NFS tells here, and not before, that a write failed
            self._trouble = error


def _last_line(path: Path) -> tuple[int, bytes]:
    """How many bytes a file has, and those after its last newline."""
    with path.open("rb") as file:
        size, block = os.fstat(file.fileno()).st_size, LAST_BLOCK
        while True:
            start = file.seek(max(0, size - block))
            _, newline, last = file.read().rpartition(b"\n")
            if newline or start == 0:
                return size, last
            block *= 8


class Keeper:
    """Writes events to a journal, if there is one, until that fails."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal

    def keep(self, event: Event) -> Notice | None:
        """Write an event, and bring it to the disk where it ends a case or a plan. Returns what to say of a failure."""
        if self._journal is None:
            return None
        try:
            self._journal.append(event)
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
    notice. Raises JournalError, at the line that is no event too.
    """

    def __init__(self, path: Path) -> None:
        self.notices: list[str] = []
        self._path = path
        self._read = 0
        with _telling(path):
            self._file = path.open("rb")
            self._size = os.fstat(self._file.fileno()).st_size

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(self._read / self._size, 1.0) if self._size else 1.0

    def __iter__(self) -> Iterator[Event]:
        with self._file, _telling(self._path):
            yield from self._events(self._counted())

    def _counted(self) -> Iterator[bytes]:
        for line in self._file:
            self._read += len(line)
            yield line

    def _events(self, lines: Iterable[bytes]) -> Iterator[Event]:
        found = False
        for number, line in enumerate(lines, 1):
            try:
                event = read_line(line)
            except WireError as error:
                if line.endswith(b"\n"):
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
