"""Check and write all outputs of a command, files and streams; `-` is stdout."""

from __future__ import annotations

import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Generic

import click

from bench.files.descriptors import STDERR_FD, STDOUT_FD
from bench.files.targets import ExportError, File

from ...config.input_files import InputFile as InputFile
from ...config.input_files import our_own
from ..console import NOT_WRITTEN
from .output import K, Output, StreamClosedError

FILE = click.Path(path_type=Path)

STREAMS = (InputFile("stdout", Path(f"/dev/fd/{STDOUT_FD}")), InputFile("stderr", Path(f"/dev/fd/{STDERR_FD}")))


class NotWrittenError(click.ClickException):
    """An output that could not be written."""

    exit_code = NOT_WRITTEN


def output_options(kinds: Sequence[K]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each kind of file; it takes them together as `outputs`, an Outputs."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def gathering(*arguments: Any, force: bool, append: bool = False, **options: Any) -> Any:
            files = {each: options.pop(f"{each.name}_file") for each in kinds}
            asked = {each: path for each, path in files.items() if path is not None}
            return command(*arguments, outputs=Outputs(asked, force, append), **options)

        click.option("--force", is_flag=True, help="Replace files that are no earlier export, too.")(gathering)
        if tables := [f"--{each.name}" for each in kinds if each.columns]:
            adds = f"Add rows to the file of {' and '.join(tables)}, which has the same columns."
            click.option("--append", is_flag=True, help=adds)(gathering)
        for each in reversed(kinds):
            what = f"Write results as {each.title}; - is stdout, alone."
            click.option(f"--{each.name}", f"{each.name}_file", type=FILE, metavar="FILE", help=what)(gathering)
        return gathering

    return decorate


@dataclass(frozen=True)
class Outputs(Generic[K]):
    """Where results go beside the table. An earlier export is replaced once the new one is whole.

    `force`: so is any other file. `append`: a table is not replaced, rows are added to it. `sessions`: as in Output.
    """

    files: Mapping[K, Path] = field(default_factory=dict)
    force: bool = False
    append: bool = False
    sessions: frozenset[tuple[str, ...]] = frozenset()

    def __iter__(self) -> Iterator[Output[K]]:
        for kind, path in self.files.items():
            yield Output(kind, path, self.force, self.append and kind.columns is not None, self.sessions)

    @property
    def take_stdout(self) -> bool:
        """Whether stdout is for a file's contents alone."""
        return any(output.is_stdout for output in self)

    @property
    def to_files(self) -> bool:
        """Whether anything is to be written beside stdout."""
        return any(not output.is_stdout for output in self)

    def check(self, inputs: Iterable[InputFile] = ()) -> None:
        """Raise click.UsageError for what cannot or must not be written, before anything is measured for it;
        NotWrittenError for a closed stdout.

        No output may be one of the `inputs`, another output, or the file that stdout or stderr goes to.
        """
        if self.append and not any(output.append for output in self):
            raise click.UsageError("--append adds rows to a table: name its file, such as --csv FILE")
        protected = [*inputs, *our_own()]
        streams = [stream for stream in STREAMS if _is_file(stream.path)]
        try:
            for stream in streams:
                _refuse(stream, protected)
            for output in self:
                asked = InputFile(output.option, output.path)
                _refuse(asked, protected)
                output.check()
                if isinstance(output.target, File):
                    _refuse(asked, streams)
                protected.append(asked)
        except StreamClosedError as error:
            raise NotWrittenError(str(error)) from None
        except ExportError as error:
            raise click.UsageError(str(error)) from None

    def write(self, content: Callable[[K], str], but: Collection[K] = ()) -> None:
        """Write everything `but` these kinds, files first, stdout last; say what was written.

        Raises NotWrittenError or BrokenPipeError, once all was tried.
        """
        complaints, closed = [], None
        for output in sorted(self, key=_lateness):
            if output.kind not in but:
                try:
                    output.write(content(output.kind))
                except ExportError as error:
                    complaints.append(str(error))
                except BrokenPipeError as error:
                    closed = error
        if complaints:
            raise NotWrittenError("; ".join(complaints))
        if closed:
            raise closed


def _refuse(output: InputFile, others: Iterable[InputFile]) -> None:
    for other in others:
        other.refuse(output.name, output.path)


def _lateness(output: Output[K]) -> tuple[bool, bool]:
    """Return a key that puts those last that may wait or end: they must keep no file from being written."""
    return output.is_stdout, stat.S_ISFIFO(_mode(output.path))


def _is_file(stream: Path) -> bool:
    return stat.S_ISREG(_mode(stream))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
