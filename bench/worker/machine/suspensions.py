"""Whether this process was stopped and let go on meanwhile (SIGSTOP, SIGCONT), as batch systems do to who must wait.

What was timed across that is false: the clock ran on.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

MOST_TRIES = 3
"""Who is stopped again and again is rationed (`cpulimit`): that is how the machine is."""

T = TypeVar("T")


class Stops:
    """How often the process was stopped, as far as it has listened. `lost_s`: what was done again took so long."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self.count = 0
        self.lost_s = 0.0

    def listen(self) -> None:
        """From now on hear of every stop. For the main thread, in which signals arrive."""
        signal.signal(signal.SIGCONT, self.note)
        signal.siginterrupt(signal.SIGCONT, False)

    def note(self, *_: object) -> None:
        """The process goes on after a stop."""
        self.count += 1

    def now(self) -> float:
        """Seconds on a clock that leaves out what was done again."""
        return self._clock() - self.lost_s

    def without(self, work: Callable[[], T]) -> T:
        """What `work` returns when it was not stopped in it; else it is done again, a few times at most."""
        for _ in range(MOST_TRIES - 1):
            before, begun = self.count, self._clock()
            done = work()
            if self.count == before:
                return done
            self.lost_s += self._clock() - begun
        return work()
