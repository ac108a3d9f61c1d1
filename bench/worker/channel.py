"""The worker's two pipes and its log: taken away from everything else that runs in the process."""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any

from ..events import Event, to_line

LOG_LIMIT_BYTES = 64 << 20
BEGINNING_BYTES = 64 << 10


class Channel:
    """Requests come in and events go out, through descriptors that no user's code knows of.

    File descriptor 0 becomes /dev/null (a user's `input()` would eat a request), 1 joins 2, the log.
    """

    def __init__(self) -> None:
        self._requests = os.dup(0)
        self._events = os.dup(1)
        self.log = Log(os.dup(2))
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        # The log is a file, so Python would keep prints in a buffer until it is too late to report them.
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(line_buffering=True)
        self._buffer = b""
        self._pending: list[dict[str, Any]] = []
        self._held: list[str] | None = None
        """The events that are held back; None while each is written at once."""

    def emit(self, event: Event) -> None:
        """Write an event, unless events are held back."""
        if self._held is None:
            self._write(to_line(event))
        else:
            self._held.append(to_line(event))

    def hold(self) -> None:
        """Hold events back until `release`, so that nobody works on them meanwhile."""
        self._held = self._held or []

    def release(self) -> None:
        """Write the events that were held back, together, and those that follow at once."""
        held, self._held = self._held, None
        if held:
            self._write("\n".join(held))

    def running(self, mode: str) -> None:
        """Tell the supervisor which mode is at work, and where its log begins, for the case that it dies of it."""
        self._write(f"@{mode} {self.log.size}")

    def next_request(self) -> dict[str, Any] | None:
        """Wait for a request; None at the end of the pipe."""
        while not self._pending and self._read():
            pass
        return self._pending.pop(0) if self._pending else None

    def stop_requested(self) -> bool:
        """Whether to give up the case under way: a `stop` came, or the engine is gone. Does not block."""
        while select.select([self._requests], [], [], 0)[0]:
            if not self._read():
                return True
        stop = any(request["do"] == "stop" for request in self._pending)
        self._pending = [request for request in self._pending if request["do"] != "stop"]
        return stop

    def _read(self) -> bool:
        chunk = os.read(self._requests, 1 << 16)
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        self._pending.extend(json.loads(line) for line in lines)
        return bool(chunk)

    def _write(self, line: str) -> None:
        data = (line + "\n").encode()
        while data:
            data = data[os.write(self._events, data) :]


class Log:
    """The file that descriptors 1 and 2 append to, read by offset."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._offset = 0

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return os.fstat(self._descriptor).st_size

    def beginning(self) -> str:
        """Return what was logged first, as far as it is worth reading."""
        return os.pread(self._descriptor, BEGINNING_BYTES, 0).decode(errors="replace")

    def new_text(self) -> str:
        """What was logged since the last call."""
        size = self.size
        data = os.pread(self._descriptor, size - self._offset, self._offset)
        self._offset = size
        if size > LOG_LIMIT_BYTES:
            os.ftruncate(self._descriptor, 0)
            self._offset = 0
        return data.decode(errors="replace")
