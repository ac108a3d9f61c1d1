"""Open a session's file for reading, and read its lines, within limits."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .journal_writer import JournalError
from .limits import LONGEST_LINE_BYTES, MOST_FILE_BYTES, MOST_LINES

CHUNK_BYTES = 1 << 20

KINDS = {stat.S_IFDIR: "a directory", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket"}


def open_session_file(path: Path) -> BinaryIO:
    """Open a file to read it as it is now; what comes by a pipe is copied first. Raises OSError, JournalError.

    Nothing else is opened: a device may never end.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise JournalError(f"{path} is {KINDS.get(stat.S_IFMT(mode), 'no file')}, not a session file")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe that nobody writes has an end, too
    os.set_blocking(descriptor, True)
    file = os.fdopen(descriptor, "rb")
    opened = os.fstat(descriptor)
    if stat.S_ISFIFO(opened.st_mode):
        with file:
            return _copied(file, path)
    _check_size(path, opened.st_size)
    return file


def _copied(pipe: BinaryIO, path: Path) -> BinaryIO:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - given to the caller
    copied = 0
    while chunk := pipe.read(CHUNK_BYTES):
        copied += copy.write(chunk)
        _check_size(path, copied)
    copy.seek(0)
    return copy


def _check_size(path: Path, size: int) -> None:
    if size > MOST_FILE_BYTES:
        raise JournalError(f"{path} is larger than {MOST_FILE_BYTES >> 30} GiB: no session is")


def check_lines(file: BinaryIO, size: int, path: Path) -> None:
    """Raise JournalError if a file has too many lines to be read, or one that is too long; go back to its beginning.

    Only a large file can have them, and is looked through at a gigabyte a second.
    """
    if size <= min(MOST_LINES, LONGEST_LINE_BYTES):
        return
    lines = since_newline = 0
    while chunk := file.read(CHUNK_BYTES):
        newlines = chunk.count(b"\n")
        length = since_newline + (chunk.find(b"\n") if newlines else len(chunk))
        if length > LONGEST_LINE_BYTES:
            raise _too_long(path, lines + 1)
        since_newline = len(chunk) - chunk.rfind(b"\n") - 1 if newlines else length
        lines += newlines
        if lines > MOST_LINES:
            raise JournalError(f"{path} has more than {MOST_LINES:,} lines: no session has")
    file.seek(0)


def lines_of(file: BinaryIO, size: int, path: Path) -> Iterator[bytes]:
    """Yield the lines within the first `size` bytes. Raises JournalError at one that is longer than any event."""
    left, number = size, 0
    while left > 0 and (line := file.readline(min(left, LONGEST_LINE_BYTES + 1))):
        number += 1
        if len(line) > LONGEST_LINE_BYTES:
            raise _too_long(path, number)
        left -= len(line)
        yield line


def _too_long(path: Path, number: int) -> JournalError:
    return JournalError(f"{path}, line {number}: longer than {LONGEST_LINE_BYTES >> 20} MiB, as no event is")
