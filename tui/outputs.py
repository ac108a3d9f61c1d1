"""The files that a command was asked to write; `-` is stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bench.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)

STDOUT = Path("-")


def output_options(command: Command) -> Command:
    """Give a command the options that make up Outputs."""
    for option in (
        click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write results as JSON; - is stdout."),
        click.option("--csv", "csv_file", type=FILE, metavar="FILE", help="Write results as CSV; - is stdout, alone."),
    ):
        command = option(command)
    return command


@dataclass(frozen=True)
class Outputs:
    """Where results go beside the table. An existing file is replaced once the new one is whole."""

    csv: Path | None = None
    json: Path | None = None

    @property
    def take_stdout(self) -> bool:
        """Whether stdout is for a file's contents alone."""
        return STDOUT in (self.csv, self.json)

    @property
    def to_files(self) -> bool:
        """Whether anything is to be written beside stdout."""
        return any(path not in (None, STDOUT) for path in (self.csv, self.json))

    def check(self) -> None:
        """Raise click.UsageError for what could not be written, before anything is measured for it."""
        if self.csv is not None and self.csv == self.json:
            raise click.UsageError(f"--csv and --json cannot both write to {self.csv}")
        for path in (self.csv, self.json):
            if path is None or path == STDOUT:
                continue
            if path.is_dir():
                raise click.UsageError(f"{path} is a directory: name a file in it")
            if not path.parent.is_dir():
                raise click.UsageError(f"cannot write {path}: there is no directory {path.parent}")
            if not os.access(path if path.exists() else path.parent, os.W_OK):
                raise click.UsageError(f"cannot write {path}: permission denied")

    def write(self, session: Session) -> None:
        """Write everything; say on stderr what was written. Raises click.ClickException."""
        from bench.export import csv_text, json_text
        from bench.files import ExportError, write_text

        complaints = []
        contents = (self.csv, csv_text(session)), (self.json, json_text(session))
        for path, text in sorted(contents, key=lambda content: content[0] == STDOUT):  # whose end must not keep a file
            try:
                if path == STDOUT:
                    write_stdout(text)
                elif path is not None:
                    write_text(text, path, overwrite=True)
                    click.echo(f"wrote {path}", err=True)
            except ExportError as error:
                complaints.append(str(error))
        if complaints:
            raise click.ClickException("; ".join(complaints))


def write_stdout(text: str) -> None:
    """Write bytes: the line ends of a CSV file are its own, its encoding is UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", errors="backslashreplace"))
    sys.stdout.buffer.flush()
