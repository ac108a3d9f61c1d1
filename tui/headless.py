"""Measuring without a screen: drives a source to the end of a plan, shows progress, heeds Ctrl-C."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from bench.events import CaseFinished, Event, Notice, PlanFinished
from bench.plan import Plan
from bench.results import CaseResult
from bench.session import Session
from bench.source import Source

from .activity import describe


class ProgressLine:
    """One line on a terminal's stderr that is written over and over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = ""
        self._terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Put `text` in place of what is shown."""
        text = text[: shutil.get_terminal_size().columns - 1]
        if self._terminal and text != self._shown:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._shown = text

    def clear(self) -> None:
        """Leave an empty line for what is printed next."""
        self.show("")


class Watch:
    """What is told of a plan while it is measured: progress, notices, and each case as it ends."""

    def __init__(self, on_case: Callable[[CaseResult], None]) -> None:
        self._on_case = on_case
        self._progress = ProgressLine()

    def take(self, session: Session, event: Event) -> None:
        """Tell of an event that the session has taken in."""
        if isinstance(event, Notice) and event.severity in ("warning", "error"):
            self._progress.clear()
            sys.stderr.write(f"{event.text}\n")
        if isinstance(event, CaseFinished):
            self._progress.clear()
            self._on_case(session.cases[event.case_id])
        elif session.measuring:
            self._progress.show(progress_text(session))
        else:
            self._progress.clear()


def progress_text(session: Session) -> str:
    """`case 2 of 4 · lstm · round 12 · 3 s left`."""
    case = session.current
    state = describe(session)
    if case is None:
        return state
    number = list(session.cases).index(case.case_id) + 1
    return f"case {number} of {len(session.cases)} · {case.case.workload} · {state}"


def measure(source: Source, plan: Plan, watch: Watch) -> tuple[Session, bool]:
    """The session after the plan, and whether it was interrupted."""
    session = Session()
    with interruptible(source.cancel) as interrupted:
        source.submit(plan)
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
    session = Session()
    for event in source.events():
        session.apply(event)
        if session.devices or session.worker in ("failed", "lost"):
            source.close()
    return session
