"""A process of its own for units that share what they import, build and warm, and that no other unit shall find."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from tests.fidelity.part import Key, Values

TAIL_BYTES = 2_000


class OwnProcessError(RuntimeError):
    """The process ended, with the end of what it said; or what it measured raised, with the traceback."""


class OwnProcess:
    """A fresh interpreter that calls `measure` with one key after another. It ends with the process that made it."""

    def __init__(self, measure: Callable[[Key], Values]) -> None:
        context = get_context("spawn")
        self._log = tempfile.NamedTemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end, measure, self._log.name), daemon=True)
        self._process.start()
        far_end.close()

    def measure(self, key: Key) -> Values:
        """Measure a unit there. Raises OwnProcessError."""
        try:
            self._connection.send(dict(key))
            answer: Values | str = self._connection.recv()
        except (EOFError, OSError):
            self._process.join()
            raise OwnProcessError(f"it ended with {self._process.exitcode}\n{self._tail()}") from None
        if isinstance(answer, str):
            raise OwnProcessError(answer)
        return answer

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._log.close()

    def _tail(self) -> str:
        end = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), TAIL_BYTES, max(end - TAIL_BYTES, 0)).decode(errors="replace")


def _serve(connection: Connection[Any, Any], measure: Callable[[Key], Values], log: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that made this one
    said = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    while True:
        try:
            key: Key = connection.recv()
        except EOFError:
            return
        try:
            answer: Values | str = measure(key)
        except Exception:
            answer = traceback.format_exc()
        connection.send(answer)
