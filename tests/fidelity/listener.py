"""A terminal that does as little as one can: it takes what a program writes, notes when, and looks at it later."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, sleep
from types import TracebackType

import pyte

ROOT = Path(__file__).parents[2]
PATIENCE_S = 900.0
LOOK_EVERY_S = 0.1

TURN_S = 0.01
"""Of a throttled line."""


class Listener:
    """Runs `python ARGUMENTS`, or another program, in a terminal of its own, its settings and sessions under `home`.

    `heard`: everything the program wrote, each piece with the time (perf_counter) at which it arrived. `throttle`: how
    many bytes of it are taken a second; 0 is all that come.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        home: Path,
        *,
        columns: int,
        lines: int,
        program: str = sys.executable,
        **variables: str,
    ) -> None:
        self.columns, self.lines = columns, lines
        self.heard: list[tuple[float, bytes]] = []
        self._looked_at = 0
        self._now = pyte.Screen(columns, lines)
        self._onto_now = pyte.ByteStream(self._now)
        own = {"TFJIT_TUI_STATE_DIR": str(home / "state"), "TFJIT_TUI_CONFIG_DIR": str(home / "config")}
        environment = {**os.environ, **own, "TERM": "xterm-256color", "COLORTERM": "truecolor", **variables}
        self.throttle = 0
        self.started_at = perf_counter()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.chdir(ROOT)
            os.execvpe(program, [program, *arguments], {name: value for name, value in environment.items() if value})

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)

    def type(self, keys: str) -> float:
        """Press keys; the time (perf_counter) just before."""
        now = perf_counter()
        os.write(self._fd, keys.encode())
        return now

    def until(self, holds: Callable[[], bool]) -> None:
        """Listen until `holds` does, which is asked a few times a second. Raises RuntimeError if it never will."""
        end = perf_counter() + PATIENCE_S
        asked_at = 0.0
        while True:
            now = perf_counter()
            if now - asked_at >= LOOK_EVERY_S:
                asked_at = now
                if holds():
                    return
            if now >= end or not self._listen(LOOK_EVERY_S):
                raise RuntimeError(f"it never came to that; the terminal shows\n{self.text}")

    def listen_for(self, duration_s: float) -> None:
        """Listen for so long."""
        end = perf_counter() + duration_s
        self.until(lambda: perf_counter() >= end)

    def until_heard(self, sign: bytes) -> None:
        """Listen until some bytes have come. Raises RuntimeError if they never do."""
        end = perf_counter() + PATIENCE_S
        while not any(sign in piece for _, piece in self.heard):
            if perf_counter() >= end or not self._listen(LOOK_EVERY_S):
                raise RuntimeError(f"it never came to that; the terminal shows\n{self.text}")

    def ended_at(self) -> float:
        """Listen until the program has ended; when (perf_counter) that was."""
        self.until_ended()
        return perf_counter()

    def until_ended(self) -> None:
        """Listen until the program has ended. Raises RuntimeError if it failed."""
        while self._listen(PATIENCE_S):
            pass
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if status:
            raise RuntimeError(f"it failed; the terminal shows\n{self.text}")

    def screens(self) -> Iterator[tuple[float, list[str]]]:
        """The screen after each piece, and when that was. It takes a while."""
        for at, screen in self.drawn():
            yield at, list(screen.display)

    def drawn(self) -> Iterator[tuple[float, pyte.Screen]]:
        """The same with colours and the like: one screen, which changes from one piece to the next."""
        screen = pyte.Screen(self.columns, self.lines)
        stream = pyte.ByteStream(screen)
        for at, piece in self.heard:
            stream.feed(piece)
            yield at, screen

    @property
    def text(self) -> str:
        """What the screen shows now."""
        for _, piece in self.heard[self._looked_at :]:
            self._onto_now.feed(piece)
        self._looked_at = len(self.heard)
        return "\n".join(line.rstrip() for line in self._now.display)

    def _listen(self, timeout_s: float) -> bool:
        """Take what comes next; False once the program has ended."""
        if select.select([self._fd], [], [], timeout_s)[0]:
            with contextlib.suppress(OSError):  # what Linux says when the other end of a pty is gone
                if piece := os.read(self._fd, int(self.throttle * TURN_S) or 1 << 16):
                    if self.throttle:
                        sleep(TURN_S)
                    self.heard.append((perf_counter(), piece))
                    return True
            return False
        return True
