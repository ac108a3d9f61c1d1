"""The engine's end of the two pipes to a far side."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .launch import FarSide, first_lines

GRACE_S = 0.5
"""How long the far side's command may take to end by itself once its standard input has ended."""

STDERR_TAIL_BYTES = 4096

LONGEST_LINE_BYTES = 1 << 20
"""No event is so long: a longer line is somebody else's, and is read in pieces."""


@dataclass(frozen=True)
class FarLine:
    """A line that the far side wrote on `connection`."""

    connection: Connection
    data: bytes


@dataclass(frozen=True)
class Closed:
    """The far side's command has ended, or can no longer be read."""

    connection: Connection


class Connection:
    """A running far side. `receive` is called in a thread of its own, with every FarLine and at last with Closed.

    Raises OSError if the command cannot be started.
    """

    def __init__(self, far: FarSide, receive: Callable[[FarLine | Closed], None]) -> None:
        # A file, since nobody would drain a pipe; a session of its own, so that ctrl+c in a terminal stays ours.
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the connection
        self._process = subprocess.Popen(
            far.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, start_new_session=True
        )
        self._receive = receive
        self._closed = False
        # Writes wait in a thread: an `ssh` that does not answer reads nothing either.
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._to_send.put(first_lines())
        threading.Thread(target=self._write, name="far side's input", daemon=True).start()
        threading.Thread(target=self._read, name="far side's output", daemon=True).start()

    def request(self, do: str, **fields: Any) -> None:
        """Ask something of the far side; that it is gone shows in Closed."""
        self._to_send.put(json.dumps({"do": do, **fields}).encode() + b"\n")

    def close(self) -> None:
        """End the far side: by the end of its standard input, else by force. Once is enough."""
        if self._closed:
            return
        self._closed = True
        import psutil  # not for the first frame

        try:
            family = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            family = []
        self._to_send.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        # A worker leads a group of its own: a supervisor that is stopped or stuck would leave it behind.
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    @property
    def exit_code(self) -> int | None:
        """How the command ended; None while it runs."""
        return self._process.poll()

    def stderr_tail(self) -> str:
        """What the command last wrote on standard error."""
        size = os.fstat(self._stderr.fileno()).st_size
        start = max(0, size - STDERR_TAIL_BYTES)
        return os.pread(self._stderr.fileno(), size - start, start).decode(errors="replace").strip()

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while (data := self._to_send.get()) is not None:
                pipe.write(data)
                pipe.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for data in iter(lambda: output.readline(LONGEST_LINE_BYTES), b""):
                self._receive(FarLine(self, data))
        self._receive(Closed(self))
