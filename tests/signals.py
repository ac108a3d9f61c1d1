"""Signals that whoever started the tests ignores: `nohup` SIGHUP, a shell SIGINT and SIGQUIT in the background.

A program inherits what is ignored, and a test that sends it such a signal would wait for ever.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

OF_PYTHON = frozenset({signal.SIGPIPE, signal.SIGXFSZ})
"""Python itself ignores these, and `subprocess` gives children the default back."""


def ignored_signals() -> list[signal.Signals]:
    """Return the signals that this process ignores and a program that it starts would."""
    return [
        number for number in signal.Signals if signal.getsignal(number) is signal.SIG_IGN and number not in OF_PYTHON
    ]


@contextmanager
def catch_ignored_signals() -> Iterator[None]:
    """Do nothing on the ignored signals, by handlers: those are not inherited. Only for the main thread."""
    numbers = ignored_signals()
    for number in numbers:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
