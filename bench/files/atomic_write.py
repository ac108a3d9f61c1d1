"""Files for others to read: whole or not at all, and never in the place of one that was to stay."""

from __future__ import annotations

import os
import secrets
import select
import shutil
from collections.abc import Callable
from pathlib import Path

from .targets import Descriptor, Stream, reason, target_of
from .targets import ExportError as ExportError

MayReplace = Callable[[Path], bool]
"""A function that returns whether a file may be replaced."""

MOST_OF_NAME = 50
"""Characters of a file's name that its temporary file's name takes over: file systems limit its length."""

MOST_NAMES = 1000
"""Names to try if the file's own name is taken."""


USUAL_MODE, PRIVATE_MODE = 0o666, 0o600
"""Permissions of a new file: as the umask has it, or for its owner alone."""


class ExportExistsError(ExportError, FileExistsError):
    """The file exists, and replacing it was not allowed."""


def write_text(text: str, path: Path, *, overwrite: bool = False) -> None:
    """Write a file beside its place, then move it there: a full disk destroys no earlier file.

    A device or a pipe is written to. Raises ExportError, ExportExistsError.
    """
    data = encoded(text)
    target = target_of(path)
    try:
        if isinstance(target, Descriptor):
            write_all(target.number, data)
        elif isinstance(target, Stream):
            write_stream(data, target.path)
        else:
            replace(data, target.path, lambda _: overwrite)
    except FileExistsError:
        raise ExportExistsError(f"{path} exists already") from None
    except OSError as error:
        raise ExportError(f"cannot write {path}: {reason(error)}") from None


def encoded(text: str) -> bytes:
    """Return a text's bytes in UTF-8; half a surrogate pair is written as its escape."""
    return text.encode("utf-8", errors="backslashreplace")


def replace(data: bytes, path: Path, may_replace: MayReplace, *, mode: int = USUAL_MODE) -> None:
    """Write a regular file in one step. An earlier file's permissions stay; a new file gets `mode`, less the umask.

    Raises FileExistsError if there is a file that must not be replaced; OSError.
    """
    temporary = path.with_name(f".{path.name[:MOST_OF_NAME]}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            try:
                _move(temporary, path)
            except FileExistsError:  # another process has taken the name meanwhile
                pass
            else:
                return
        if not may_replace(path):
            raise FileExistsError(path)
        shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_beside(data: bytes, path: Path) -> Path:
    """Write a file whose place is taken under the next free name, `out.1.csv`; return that. Raises OSError."""
    for number in range(1, MOST_NAMES):
        free = path.with_name(f"{path.stem}.{number}{path.suffix}")
        try:
            replace(data, free, lambda _: False)
        except FileExistsError:
            continue
        return free
    raise FileExistsError(path)


def write_stream(data: bytes, path: Path) -> None:
    """Write to a pipe or a device. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`: a pipe, or a disk that is nearly full, may take a part at a time. Raises OSError."""
    left = memoryview(data)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:  # whoever shares the pipe has asked not to wait
            select.select([], [descriptor], [])


def _move(temporary: Path, path: Path) -> None:
    """Give a file its name, unless another has taken it meanwhile. Raises FileExistsError, OSError."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        temporary.rename(path)
