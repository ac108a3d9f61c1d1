"""What commands write on stdout and stderr, and what they exit with. Nothing else writes there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress

import click

from bench.printable import on_one_line, printable, printable_json

from .activity import lacks_tensorflow

FAILED, USAGE, CANNOT_TELL, NOT_WRITTEN, INTERRUPTED, TERMINATED = 1, 2, 3, 4, 130, 143
"""Exit codes: a mode failed or came out wrong, or a gate did not hold; wrong usage; it cannot be told whether a gate
holds; an output could not be written; Ctrl-C; SIGTERM.
"""

NO_TENSORFLOW = "install TensorFlow there, or name a Python that has it: --python PATH"


def advice_on(trouble: Iterable[str]) -> list[str]:
    """Return what to do about a far side's last words, if that is known."""
    return [NO_TENSORFLOW] if lacks_tensorflow(trouble) else []


def show(text: str) -> None:
    """Print a result on stdout. Raises OSError."""
    click.echo(printable(text))


def show_json(text: str) -> None:
    """Print JSON on stdout: it keeps every character, escaped where a terminal would act on it. Raises OSError."""
    click.echo(printable_json(text))


def say(text: str) -> None:
    """Print on stderr what is worth knowing beside the results."""
    click.echo(printable(text), err=True)


def complain(message: str, code: int) -> int:
    """Print on stderr what is wrong, in one line; return the exit code."""
    say(f"tfjit-tui: {on_one_line(' '.join(message.split()))}")
    return code


def write_stdout(text: str) -> None:
    """Write a file's contents on stdout as they are: the line ends of a CSV are its own. Raises OSError."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", errors="backslashreplace"))
    sys.stdout.buffer.flush()


def silence_stdout() -> None:
    """Nobody reads stdout any more, or it is full: let what is still written to it go nowhere, the last flush too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class ProgressLine:
    """One line on a terminal's stderr that is written over and over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Put `text` in place of what is shown."""
        if not self._terminal:
            return
        text = on_one_line(text)[: _columns_of(sys.stderr.fileno()) - 1]
        if text != self._shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._shown = text

    def clear(self) -> None:
        """Leave an empty line for what is printed next."""
        self.show("")


def _columns_of(descriptor: int) -> int:
    """Return how wide a terminal is: its own word counts before an exported COLUMNS, which may be another window's."""
    with suppress(OSError):
        if columns := os.get_terminal_size(descriptor).columns:
            return columns
    return shutil.get_terminal_size().columns
