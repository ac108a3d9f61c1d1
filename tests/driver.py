"""Drives an engine in a thread, as the application does, and lets a test wait for what it emits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TypeVar

from bench.engine.engine import Engine
from bench.engine.launch import FarSide
from bench.events import Event, PlanFinished
from bench.plan import Case, Effort, Plan, WorkerOptions
from bench.session.results import CaseResult
from bench.session.session import Session

PATIENCE_S = 120.0
"""Longer than anything takes: a test that waits so long has failed, and says so instead of hanging."""

QUICK = Effort(budget_s=0.2)

E = TypeVar("E", bound=Event)


class Driver:
    """An engine under way, and all it has emitted."""

    def __init__(
        self, *fars: FarSide, options: WorkerOptions | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self.engine = Engine(*(fars or (FarSide.from_options(),)), options=options, clock=clock)
        self.emitted: list[Event] = []
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._iterate, daemon=True)

    def __enter__(self) -> Driver:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.engine.close()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the engine did not close"

    @property
    def mark(self) -> int:
        """Where the record stands now: what is waited for `since` a mark comes after it."""
        return len(self.emitted)

    def wait_for(self, kind: type[E], where: Callable[[E], bool] = lambda _: True, *, since: int = 0) -> E:
        """The first event of a kind, from `since` on, that fulfils `where`; waits until it comes."""

        def found() -> E | None:
            return next((event for event in self.emitted[since:] if isinstance(event, kind) and where(event)), None)

        with self._news:
            assert self._news.wait_for(lambda: found() is not None, PATIENCE_S), f"no {kind.__name__} came"
            event = found()
            assert event is not None
            return event

    def measure(self, *cases: Case, effort: Effort = QUICK, case_timeout_s: float = 120.0) -> list[CaseResult]:
        """Measure the cases and return their results."""
        mark = self.mark
        self.engine.submit(Plan(cases=cases, effort=effort, case_timeout_s=case_timeout_s))
        self.wait_for(PlanFinished, since=mark)
        return list(Session(self.emitted).cases.values())[-len(cases) :]

    def _iterate(self) -> None:
        for event in self.engine.events():
            with self._news:
                self.emitted.append(event)
                self._news.notify_all()
