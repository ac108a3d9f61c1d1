"""The files that a command was asked to write; `-` is stdout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from bench.formats import Kind

from .console import NOT_WRITTEN, say, write_stdout

FILE = click.Path(path_type=Path)

STDOUT = Path("-")

K = TypeVar("K", bound=Kind)


class NotWrittenError(click.ClickException):
    """An output that could not be written."""

    exit_code = NOT_WRITTEN


@dataclass(frozen=True)
class Input:
    """A file that a command reads or keeps: no output may be the same. `name`: the option or argument that gave it."""

    name: str
    path: Path


def output_options(kinds: Sequence[K]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each kind of file; it takes them together as `outputs`, an Outputs."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def gathering(*arguments: Any, **options: Any) -> Any:
            files = {each: options.pop(f"{each.name}_file") for each in kinds}
            outputs = Outputs({each: path for each, path in files.items() if path is not None})
            return command(*arguments, outputs=outputs, **options)

        for each in reversed(kinds):
            what = f"Write results as {each.title}; - is stdout, alone."
            click.option(f"--{each.name}", f"{each.name}_file", type=FILE, metavar="FILE", help=what)(gathering)
        return gathering

    return decorate


@dataclass(frozen=True)
class Outputs(Generic[K]):
    """Where results go beside the table. An existing file is replaced once the new one is whole."""

    files: Mapping[K, Path] = field(default_factory=dict)

    @property
    def take_stdout(self) -> bool:
        """Whether stdout is for a file's contents alone."""
        return STDOUT in self.files.values()

    @property
    def to_files(self) -> bool:
        """Whether anything is to be written beside stdout."""
        return any(path != STDOUT for path in self.files.values())

    def check(self, inputs: Iterable[Input] = ()) -> None:
        """Raise click.UsageError for what could not be written, before anything is measured for it."""
        first: dict[Path, K] = {}
        for each, path in self.files.items():
            if (other := first.setdefault(path, each)) is not each:
                raise click.UsageError(f"--{other.name} and --{each.name} cannot both write to {path}")
        for path in self.files.values():
            if path == STDOUT:
                continue
            if path.is_dir():
                raise click.UsageError(f"{path} is a directory: name a file in it")
            if not path.parent.is_dir():
                raise click.UsageError(f"cannot write {path}: there is no directory {path.parent}")
            if not os.access(path if path.exists() else path.parent, os.W_OK):
                raise click.UsageError(f"cannot write {path}: permission denied")

    def write(self, content: Callable[[K], str]) -> None:
        """Write everything; say on stderr what was written. Raises NotWrittenError; OSError where stdout fails."""
        from bench.files import ExportError, write_text

        complaints = []
        for each, path in sorted(self.files.items(), key=lambda file: file[1] == STDOUT):  # its end must keep no file
            text = content(each)
            try:
                if path == STDOUT:
                    write_stdout(text)
                else:
                    write_text(text, path, overwrite=True)
                    say(f"wrote {path}")
            except ExportError as error:
                complaints.append(str(error))
        if complaints:
            raise NotWrittenError("; ".join(complaints))
