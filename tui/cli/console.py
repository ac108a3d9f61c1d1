"""Write to stdout and stderr, and define the exit codes. No other file of tui/ writes there."""

from __future__ import annotations

import io
import os
import shutil
import sys
import termios
import traceback
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

import click

from bench.files.descriptors import STDERR_FD, STDIN_FD, STDOUT_FD
from bench.printable import on_one_line, printable, printable_json

from ..presentation.status_text import lacks_tensorflow

FAILED, USAGE, CANNOT_TELL, NOT_WRITTEN, INTERRUPTED = 1, 2, 3, 4, 130
"""Exit codes: a mode failed or came out wrong, or a gate did not hold; wrong usage; it cannot be told whether a gate
holds; an output could not be written; Ctrl-C.
"""

NO_TENSORFLOW = "install TensorFlow there, or name a Python that has it: --python PATH"


def advice_on(trouble: Iterable[str]) -> list[str]:
    """Return what to do about a far side's last words, if that is known."""
    return [NO_TENSORFLOW] if lacks_tensorflow(trouble) else []


def show(text: str) -> None:
    """Print a result on stdout. Raises OSError."""
    click.echo(printable(text))


def show_json(text: str) -> None:
    """Print JSON on stdout. Characters that act on a terminal are escaped as JSON does. Raises OSError."""
    click.echo(printable_json(text))


def say(text: str) -> None:
    """Print a message on stderr. Does nothing if stderr cannot be written to."""
    try:
        click.echo(printable(text), err=True)
    except OSError:
        _silence(sys.stderr)


def complain(message: str, code: int) -> int:
    """Print on stderr what is wrong, in one line; return the exit code."""
    lines = filter(None, (line.strip() for line in message.split("\n")))  # blanks within a line may belong to a command
    say(f"tfjit-tui: {on_one_line(' '.join(lines))}")
    return code


def can_ask() -> bool:
    """Return whether someone sits at a terminal and can answer a question on stderr."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(about: str, question: str) -> bool:
    """Print `about` and a question on stderr; return True only for a y or yes typed after that."""
    say(about)
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    click.echo(printable(question), nl=False, err=True)
    try:
        answer = sys.stdin.readline()
    except (OSError, UnicodeDecodeError):
        answer = ""
    return answer.strip().lower() in ("y", "yes")


def write_stdout(text: str) -> None:
    """Write a text on stdout as it is. Raises OSError."""
    from bench.files.atomic_write import encoded

    write_descriptor(STDOUT_FD, encoded(text))


def write_descriptor(number: int, data: bytes) -> None:
    """Write bytes to a descriptor, after what was printed there before. Raises OSError."""
    from bench.files.atomic_write import write_all

    stream = {STDOUT_FD: sys.stdout, STDERR_FD: sys.stderr}.get(number)
    if stream is not None:
        stream.flush()
    try:
        number = number if stream is None else stream.fileno()
    except io.UnsupportedOperation:  # it is held in memory
        assert isinstance(stream, io.TextIOWrapper)
        stream.buffer.write(data)
    else:
        write_all(number, data)


def is_of_stdout(error: OSError) -> bool:
    """Return whether writing to stdout raised this error. By its traceback: click prints `--help` itself."""
    writers = (click.echo.__code__, write_descriptor.__code__)
    return any(frame.f_code in writers for frame, _ in traceback.walk_tb(error.__traceback__))


def silence_stdout() -> None:
    """Send what is still written to stdout to /dev/null, the last flush too: it is closed or full."""
    _silence(sys.stdout)


def _silence(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def open_closed_streams() -> None:
    """Open /dev/null in place of closed standard streams (`>&-`): else the next opened file gets their number.

    A closed stdin cannot be read then, nor a closed stdout be written; stderr forgets what it is told.
    """
    for number, mode in ((STDIN_FD, os.O_WRONLY), (STDOUT_FD, os.O_RDONLY), (STDERR_FD, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, mode), True)  # it gets the lowest number that is free: this one
    # Python leaves None where a stream is closed.
    sys.stdin = sys.stdin or os.fdopen(STDIN_FD, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(STDOUT_FD, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(STDERR_FD, "w", closefd=False)


class ProgressLine:
    """One line on stderr that is written over and over. Nothing is written if stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Put `text` in place of what is shown."""
        if not self._terminal:
            return
        text = on_one_line(text)[: _columns_of(sys.stderr.fileno()) - 1]
        if text != self._shown:
            self._shown = text
            try:
                sys.stderr.write(f"\r\x1b[K{text}")
                sys.stderr.flush()
            except OSError:  # the terminal is gone
                self._terminal = False
                _silence(sys.stderr)

    def clear(self) -> None:
        """Leave an empty line for what is printed next."""
        self.show("")


def _columns_of(descriptor: int) -> int:
    """Return the width of a terminal. COLUMNS counts only if the terminal does not say: it may be another window's."""
    with suppress(OSError):
        if columns := os.get_terminal_size(descriptor).columns:
            return columns
    return shutil.get_terminal_size().columns
