"""Check and write one output of a command."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from bench.files.descriptors import STDOUT_FD
from bench.files.targets import (
    DASH,
    Descriptor,
    ExportError,
    File,
    Target,
    identity,
    is_writable,
    reason,
    target_of,
)
from bench.number_text import counted
from bench.report.formats import Kind

from ..console import say, write_descriptor

if TYPE_CHECKING:
    from bench.report.csv_append import Added

K = TypeVar("K", bound=Kind)

STDOUT = Path(f"/dev/fd/{STDOUT_FD}")


class StreamClosedError(ExportError):
    """The descriptor is closed, or open for reading only."""


@dataclass(frozen=True)
class Output(Generic[K]):
    """A kind of file and its name. `force`: replace any file of that name; `append`: replace none.

    `sessions`: the ids in the new file's rows, if they are known: a table with rows of others, too, is not replaced.
    """

    kind: K
    path: Path
    force: bool = False
    append: bool = False
    sessions: frozenset[tuple[str, ...]] = frozenset()

    @property
    def option(self) -> str:
        """The option that asks for it."""
        return f"--{self.kind.name}"

    @property
    def target(self) -> Target:
        """The target that its name means. Raises ExportError."""
        return target_of(self.path)

    @property
    def is_stdout(self) -> bool:
        """True if it is stdout: tables go to stderr then."""
        return identity(self.path) == identity(STDOUT)

    def check(self) -> None:
        """Raise ExportError if it cannot be written or would replace a foreign file; StreamClosedError."""
        target = self.target
        if isinstance(target, Descriptor) and not is_writable(target.number):
            raise StreamClosedError(f"cannot write {self.called}: it is closed")
        if not isinstance(target, File):
            if self.append:
                raise ExportError(f"--append adds rows to a file, and {str(self.path)!r} is a stream")
            return
        if not target.path.parent.is_dir():
            folder = target.path.parent if self.path.is_symlink() else self.path.parent
            raise ExportError(f"cannot write {self.path}: there is no directory {folder}")
        adds = self.append and target.path.exists()
        for place in (target.path,) if adds else (target.path.parent, target.path):
            if place.exists() and not os.access(place, os.W_OK):
                raise ExportError(f"cannot write {self.path}: permission denied for {str(place)!r}")
        if self.append:
            self._check_columns(target.path)
        elif target.path.exists() and not self._may_replace(target.path):
            earlier = f"earlier {self.kind.title} export (or one that was edited or added to)"
            what = f"{str(self.path)!r} exists and is no {earlier}"
            raise ExportError(f"{self.option}: {what}: name another file, or give --force to replace it")

    def write(self, text: str) -> None:
        """Write it, and name a file on stderr. Raises ExportError; BrokenPipeError if nobody reads stdout."""
        from bench.files.atomic_write import encoded, write_stream

        target, data = self.target, encoded(text)
        try:
            if isinstance(target, Descriptor):
                write_descriptor(target.number, data)
            elif isinstance(target, File):
                notes = "; ".join(self._write_file(text, target.path))
                say(f"wrote {self.path}: {notes}" if notes else f"wrote {self.path}")
            else:
                write_stream(data, target.path)
        except BrokenPipeError:
            if self.is_stdout:
                raise
            raise ExportError(f"cannot write {self.called}: nobody reads it any more") from None
        except OSError as error:
            raise ExportError(f"cannot write {self.called}: {reason(error)}") from None

    @property
    def called(self) -> str:
        """Its name after `cannot write`."""
        return "to stdout" if self.path == DASH else str(self.path)

    def _may_replace(self, path: Path) -> bool:
        from bench.report.earlier_export import may_replace

        return self.force or may_replace(path, lambda text: self.kind.is_earlier(text, self.sessions))

    def _check_columns(self, path: Path) -> None:
        from bench.report.csv_append import ColumnsDifferError, check_columns

        assert self.kind.columns is not None
        try:
            if path.exists():
                check_columns(path, self.kind.columns())
        except ColumnsDifferError as error:
            raise ExportError(f"--append: no rows can be added to {str(self.path)!r}: {error}") from None
        except OSError as error:
            raise ExportError(f"--append: cannot read {self.path}: {error.strerror}") from None

    def _write_file(self, text: str, path: Path) -> list[str]:
        """Write or add to a file; return what is to be told of that. Raises ExportError, OSError.

        A foreign file that appeared meanwhile stays.
        """
        from bench.files.atomic_write import encoded, replace, write_beside
        from bench.report.csv_append import ColumnsDifferError, add_rows

        try:
            if self.append:
                return _notes(add_rows(text, path))
            replace(encoded(text), path, self._may_replace)
        except (FileExistsError, ColumnsDifferError):
            beside = write_beside(encoded(text), path)
            raise ExportError(f"{self.path} has become another file meanwhile: wrote {beside} instead") from None
        return []


def _notes(added: Added) -> list[str]:
    """Return in words how rows were added."""
    notes = []
    if added.known:
        notes.append(f"{_rows(added.known)} there already")
    if added.replaced:
        notes.append(f"{_rows(added.replaced)} out of date and replaced")
    if added.torn:
        notes.append("its last row was incomplete (the line had no end)")
    return notes


def _rows(number: int) -> str:
    return f"{counted(number, 'row')} {'was' if number == 1 else 'were'}"
