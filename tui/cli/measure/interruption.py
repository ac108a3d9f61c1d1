"""Handle Ctrl-C, SIGTERM and a lost terminal: cancel what is under way, keep what is finished."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """True once a signal has asked the process to end."""

    def __init__(self) -> None:
        self._signal = 0
        self._give_up: Callable[[], object] = lambda: None

    def __bool__(self) -> bool:
        return self._signal != 0

    @property
    def exit_code(self) -> int:
        """The exit code of a process that such a signal has ended; 0 while there was none."""
        return 128 + self._signal if self else 0

    def hear(self, number: int, _frame: FrameType | None = None) -> None:
        """Give up what is under way. From now on a signal ends the process at once."""
        for each in HEEDED:
            if signal.getsignal(each) == self.hear:
                signal.signal(each, signal.SIG_DFL)
        self._signal = number
        # In a thread: the interrupted one may hold a lock that giving up needs.
        threading.Thread(target=self._give_up, name="give up", daemon=True).start()

    @contextmanager
    def giving_up_by(self, give_up: Callable[[], object]) -> Iterator[None]:
        """Have a signal call this, for as long as the context lasts."""
        before, self._give_up = self._give_up, give_up
        try:
            yield
        finally:
            self._give_up = before


@contextmanager
def heeding_signals() -> Iterator[Interruption]:
    """Handle signals while the context lasts, except those that the parent process ignores (nohup)."""
    interruption = Interruption()
    before = {number: signal.getsignal(number) for number in HEEDED}
    heeded = [number for number in HEEDED if number == signal.SIGINT or before[number] != signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, interruption.hear)
    try:
        yield interruption
    finally:
        for number in heeded:
            signal.signal(number, before[number])
