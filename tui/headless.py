"""Measuring without a screen: drives a source to the end of a plan, shows progress, heeds Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from bench.events import CaseFinished, Devices, Event, Notice, PlanFinished
from bench.plan import Plan
from bench.results import CaseResult
from bench.session import Session
from bench.source import Source

from .activity import describe, describe_case
from .console import ProgressLine, say


class Watch:
    """What is told of a plan while it is measured: progress, notices, and each case as it ends."""

    def __init__(self, on_case: Callable[[CaseResult], object] = lambda _: None) -> None:
        self._on_case = on_case
        self._progress = ProgressLine()

    def take(self, session: Session, event: Event) -> None:
        """Tell of an event that the session has taken in."""
        if isinstance(event, Notice) and event.severity in ("warning", "error"):
            self._progress.clear()
            say(event.text)
        if isinstance(event, CaseFinished):
            self._progress.clear()
            self._on_case(session.cases[event.case_id])
        elif session.measuring or session.worker == "starting":
            self._progress.show(progress_text(session))
        else:
            self._progress.clear()


def progress_text(session: Session) -> str:
    """`2 of 4, about 9 s to go · round 12 · 3 s left · lstm`."""
    case, state = session.current, describe(session)
    return f"{state} · {describe_case(case.case)}" if case else state


def measure(
    source: Source, plan: Plan, watch: Watch, case_ids: tuple[str, ...] = (), session: Session | None = None
) -> tuple[Session, bool]:
    """The session after the plan, and whether it was interrupted; `session`: one to go on with."""
    session = session or Session()
    with interruptible(source.cancel) as interrupted:
        source.submit(plan, case_ids)
        for event in source.events():
            session.apply(event)
            watch.take(session, event)
            if isinstance(event, PlanFinished):
                source.close()
    return session, interrupted.is_set()


@contextmanager
def interruptible(cancel: Callable[[], None]) -> Iterator[threading.Event]:
    """The first Ctrl-C calls `cancel` and sets the event; a second one ends the process at once."""
    interrupted = threading.Event()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        interrupted.set()
        # In a thread: the one interrupted here may hold what `cancel` needs.
        threading.Thread(target=cancel, name="cancel", daemon=True).start()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def find_devices(source: Source) -> Session:
    """The session after TensorFlow listed its devices, or could not."""
    return measure_there(source, lambda _: None)[0]


def measure_there(
    source: Source, plan_for: Callable[[Session], Plan | None], watch: Watch | None = None
) -> tuple[Session, bool]:
    """As `measure`, for a plan that depends on what is there: it is asked for once TensorFlow has listed its devices.

    Where that is None, or TensorFlow cannot be loaded, nothing is measured.
    """
    session, submitted = Session(), threading.Event()
    asked = False
    with interruptible(lambda: source.cancel() if submitted.is_set() else source.close()) as interrupted:
        for event in source.events():
            session.apply(event)
            if watch is not None:
                watch.take(session, event)
            if isinstance(event, Devices) and not asked:
                asked = True
                plan = plan_for(session)
                if plan is None or interrupted.is_set():
                    source.close()
                else:
                    submitted.set()
                    source.submit(plan)
            elif isinstance(event, PlanFinished) or (not asked and session.worker in ("failed", "lost")):
                source.close()
    return session, interrupted.is_set()
