"""A clock that a test sets on, for an engine whose deadlines are minutes away."""

from __future__ import annotations

import threading

from tests.driver import PATIENCE_S, Driver


class Clock:
    """Stands still until it is set on: `Driver(far, clock=clock)`."""

    def __init__(self) -> None:
        self._now = 0.0
        self._reads = 0
        self._read = threading.Condition()

    def __call__(self) -> float:
        """Return the time."""
        with self._read:
            self._reads += 1
            self._read.notify_all()
            return self._now

    def pass_by(self, driver: Driver, seconds: int) -> None:
        """Let seconds pass one by one, each while the engine is awake to see it."""
        for _ in range(seconds):
            with self._read:
                self._now += 1.0
                start = self._reads
            driver.engine.pause(on=False)  # nothing is paused: this only has it look at its clock
            with self._read:
                assert self._read.wait_for(lambda start=start: self._reads >= start + 3, PATIENCE_S)  # type: ignore[misc]
