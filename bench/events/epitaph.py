"""Why a worker ended, in one line."""

from __future__ import annotations

import re

from . import Died

ERROR_LINE = re.compile(r"Fatal |[\w.]*(Error|Exception)\b|[EF]\d{4} ")
"""How Python, its fault handler and TensorFlow begin a line that names an error."""


def epitaph(died: Died) -> str:
    """How a worker ended, in words."""
    words = f"the worker ended: {died.signal or f'exit code {died.exit_code}'}"
    if died.signal == "SIGKILL":
        words += " (perhaps for want of memory)"
    said = last_words(died)
    return f"{words}; its log says: {said}" if said else words


def last_words(died: Died) -> str:
    """The line of a dead worker's log that most likely says why: the last that names an error, else the last."""
    telling = [line for line in died.log_tail if ERROR_LINE.match(line)]
    return (telling or list(died.log_tail) or [""])[-1].strip()
