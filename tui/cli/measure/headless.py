"""Measure without a screen: drive a source to the end of a plan and show progress."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bench.engine.source import Source
from bench.events import CaseFinished, Devices, Event, Notice, PlanFinished
from bench.plan import DEFAULT_DEVICE, Plan
from bench.session.results import CaseResult
from bench.session.session import Session

from ...presentation.device_text import gpus_beside
from ...presentation.status_text import describe, describe_case
from ..console import ProgressLine, say
from .interruption import Interruption


class ProgressReporter:
    """Tells of a plan while it is measured: progress, notices, and each case as it ends.

    With `offers_gpus`, for who has named no device, also which GPUs there are beside the CPU.
    """

    def __init__(self, on_case: Callable[[CaseResult], object] = lambda _: None, *, offers_gpus: bool = False) -> None:
        self._on_case = on_case
        self._offers_gpus = offers_gpus
        self._progress = ProgressLine()

    def take(self, session: Session, event: Event) -> None:
        """Tell of an event that the session has taken in."""
        if isinstance(event, Notice) and event.severity != "log":
            self._progress.clear()
            say(event.text)
        if isinstance(event, Devices) and self._offers_gpus:
            self._offer_gpus(event)
        if isinstance(event, CaseFinished):
            self._progress.clear()
            self._on_case(session.cases[event.case_id])
        elif session.measuring or session.worker == "starting":
            self._progress.show(progress_text(session))
        else:
            self._progress.clear()

    def _offer_gpus(self, event: Devices) -> None:
        if gpus := gpus_beside(DEFAULT_DEVICE, event.devices, "by --device GPU:0"):
            self._offers_gpus = False  # other far sides have more of them
            self._progress.clear()
            say(gpus)


def progress_text(session: Session) -> str:
    """`2 of 4, about 9 s to go · round 12 · 3 s left · lstm`."""
    case, state = session.current, describe(session)
    return f"{state} · {describe_case(case.case)}" if case else state


def measure(
    source: Source,
    plan: Plan,
    reporter: ProgressReporter,
    case_ids: tuple[str, ...] = (),
    session: Session | None = None,
    *,
    interruption: Interruption | None = None,
) -> Session:
    """Return the session after the plan; `session`: one to go on with. An interruption cancels the plan."""
    session = Session() if session is None else session
    interruption = Interruption() if interruption is None else interruption
    with interruption.giving_up_by(source.cancel):
        source.submit(plan, case_ids)
        if interruption:  # before there was something to cancel
            source.cancel()
        for event in source.events():
            session.apply(event)
            reporter.take(session, event)
            if isinstance(event, PlanFinished):
                source.close()
    return session


def find_devices(source: Source, interruption: Interruption) -> Session:
    """Return the session after TensorFlow listed its devices, or could not."""
    return measure_there(source, lambda _: None, interruption)


def measure_there(
    source: Source,
    plan_for: Callable[[Session], Plan | None],
    interruption: Interruption,
    reporter: ProgressReporter | None = None,
) -> Session:
    """As `measure`, for a plan that depends on what is there: it is asked for once TensorFlow has listed its devices.

    Where that is None, or TensorFlow cannot be loaded, nothing is measured.
    """
    session, submitted = Session(), threading.Event()
    asked = False
    with interruption.giving_up_by(lambda: source.cancel() if submitted.is_set() else source.close()):
        if interruption:
            source.close()
        for event in source.events():
            session.apply(event)
            if reporter is not None:
                reporter.take(session, event)
            if isinstance(event, Devices) and not asked:
                asked = True
                plan = plan_for(session)
                if plan is None or interruption:
                    source.close()
                else:
                    submitted.set()
                    source.submit(plan)
            elif isinstance(event, PlanFinished) or (not asked and session.worker in ("failed", "lost")):
                source.close()
    return session
