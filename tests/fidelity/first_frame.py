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
from collections.abc import Iterator, Sequence
from time import perf_counter

from .part import Key, Line, Part, Row, Values, group, summary

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("the first frame")
Minimal().run()
"""


def units(repeats: int) -> Iterator[Key]:
    """The two in turn."""
    for repeat in range(repeats):
        for application in APPLICATIONS:
            yield {"application": application, "repeat": repeat}


def measure(key: Key) -> Values:
    """Seconds until one of them shows what it is to show."""
    return {"first_frame_s": APPLICATIONS[str(key["application"])]()}


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Their ratio, by repeat."""
    by_repeat = [
        {line.key["application"]: line.values["first_frame_s"] for line in pair}
        for pair in group(lines, "repeat").values()
    ]
    pairs = [pair for pair in by_repeat if len(pair) == len(APPLICATIONS)]
    if pairs:
        yield Row(
            f"time to the first frame over a minimal Textual application's, {len(pairs)} pairs: median (least-most)",
            summary([pair["ours"] / pair["minimal"] for pair in pairs]),
            beside=f"a minimal application: {summary([pair['minimal'] for pair in pairs])} s",
        )


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


APPLICATIONS = {"ours": ours, "minimal": minimal}

PART = Part(
    name="first-frame",
    help="Seconds from start to the first frame, beside a minimal Textual application.",
    repeats=15,
    units=units,
    measure=measure,
    rows=rows,
)
