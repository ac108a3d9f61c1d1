"""A terminal for a test to sit at: a pty, and pyte to say what stands on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType

import pyte

PATIENCE_S = 60.0


class Terminal:
    """Runs `python -m tui` with some arguments at 80×24."""

    def __init__(self, *arguments: str, home: Path, columns: int = 80, lines: int = 24, **environment: str) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.bytes_written = 0
        own = {"TFJIT_TUI_STATE_DIR": str(home / "state"), "TFJIT_TUI_CONFIG_DIR": str(home / "config")}
        kind = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        environment = {**os.environ, **kind, **own, **environment}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(sys.executable, [sys.executable, "-m", "tui", *arguments], environment)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

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

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def shows(self, words: str) -> None:
        """Wait until `words` stand on the screen."""
        self.until(lambda: words in self.text, f"{words!r} to show")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until `holds` does, reading what the program writes."""
        deadline = monotonic() + PATIENCE_S
        while not holds():
            assert monotonic() < deadline, f"waited in vain for {what}; the screen:\n{self.text}"
            if not self._read(deadline - monotonic()):
                assert holds(), f"the program ended before {what}; the screen:\n{self.text}"

    def is_suspended(self) -> None:
        """Wait until the program has stopped itself, then let the shell have the screen."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        while self._read(0):
            pass
        self._screen.reset()

    def resume(self) -> None:
        """What `fg` does."""
        os.kill(self.pid, signal.SIGCONT)

    def exit_status(self) -> int:
        """Wait until the program has ended; its exit status."""
        while self._read(PATIENCE_S):
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._fd], [], [], max(timeout_s, 0))[0]:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # what Linux says when the other end of a pty is gone
            return False
        self.bytes_written += len(data)
        self._stream.feed(data)
        return bool(data)
