"""A terminal for a test to sit at: a pty, and pyte to say what stands on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shlex
import signal
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType

import pyte

from tests.paths import ROOT
from tests.signals import ignored_signals

PATIENCE_S = 60.0
BETWEEN_FRAMES_S = 0.05

STACKS_S = 5.0
"""A program that writes nothing for so long has written its stacks."""

MOST_TYPED_AT_ONCE = 1024

PROMPT = "shell>"


MEASURING = ("-m", "tests.programs.measuring_screen")
"""A program that measures for ever, without TensorFlow."""


class EndedError(AssertionError):
    """The program ended while a test waited for it to show something."""


class Terminal:
    """Runs `python -m tui`, or another program, with some arguments at 80×24.

    `written`: what it wrote. `shell`: what is typed into a shell to run it, where `{}` stands for the command; without
    one, it has the terminal to itself. A variable of the environment that is empty is not set.
    """

    def __init__(
        self,
        *arguments: str,
        home: Path,
        columns: int = 80,
        lines: int = 24,
        program: Sequence[str] = ("-m", "tui"),
        shell: str = "",
        **environment: str,
    ) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self._has_ended = False
        own = {"TFJIT_TUI_STATE_DIR": str(home / "state"), "TFJIT_TUI_CONFIG_DIR": str(home / "config")}
        kind = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PYTHONFAULTHANDLER": "1"}
        where = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}
        environment = {**os.environ, **kind, **where, **own, "PS1": PROMPT, **environment}
        command = [sys.executable, *program, *arguments]
        words = ["bash", "--norc", "--noprofile", "--noediting", "-i"] if shell else command
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            for number in ignored_signals():
                signal.signal(number, signal.SIG_DFL)
            os.chdir(home)
            set_variables = {name: value for name, value in environment.items() if value}
            os.execvpe(words[0], words, set_variables)
        self._set_size(columns, lines)
        if shell:
            self.shows(PROMPT)
            self.type(shell.format(shlex.join(command)) + "\r")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    @property
    def lines(self) -> list[str]:
        """The screen's lines, without trailing blanks."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def bytes_written(self) -> int:
        """How many bytes the program has written."""
        return len(self.written)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._screen.resize(lines, columns)
        self._set_size(columns, lines)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def hang_up(self) -> None:
        """Close the window, as a connection that breaks off does."""
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDWR)

    @property
    def attributes(self) -> list[object]:
        """The terminal's own settings: whether it echoes, waits for whole lines and the like."""
        return termios.tcgetattr(self._fd)

    def type(self, keys: str) -> None:
        """Press keys."""
        self.type_bytes(keys.encode())

    def type_bytes(self, data: bytes) -> None:
        """Have the terminal send bytes, whatever they are, and read what the program writes meanwhile."""
        while data:
            self.read_what_is_there()
            if select.select([], [self._fd], [], PATIENCE_S)[1]:
                data = data[os.write(self._fd, data[:MOST_TYPED_AT_ONCE]) :]

    def is_written_over(self, words: str) -> None:
        """Show what another program writes, in the second line."""
        self._stream.feed(f"\x1b[2;1H{words}".encode())

    def shows(self, words: str) -> None:
        """Wait until `words` stand on the screen."""
        self.until(lambda: words in self.text, f"{words!r} to show")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until `holds` does, reading what the program writes.

        Raises EndedError if the program ends before. If it waits in vain, what it says holds the stacks of the
        program's threads, which then has ended.
        """
        deadline = monotonic() + PATIENCE_S
        while not holds():
            if monotonic() >= deadline:
                screen = self.text
                raise AssertionError(f"waited in vain for {what}; the screen:\n{screen}\n{self._abort()}")
            if self._has_ended:
                raise EndedError(f"the program ended before {what}; the screen:\n{self.text}")
            self._read(deadline - monotonic())

    def _abort(self) -> str:
        """Have the program in the foreground write the stacks of its threads and end; return what it wrote."""
        written = len(self.written)
        os.killpg(os.tcgetpgrp(self._fd), signal.SIGABRT)
        while self._read(STACKS_S):
            pass
        return self.written[written:].decode(errors="replace")

    def read_what_is_there(self) -> None:
        """Take what the program has written, and wait for nothing."""
        while select.select([self._fd], [], [], 0)[0] and self._read(0):
            pass

    def is_suspended(self) -> None:
        """Wait until the shell tells that it has the terminal again, and clear the screen."""
        self.shows("Stopped")
        self.shows(PROMPT)
        self._screen.reset()

    def tells(self, command: str, answer: str) -> None:
        """Type a command into the shell, and wait for what it says."""
        self.type(f"{command}\r")
        self.shows(answer)

    def quit(self) -> int:
        """Press what leaves the program while it measures, and again, for it asks; its exit status."""
        self.type("qq")
        return self.exit_status()

    def catch_up(self) -> int:
        """Read what is on the line; how many bytes that were."""
        before = self.bytes_written
        while self._read(BETWEEN_FRAMES_S):
            pass
        return self.bytes_written - before

    def terminate(self) -> None:
        """What `kill` does."""
        os.kill(self.pid, signal.SIGTERM)

    def exit_status(self) -> int:
        """Wait until the program has ended; its exit status."""
        deadline = monotonic() + PATIENCE_S
        while self._read(PATIENCE_S):
            assert monotonic() < deadline, f"it does not end; the screen:\n{self.text}"
        process = os.pidfd_open(self.pid)
        ended = select.select([process], [], [], PATIENCE_S)[0]
        os.close(process)
        assert ended, f"it does not end; the screen:\n{self.text}"
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self, timeout_s: float) -> bool:
        """Take what the program writes next; False if that is nothing until the timeout or its end."""
        if not select.select([self._fd], [], [], max(timeout_s, 0))[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # what Linux says when the other end of a pty is gone
            data = b""
        self._has_ended = not data
        self.written += data
        self._stream.feed(data)
        return bool(data)
