"""Runs plans: drives one far side, case by case, and yields every event; cancels, restarts, leaves nothing behind.

All state belongs to the one thread that iterates `Engine.events`. What others ask for (`submit`, `cancel`, `close`) and
what the far side writes arrive in one inbox, in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from .agenda import Agenda
from .attempt import Attempt
from .connection import Closed, Line
from .epitaph import epitaph, last_words
from .events import (
    PROTOCOL,
    CaseFinished,
    Died,
    Event,
    FarLost,
    Hello,
    ModeFailed,
    PlanFinished,
    PlanPaused,
    ProcessFinished,
    SessionStarted,
    WorkerReleased,
    WorkerStarting,
)
from .far_worker import RELEASED_FOR, FarWorker
from .journal import Journal, Keeper
from .launch import FarSide
from .mailbox import Cancel, Close, Mailbox, Overslept, Pause, Skip, Submit
from .plan import Plan, WorkerOptions
from .said import Said
from .wire import WireError, read_line

GRACE_S = 0.5
"""What the worker wrote while this process slept is read within that."""


class Engine:
    """A Source that measures."""

    def __init__(
        self,
        far: FarSide,
        *,
        journal: Journal | None = None,
        session_id: str = "",
        version: str = "",
        options: WorkerOptions | None = None,
    ) -> None:
        self._far = far
        self._keeper = Keeper(journal)
        self._session_id = session_id
        self._version = version
        self._mailbox = Mailbox()
        self._worker = FarWorker(far, options or WorkerOptions(), self._mailbox.put)
        self._said = Said()
        self._agenda = Agenda()

    # --- asked for from any thread --------------------------------------------------------------------------------

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """Measure a plan, in place of the one under way; its cases under these ids, or new ones."""
        self._mailbox.ask(Submit(plan, case_ids))

    def cancel(self) -> None:
        """Give up the plan under way, within a second."""
        self._mailbox.ask(Cancel())

    def skip(self) -> None:
        """Give up the case under way, within a second, and go on with the next."""
        self._mailbox.ask(Skip())

    def pause(self, *, on: bool) -> None:
        """Begin no other case of the plan (`on`), or go on with it."""
        self._mailbox.ask(Pause(on))

    def close(self) -> None:
        """Give up everything and end the far side; `events` then ends."""
        self._mailbox.ask(Close())

    # --- the one thread that owns the state -----------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Start a worker and yield every event, each written to the journal first, until closed."""
        try:
            for event in self._serve():
                trouble = self._keeper.keep(event)
                yield event
                if trouble:
                    yield trouble
        finally:
            self._worker.hang_up()

    def _serve(self) -> Iterator[Event]:
        yield SessionStarted(session_id=self._session_id, version=self._version, far=str(self._far))
        yield from self._start_worker()
        while True:
            match self._mailbox.next(self._worker.deadline):
                case None:
                    yield from self._on_deadline()
                case Overslept():
                    self._worker.deadline = monotonic() + GRACE_S
                case Close():
                    self._agenda.next = None
                    yield from self._end_plan(cancelled=True)
                    return
                case Submit() as submitted:
                    yield from self._on_submit(submitted)
                case Cancel():
                    self._agenda.next = None
                    yield from self._stop()
                case Skip():
                    self._skip()
                case Pause(on):
                    yield from self._on_pause(on=on)
                case Line(connection, data) if self._worker.is_on(connection):
                    yield from self._on_line(data)
                case Closed(connection) if self._worker.is_on(connection):
                    yield from self._lose_far()

    # --- plans ----------------------------------------------------------------------------------------------------

    def _on_submit(self, submitted: Submit) -> Iterator[Event]:
        if self._agenda.plan is not None:
            self._agenda.next = submitted
            yield from self._stop()
            return
        yield self._agenda.take_up(submitted)
        yield from self._go_on()

    def _go_on(self) -> Iterator[Event]:
        """Take the plan as far as the worker's state allows."""
        agenda = self._agenda
        if agenda.plan is None:
            return
        if not agenda.waiting:
            yield from self._end_plan(cancelled=False)
        elif agenda.paused:
            return
        elif self._worker.state == "none":
            yield from self._start_worker()
        elif self._worker.state == "ready":
            self._measure(agenda.plan)

    def _measure(self, plan: Plan) -> None:
        """Have the next case measured, by another worker where this one will not do."""
        if plan.effort.processes > 1 and not self._worker.fresh:
            self._worker.kill("process")
        elif not self._worker.holds(self._agenda.waiting[0].case.device):
            self._worker.kill("device")
        elif self._worker.bloated:
            self._worker.kill("memory")
        else:
            self._worker.measure(self._agenda.begin(), plan)

    def _on_pause(self, *, on: bool) -> Iterator[Event]:
        if self._agenda.plan is not None and self._agenda.paused != on:
            self._agenda.paused = on
            yield PlanPaused(paused=on)
            if self._agenda.current is None:
                yield from self._go_on()

    def _skip(self) -> None:
        if self._worker.state == "busy" and self._agenda.next is None:
            self._agenda.skipping = True
            self._worker.stop()

    def _stop(self) -> Iterator[Event]:
        self._agenda.skipping = False
        if self._worker.state == "busy":
            self._worker.stop()
        elif self._worker.state == "killed" and self._agenda.current is not None:
            self._worker.killed_for = "cancelled"
        elif self._agenda.current is None:
            yield from self._end_plan(cancelled=True)

    def _end_plan(self, *, cancelled: bool, error: str = "") -> Iterator[Event]:
        """End what has not ended, then take up the plan that waits, if one does."""
        if self._agenda.plan is None:
            return
        for attempt in self._agenda.end():
            yield CaseFinished(case_id=attempt.case_id, error=error, cancelled=cancelled, abandoned=bool(error))
        yield PlanFinished(cancelled=cancelled)
        submitted, self._agenda.next = self._agenda.next, None
        if submitted is not None:
            yield from self._on_submit(submitted)

    def _has_stopped(self) -> Iterator[Event]:
        """The case under way was given up, and all that wait with it unless it alone was to be skipped."""
        if not self._agenda.skipping:
            yield from self._end_plan(cancelled=True)
            return
        self._agenda.skipping = False
        if skipped := self._agenda.current:
            self._agenda.current = None
            yield CaseFinished(case_id=skipped.case_id, cancelled=True)
        yield from self._go_on()

    # --- the worker -----------------------------------------------------------------------------------------------

    def _start_worker(self) -> Iterator[Event]:
        try:
            self._worker.start()
        except OSError as error:
            yield from self._lose_far(f"{self._far.argv[0]} could not be started: {error.strerror or error}")
        else:
            yield WorkerStarting()

    def _on_deadline(self) -> Iterator[Event]:
        match self._worker.state:
            case "busy":
                self._worker.kill("timed_out")
            case "stopping":
                self._worker.kill("cancelled")
            case "ready":
                self._worker.kill("idle")
            case _:
                yield from self._lose_far("its supervisor does not answer")

    def _on_line(self, data: bytes) -> Iterator[Event]:
        try:
            event = read_line(data)
        except WireError:
            if notice := self._said.take(data):
                yield notice
            return
        match event:
            case Died():
                yield from self._on_death(event)
            case Hello(protocol=protocol) if protocol != PROTOCOL:
                yield from self._lose_far(f"it speaks protocol {protocol}, this side {PROTOCOL}")
            case Hello():
                yield event
                self._worker.rest()
                yield from self._go_on()
            case CaseFinished():
                yield event
                self._worker.has_finished(event)
                yield from self._on_case_finished()
            case ProcessFinished() if self._agenda.current is not None:
                yield event
                if self._agenda.skipping:
                    yield CaseFinished(case_id=self._agenda.current.case_id, cancelled=True)
                else:
                    self._agenda.waiting.appendleft(self._agenda.current.in_next_process())
                yield from self._on_case_finished()
            case Event():
                self._agenda.note(event)
                yield event

    def _on_case_finished(self) -> Iterator[Event]:
        self._agenda.current = None
        stopped = self._worker.state == "stopping" or self._worker.killed_for == "cancelled"
        if self._worker.state != "killed":
            self._worker.rest()
        yield from self._has_stopped() if stopped else self._go_on()

    # --- the worker's end -----------------------------------------------------------------------------------------

    def _on_death(self, died: Died) -> Iterator[Event]:
        stopping = self._worker.state == "stopping"
        reason = self._worker.has_ended()
        if reason and self._agenda.current is None:
            yield WorkerReleased(reason=RELEASED_FOR[reason])
            yield from self._start_worker() if reason == "process" else self._go_on()
        elif stopping or reason == "cancelled":
            yield WorkerReleased(reason=RELEASED_FOR["cancelled"])
            yield from self._start_worker()
            yield from self._has_stopped()
        elif self._agenda.current is not None:
            yield died
            yield from self._start_worker()
            yield from self._blame(self._agenda.current, died, timed_out=reason == "timed_out")
            yield from self._go_on()
        else:
            yield died
            yield from self._end_plan(cancelled=False, error=f"the worker could not start: {last_words(died)}")

    def _blame(self, attempt: Attempt, died: Died, *, timed_out: bool) -> Iterator[Event]:
        """Fail the mode that was running; measure the others again if they have no figures yet."""
        assert self._agenda.plan is not None
        self._agenda.current = None
        mode, modes = died.running, attempt.case.modes
        too_slow = f"not finished after {self._agenda.plan.case_timeout_s:g} s (--case-timeout)"
        status, words = ("timed_out", too_slow) if timed_out else ("failed", epitaph(died))
        if mode in modes:
            yield ModeFailed(case_id=attempt.case_id, mode=mode, status=status, error=words)
        if not mode or not self._agenda.try_again(attempt, mode):
            yield CaseFinished(case_id=attempt.case_id, error="" if mode in modes else words)

    def _lose_far(self, reason: str = "") -> Iterator[Event]:
        exit_code, stderr = self._worker.hang_up()
        words = "\n".join(filter(None, (*self._said.quote(), stderr, reason))) or "its connection was closed"
        yield FarLost(exit_code=exit_code, reason=words)
        yield from self._end_plan(cancelled=False, error=f"the far side was lost: {words.splitlines()[-1]}")
