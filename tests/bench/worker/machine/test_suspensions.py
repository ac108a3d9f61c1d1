"""What is done again when the process was stopped in it, and what is not."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from bench.worker.machine.suspensions import MOST_TRIES, Stops


class Work:
    """Takes a second of its own clock, and is stopped in its first few times."""

    def __init__(self, stopped: int) -> None:
        self.stops = Stops(lambda: float(self.done))
        self.done = 0
        self._stopped = stopped

    def __call__(self) -> int:
        self.done += 1
        if self.done <= self._stopped:
            self.stops.note()
        return self.done


@pytest.fixture
def stops() -> Iterator[Stops]:
    """Listens, in a process that had no use for SIGCONT."""
    stops = Stops()
    before = signal.getsignal(signal.SIGCONT)
    stops.listen()
    yield stops
    signal.signal(signal.SIGCONT, before)


@pytest.mark.parametrize(("stopped", "done"), [(0, 1), (1, 2), (2, 3), (99, MOST_TRIES)])
def test_what_was_stopped_is_done_again_a_few_times_at_most(stopped: int, done: int) -> None:
    work = Work(stopped)
    assert work.stops.without(work) == done


@pytest.mark.parametrize(("stopped", "lost_s"), [(0, 0), (1, 1), (2, 2), (99, MOST_TRIES - 1)])
def test_what_is_kept_of_it_is_no_time_lost(stopped: int, lost_s: float) -> None:
    work = Work(stopped)
    work.stops.without(work)
    assert work.stops.lost_s == lost_s


def test_who_listens_hears_that_the_process_goes_on(stops: Stops) -> None:
    os.kill(os.getpid(), signal.SIGCONT)
    assert stops.count == 1
