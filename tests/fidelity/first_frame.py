"""How long an application takes to show its first frame, in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import sys
import tempfile
import termios
from time import perf_counter

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("the first frame")
Minimal().run()
"""


def ours() -> float:
    """Seconds until the setup is drawn."""
    with tempfile.TemporaryDirectory() as state:
        return _seconds_until(b"setup", ["-m", "tui"], {"TFJIT_TUI_STATE_DIR": state})


def minimal() -> float:
    """Seconds until a Textual application of one label has drawn it."""
    return _seconds_until(b"the first frame", ["-c", MINIMAL], {})


def _seconds_until(sign: bytes, arguments: list[str], environment: dict[str, str]) -> float:
    start = perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, *arguments]
        os.execvpe(command[0], command, {**os.environ, **environment, "TERM": "xterm-256color"})
    seen = b""
    try:
        while sign not in seen:
            seen += os.read(terminal, 1 << 16)
        return perf_counter() - start
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        os.close(terminal)
