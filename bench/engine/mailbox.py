"""What an engine is told: requests from any thread, lines from the far side, in one place to wait at."""

from __future__ import annotations

import contextlib
import math
import queue
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from ..plan import Plan
from .connection import Closed, FarLine

MOST_UNREAD_LINES = 4096
"""A far side that writes faster than it is read has to wait."""

BEAT_S = 1.0
"""Nobody waits longer without a look at the clock."""

SUSPENDED_S = 1.0
"""Who looks so much later than that was not waiting: the process was stopped, or the machine asleep."""


@dataclass(frozen=True)
class StartWorkers:
    """Have workers started that no plan has asked for yet."""


@dataclass(frozen=True)
class Submit:
    """Measure this plan, its cases under these ids; empty: under new ones."""

    plan: Plan
    case_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """Say what code of the user's is: `workload`, called with `inputs`, to be measured on `device`."""

    workload: str
    inputs: str
    device: str


@dataclass(frozen=True)
class Cancel:
    """Give up the plan under way."""


@dataclass(frozen=True)
class Skip:
    """Give up the case under way."""


@dataclass(frozen=True)
class Pause:
    """Begin no other case (`on`), or go on."""

    on: bool


@dataclass(frozen=True)
class Close:
    """Give up everything."""


@dataclass(frozen=True)
class Wake:
    """There may be a request."""


@dataclass(frozen=True)
class Overslept:
    """For so many seconds nobody was awake to hear what came, nor perhaps to do what a deadline is set for."""

    for_s: float


Request = StartWorkers | Submit | Look | Cancel | Skip | Pause | Close


class Mailbox:
    """Requests overtake what the far side writes, which may be any amount. One thread takes, any may put."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._inbox: queue.Queue[FarLine | Closed | Wake] = queue.Queue(MOST_UNREAD_LINES)
        self._taken: FarLine | Closed | Wake | None = None
        self._clock = clock
        self._awake_at = math.inf

    def ask(self, request: Request) -> None:
        """Put a request."""
        self._requests.put(request)
        with contextlib.suppress(queue.Full):  # then nobody is waiting who had to be woken
            self._inbox.put_nowait(Wake())

    def put(self, item: FarLine | Closed) -> None:
        """Put what came from the far side; waits while there is too much of it."""
        self._inbox.put(item)

    def next(self, deadline: float) -> Request | FarLine | Closed | Wake | Overslept | None:
        """What comes next, requests first; None if nothing has come by the deadline (monotonic time)."""
        while True:
            if asleep_s := self._asleep_s():
                return Overslept(asleep_s)
            with contextlib.suppress(queue.Empty):
                return self._requests.get_nowait()
            if self._taken is not None:
                taken, self._taken = self._taken, None
                return taken
            left_s = deadline - self._clock()
            try:
                self._taken = self._inbox.get(timeout=max(min(left_s, BEAT_S), 0))
            except queue.Empty:
                if left_s <= 0:
                    return None

    def _asleep_s(self) -> float:
        """For how long nobody has been here, where that is longer than anyone who is awake stays away; else 0."""
        now = self._clock()
        away_s, self._awake_at = now - self._awake_at, now
        return away_s if away_s >= BEAT_S + SUSPENDED_S else 0.0
