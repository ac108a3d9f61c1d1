"""The files that a command was asked to write; `-` is stdout."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.formats import FORMATS, Format

from .console import say, write_stdout

if TYPE_CHECKING:
    from bench.session import Session

FILE = click.Path(path_type=Path)

STDOUT = Path("-")


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each of FORMATS; it takes them together as `outputs`."""

    @wraps(command)
    def gathering(*arguments: Any, **options: Any) -> Any:
        files = {each: options.pop(f"{each.name}_file") for each in FORMATS}
        outputs = Outputs({each: path for each, path in files.items() if path is not None})
        return command(*arguments, outputs=outputs, **options)

    for each in reversed(FORMATS):
        what = f"Write results as {each.title}; - is stdout, alone."
        click.option(f"--{each.name}", f"{each.name}_file", type=FILE, metavar="FILE", help=what)(gathering)
    return gathering


@dataclass(frozen=True)
class Outputs:
    """Where results go beside the table. An existing file is replaced once the new one is whole."""

    files: Mapping[Format, Path] = field(default_factory=dict)

    @property
    def take_stdout(self) -> bool:
        """Whether stdout is for a file's contents alone."""
        return STDOUT in self.files.values()

    @property
    def to_files(self) -> bool:
        """Whether anything is to be written beside stdout."""
        return any(path != STDOUT for path in self.files.values())

    def check(self) -> None:
        """Raise click.UsageError for what could not be written, before anything is measured for it."""
        first: dict[Path, Format] = {}
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

    def write(self, session: Session, far_arguments: Sequence[str]) -> None:
        """Write everything; say on stderr what was written. Raises click.ClickException.

        `far_arguments` are those that reach the same far side.
        """
        from bench.files import ExportError, write_text

        complaints = []
        for each, path in sorted(self.files.items(), key=lambda file: file[1] == STDOUT):  # its end must keep no file
            text = each.text(session, far_arguments)
            try:
                if path == STDOUT:
                    write_stdout(text)
                else:
                    write_text(text, path, overwrite=True)
                    say(f"wrote {path}")
            except ExportError as error:
                complaints.append(str(error))
        if complaints:
            raise click.ClickException("; ".join(complaints))
