"""Resolve the name of an output to a descriptor, a stream or a file, and tell whether two names mean the same."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from .descriptors import STDOUT_FD

DASH = Path("-")

NUMBER = re.compile("[0-9]{1,9}")
"""Names of a descriptor."""

MOST_LINKS = 40
"""Links that are followed one after another, as in Linux."""


class ExportError(Exception):
    """An output that cannot be written: why, in one line."""


@dataclass(frozen=True)
class Descriptor:
    """A file that this process was started with: `-`, `/dev/stdout`, `/dev/fd/N`, `/proc/self/fd/N`.

    It is written through its number: opening it by name would forget where it is, and that it appends.
    """

    number: int


@dataclass(frozen=True)
class Stream:
    """A pipe or a character device: it is written to, never replaced."""

    path: Path


@dataclass(frozen=True)
class File:
    """A regular file that exists or not. `path` has no links left in it."""

    path: Path


Target = Descriptor | Stream | File


def target_of(path: Path) -> Target:
    """Return the target that an output's name means. Raises ExportError if it cannot be written to."""
    try:
        if (number := descriptor_of(path)) is not None:
            return Descriptor(number)
        if not path.exists():
            return File(path.resolve())
        mode = path.stat().st_mode
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a zero byte
        raise ExportError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISREG(mode):
        return File(path.resolve())
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        return Stream(path)
    if stat.S_ISDIR(mode):
        raise ExportError(f"{path} is a directory: name a file in it")
    raise ExportError(f"cannot write {path}: it is neither a file, a pipe nor a character device")


def descriptor_of(path: Path) -> int | None:
    """Return the number of the descriptor that a name stands for, through any links; None if it is none."""
    if path == DASH:
        return STDOUT_FD
    folders = {os.path.realpath(folder) for folder in ("/proc/self/fd", "/proc/thread-self/fd", "/dev/fd")}
    for _ in range(MOST_LINKS):
        if NUMBER.fullmatch(path.name) and os.path.realpath(path.parent) in folders:
            return int(path.name)
        try:
            if not path.is_symlink():
                return None
            path = path.parent / path.readlink()
        except OSError:  # a directory that cannot be read, a name too long: no descriptor
            return None
    return None


def reason(error: OSError) -> str:
    """Return why a file or a stream could not be read or written."""
    return "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)


def is_writable(descriptor: int) -> bool:
    """Return whether a descriptor is open, and open for writing."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
    except OSError:
        return False


def identity(path: Path) -> Hashable:
    """Return what two names have in common if they name one file, whatever links and spellings they use.

    A file that does not exist yet is known by its directory and its name. No device is the same as another, nor as
    itself: a terminal may be read and written at once. Of descriptors, only the same number is.
    """
    number = descriptor_of(path)
    try:
        status = path.stat() if number is None else os.fstat(number)
    except OSError:
        return _identity_of_missing(path)
    if stat.S_ISCHR(status.st_mode) or stat.S_ISSOCK(status.st_mode):
        return object() if number is None else ("descriptor", number)
    return (status.st_dev, status.st_ino)


def lies_within(path: Path, directory: Path) -> bool:
    """Return whether a file, which may not exist yet, is a directory or lies below it."""
    try:
        above = directory.stat()
    except OSError:
        return False
    if not stat.S_ISDIR(above.st_mode):
        return False
    real = Path(os.path.realpath(path))
    return any(_is(each, above) for each in (real, *real.parents))


def _is(path: Path, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), status)
    except OSError:
        return False


def _identity_of_missing(path: Path) -> Hashable:
    real = Path(os.path.realpath(path))
    try:
        folder = real.parent.stat()
    except OSError:
        return str(real)
    return (folder.st_dev, folder.st_ino, real.name)
