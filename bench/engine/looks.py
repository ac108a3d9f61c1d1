"""User code that is to be looked at: the latest request, and the worker that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..events import Event, Looked, Looking
from ..plan import Case
from .far_worker import FarWorker
from .mailbox import Look


class Looks:
    """`waiting` is the latest request that `worker`, the first far side's, has not taken up yet.

    `start` starts a worker that is not running.
    """

    def __init__(self, worker: FarWorker, start: Callable[[FarWorker, Case | None], Iterator[Event]]) -> None:
        self.waiting: Look | None = None
        self._worker = worker
        self._start = start

    def ask(self, asked: Look | None) -> Iterator[Event]:
        """Look at this in place of what was asked for before; None: at nothing."""
        self.waiting = asked
        if self._worker.state == "looking":
            yield from self._worker.kill("look")

    def take_up(self) -> Iterator[Event]:
        """Have the worker look, or make one ready for it."""
        worker, asked = self._worker, self.waiting
        if worker.state == "none":
            yield from self._start(worker, None)
        elif worker.state == "ready" and (reason := worker.trouble or (worker.changed and "changed")):
            yield from worker.give_way(reason)
        elif worker.state == "ready" and asked is not None:
            worker.look(asked)
            yield Looking(name=asked.workload, far=worker.name)
            self.waiting = None

    def give_up(self, worker: FarWorker, error: str) -> Iterator[Event]:
        """Say that nothing can be looked at any more, if it was to be by this worker."""
        asked = self.waiting
        if worker is self._worker and asked is not None:
            self.waiting = None
            yield Looked(name=asked.workload, error=error, far=worker.name)
