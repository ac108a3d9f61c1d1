"""Add rows to a CSV, which other processes may be adding rows to at the same time."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from .earlier import HEAD_BYTES, header_of
from .files import encoded, write_all

MODE = 0o666
"""Permissions of a new file, before the umask."""


class ColumnsDifferError(Exception):
    """The file has other columns than the rows: which one differs, in one line."""


def check_columns(path: Path, columns: Sequence[str]) -> None:
    """Raise ColumnsDifferError unless rows of these columns can be added to a file; OSError."""
    with path.open("rb") as file:
        _check_head(file.read(HEAD_BYTES), columns)


def add_rows(text: str, path: Path) -> None:
    """Add the rows of a CSV to a file that has the same header; one that does not exist, or is empty, gets the header.

    The file is locked meanwhile, and what could not be added as a whole is taken back. Raises ColumnsDifferError,
    OSError.
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    with contextlib.closing(_Locked(path)) as file:
        size = file.size
        head = os.pread(file.descriptor, HEAD_BYTES, 0)
        if size:
            _check_head(head, header)
        line_end = "\n" if b"\n" in head and b"\r\n" not in head else "\r\n"
        torn = size and os.pread(file.descriptor, 1, size - 1) != b"\n"
        added = (line_end if torn else "") + _as_csv(rows if size else [header, *rows], line_end)
        try:
            write_all(file.descriptor, encoded(added))
            os.fsync(file.descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(file.descriptor, size)
            raise


class _Locked:
    """A file open to be added to, by one process at a time. Where the file system has no locks, by any."""

    def __init__(self, path: Path) -> None:
        while True:
            self.descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, MODE)
            with contextlib.suppress(OSError):
                fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            if self._is_at(path):
                return
            self.close()  # another file was put in its place while the lock was waited for

    @property
    def size(self) -> int:
        return os.fstat(self.descriptor).st_size

    def close(self) -> None:
        os.close(self.descriptor)

    def _is_at(self, path: Path) -> bool:
        try:
            return os.path.samestat(os.fstat(self.descriptor), path.stat())
        except FileNotFoundError:
            return False


def _check_head(head: bytes, columns: Sequence[str]) -> None:
    found = header_of(head.decode("utf-8-sig", errors="replace")) if head else list(columns)
    for number, (theirs, ours) in enumerate(zip_longest(found, columns), 1):
        if theirs == ours:
            continue
        if theirs is None:
            raise ColumnsDifferError(f"it has no column {ours!r}")
        if ours is None:
            raise ColumnsDifferError(f"it has a column {theirs!r} that the results lack")
        raise ColumnsDifferError(f"its column {number} is {theirs!r}, that of the results {ours!r}")


def _as_csv(rows: Sequence[Sequence[str]], line_end: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=line_end).writerows(rows)
    return out.getvalue()
