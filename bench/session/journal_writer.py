"""The file of a session: a line an event, each as it is written. It is opened before the first frame of the screen.

Each session has a file of its own, under a name that no other has, so no lock is needed: homes are often on NFS.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import threading
import time
from pathlib import Path

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
    """Writes one session's lines to its file. Used by one thread; the disk is waited for by another.

    The file is a new one; `go_on`: one that is there, without its last line where that was cut short.
    """

    def __init__(self, path: Path, *, go_on: bool = False) -> None:
        self.path = path
        try:
            if not go_on and path.exists():
                raise JournalError(f"{path} exists already: a session never writes over a file")
            if go_on and path.exists() and not path.is_file():
                raise JournalError(f"cannot go on with the session file {path}: it is no regular file")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | (0 if go_on else os.O_CREAT | os.O_EXCL), 0o644)
            self._lock()
            self._size = 0
            if go_on:
                self._mend_last_line()
        except OSError as error:
            what = "go on with" if go_on else "create"
            raise JournalError(f"cannot {what} the session file {path}: {error.strerror}") from None
        self._ended = self._broken = False
        self._trouble: OSError | None = None
        self._wake = threading.Event()
        self._closing = False
        self._syncer = threading.Thread(target=self._sync_when_asked, name="journal-sync", daemon=True)
        self._syncer.start()

    def append(self, text: str) -> None:
        """Write a line. The first failure raises JournalError and ends the file: what comes later is not written.

        A file with a gap would tell another story than the session did.
        """
        if self._ended:
            return
        line = text.encode() + b"\n"
        try:
            if self._trouble:
                raise self._trouble
            written = os.write(self._fd, line)
            while written < len(line):  # a disk that is nearly full takes a part, then refuses
                written += os.write(self._fd, line[written:])
        except OSError as error:
            self._ended = self._broken = True
            self._cut(self._size)
            raise JournalError(f"the session file {self.path} ends here: {error.strerror}") from None
        self._size += len(line)

    def sync(self) -> None:
        """Have what was written brought to the disk, without waiting for it."""
        self._wake.set()

    @property
    def failed(self) -> bool:
        """True if the file is known to lack events of the session."""
        return self._broken or self._trouble is not None

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
            json.loads(last)
        except (ValueError, RecursionError):
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
        self._sync_once()  # what came while the disk was waited for
        os.close(self._fd)

    def _sync_once(self) -> None:
        try:
            os.fsync(self._fd)
            if not self._is_somewhere():
                self._trouble = FileNotFoundError(errno.ENOENT, "it was removed, or another put in its place")
        except OSError as error:  # NFS tells here, and not before, that a write failed
            self._trouble = error

    def _is_somewhere(self) -> bool:
        """Whether the file still has a name. One that was moved has."""
        file = os.fstat(self._fd)
        if file.st_nlink:
            return True
        try:
            return os.path.samestat(file, self.path.stat())  # some file systems count no links
        except OSError:
            return False


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
