"""Add rows to a CSV, which other processes may be adding rows to at the same time."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from ..files.atomic_write import encoded, replace, write_all
from .earlier_export import HEAD_BYTES, header_of

MODE = 0o666
"""Permissions of a new file, before the umask."""

Key = tuple[str, ...] | None


class ColumnsDifferError(Exception):
    """The file has other columns than the rows: which one differs, in one line."""


def check_columns(path: Path, columns: Sequence[str]) -> None:
    """Raise ColumnsDifferError unless rows of these columns can be added to a file; OSError."""
    with path.open("rb") as file:
        _check_head(file.read(HEAD_BYTES), columns)


@dataclass(frozen=True)
class Added:
    """Counts of the rows that met rows of the file.

    `known`: rows that the file had already. `replaced`: rows of the same case and mode that are out of date, such as
    that of a cancelled case. `torn`: the last line had no end, so its row may be incomplete.
    """

    known: int = 0
    replaced: int = 0
    torn: bool = False


def add_rows(text: str, path: Path) -> Added:
    """Add the rows of a CSV to a file that has the same header; one that does not exist, or is empty, gets the header.

    A case and mode of a session have one row, the latest. The file is locked meanwhile, and what could not be added as
    a whole is taken back. Raises ColumnsDifferError, OSError.
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    with contextlib.closing(_Locked(path)) as file:
        before = file.read()
        if not before:
            file.append(encoded(_as_csv([header, *rows], "\r\n")))
            return Added()
        _check_head(before[:HEAD_BYTES], header)
        line_end = "\n" if b"\n" in before[:HEAD_BYTES] and b"\r\n" not in before[:HEAD_BYTES] else "\r\n"
        kept, known, replaced = _kept(before, header, rows)
        missing = encoded(_as_csv([row for row in rows if _key(header, row) not in known], line_end))
        if replaced:
            replace(_completed(kept, line_end) + missing, path, lambda _: True)
        elif missing:
            file.append(_completed(kept, line_end)[len(before) :] + missing)
        return Added(len(known), replaced, not before.endswith(b"\n"))


def _kept(before: bytes, header: list[str], rows: Sequence[list[str]]) -> tuple[bytes, set[Key], int]:
    """Return a file's content without rows that are out of date, the keys of those up to date, and how many are not."""
    latest = {key: row for row in rows if (key := _key(header, row)) is not None}
    known: set[Key] = set()
    kept, replaced = [], 0
    for line, row in _records(before.decode(errors="surrogateescape")):
        key = _key(header, row)
        if key in latest and (row != latest[key] or key in known):
            replaced += 1
            continue
        if key in latest:
            known.add(key)
        kept.append(line)
    return "".join(kept).encode(errors="surrogateescape"), known, replaced


def _records(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of a CSV, as it is written and as cells."""
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            read.append(line)
            yield line

    for row in csv.reader(lines()):
        yield "".join(read), row
        read.clear()


def _key(header: Sequence[str], row: Sequence[str]) -> Key:
    """Return what only one row may have: sessions, cases and mode; None for a row that is not whole or has none."""
    cells = dict(zip(header, row, strict=False)) if len(row) == len(header) else {}
    sessions = tuple(cell for name, cell in cells.items() if name.endswith("session_id"))
    cases = tuple(cell for name, cell in cells.items() if name.endswith("case_id"))
    return (*sessions, *cases, cells.get("mode", "")) if sessions and all(sessions) else None


def _completed(content: bytes, line_end: str) -> bytes:
    """Return a CSV's content with an end of its last line; an open quote would take in the rows that follow."""
    if content.endswith(b"\n"):
        return content
    last = content[content.rfind(b"\n") + 1 :].decode(errors="replace")
    try:
        list(csv.reader([last], strict=True))
    except csv.Error:
        content += b'"'
    return content + line_end.encode()


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

    def read(self) -> bytes:
        with open(self.descriptor, "rb", closefd=False) as file:
            return file.read()

    def append(self, data: bytes) -> None:
        """Write all of it, or nothing. Raises OSError."""
        size = os.fstat(self.descriptor).st_size
        try:
            write_all(self.descriptor, data)
            os.fsync(self.descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self.descriptor, size)
            raise

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
