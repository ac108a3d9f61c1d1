"""The line to the terminal: it may be slow, and it may be cut."""

from __future__ import annotations

import os
import select
import signal
import sys
from typing import TextIO


class TtyStatus:
    """The streams that Textual reads and writes, as far as they are a terminal now."""

    def __init__(self) -> None:
        self._input = _terminal(sys.__stdin__)
        self._output = _terminal(sys.__stderr__)

    @property
    def takes_more(self) -> bool:
        """Whether what was written so far is on its way; over a slow line that takes a while.

        Who draws regardless fills the line with what is soon outdated, and keys are answered behind all of it.
        """
        return self._output is None or bool(_state(self._output, select.POLLOUT))

    @property
    def is_cut(self) -> bool:
        """Whether the terminal is gone for good: it was closed, or the connection to it."""
        return self._input is not None and bool(_state(self._input, 0) & select.POLLHUP)


def end_as_hung_up() -> None:
    """What the system does to who loses the terminal, and has not done to a process that was told to ignore it."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGHUP)


def _terminal(stream: TextIO | None) -> int | None:
    return stream.fileno() if stream is not None and stream.isatty() else None


def _state(descriptor: int, wanted: int) -> int:
    poll = select.poll()
    poll.register(descriptor, wanted)
    return dict(poll.poll(0)).get(descriptor, 0)
