"""Carries plans out: what comes next, upon each request, each line of a far side, and each deadline.

Every method yields the events that it brings about. All of them are called by the one thread that owns the engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..events import (
    PROTOCOL,
    CaseFinished,
    Died,
    Event,
    Hello,
    Killed,
    Looked,
    ModeFailed,
    PlanFinished,
    PlanPaused,
    ProcessFinished,
    WorkerReleased,
    WorkerStarting,
)
from ..plan import Case
from .blame import BLAMED, blame, leave_out
from .endings import unread
from .far_sides import FarSides
from .far_worker import FarWorker
from .looks import Looks
from .mailbox import Look, Submit
from .plan_queue import Attempt, PlanQueue


class Conductor:
    """One plan at a time, on one far side or on several in turn: one worker measures, with the others at rest."""

    def __init__(self, far_sides: FarSides, cases: int = 0) -> None:
        self._far_sides = far_sides
        self._queue = PlanQueue(cases)
        self._looks = Looks(next(iter(far_sides)), self._start)

    # --- requests -------------------------------------------------------------------------------------------------

    def submit(self, submitted: Submit) -> Iterator[Event]:
        """Take up a plan; what is under way is given up first."""
        if self._queue.plan is not None:
            self._queue.next = submitted
            yield from self._stop()
            return
        yield self._queue.take_up(submitted)
        for attempt in self._queue.drop(lambda attempt: self._far_sides.of(attempt.case) is None):
            words = f"there is no far side {attempt.case.far!r} here"
            yield CaseFinished(case_id=attempt.case_id, error=words, abandoned=True)
        yield from self._go_on()

    def look(self, asked: Look) -> Iterator[Event]:
        """Have a worker look at code of the user's, when none measures; the latest that was asked for counts."""
        yield from self._looks.ask(asked)
        yield from self._end_case() if self._at_work and self._at_work.refines else ()
        yield from self._go_on()

    def cancel(self) -> Iterator[Event]:
        """Give up the plan under way and the one that waits for its end, and what is looked at."""
        self._queue.next = None
        yield from self._looks.ask(None)
        yield from self._stop()

    def close(self) -> Iterator[Event]:
        """End everything, without waiting for the worker."""
        self._queue.next = self._looks.waiting = None
        asked = self._at_work is not None and self._at_work.state == "stopping"
        yield from self._end_plan(cancelled=True, broke_off=not asked)

    def skip(self) -> Iterator[Event]:
        """Give up the case under way alone."""
        yield from () if self._queue.next else self._end_case()

    def _end_case(self) -> Iterator[Event]:
        """End the case under way, whose result stands if it has one."""
        worker, waiting = self._at_work, self._queue.waiting
        if worker is not None and worker.state == "busy":
            self._queue.skipping = True
            worker.stop()
        elif worker is not None and worker.state == "killed" and worker.holds_accelerator:
            self._queue.skipping, worker.killed_for = True, "cancelled"
            yield from self._has_stopped()
        elif worker is None and waiting and waiting[0].was_begun:
            yield CaseFinished(case_id=waiting.popleft().case_id, cancelled=True)
            yield from self._go_on()

    def pause(self, *, on: bool) -> Iterator[Event]:
        """Begin no other case, or go on."""
        if self._queue.plan is not None and self._queue.paused != on:
            self._queue.paused = on
            yield PlanPaused(paused=on)
            yield from self._go_on()

    def start_all(self) -> Iterator[Event]:
        """Start the workers that there are none of yet."""
        for worker in self._far_sides:
            if worker.state == "none":
                yield from self._start(worker, self._next_case_of(worker))

    # --- the plan -------------------------------------------------------------------------------------------------

    def _go_on(self) -> Iterator[Event]:
        """Take the plan as far as the workers' states allow."""
        queue = self._queue
        if queue.current is not None:
            return
        if queue.plan is not None and not queue.waiting:
            yield from self._end_plan(cancelled=False)
        elif not self._far_sides.are_at_rest:
            return
        elif self._looks.waiting is not None:
            yield from self._looks.take_up()
        elif queue.plan is not None and not queue.paused:
            plan = queue.plan
            attempt = queue.choose(lambda each: self._far_sides.can_take(each, plan))
            worker = self._worker_of(attempt)
            if worker.state == "none":
                yield from self._start(worker, attempt.case)
            elif worker.state == "ready" and (reason := worker.unfit_for(attempt, plan)):
                yield from worker.give_way(reason)
            elif worker.state == "ready":
                queue.begin(attempt)
                worker.measure(attempt, plan)

    def _worker_of(self, attempt: Attempt) -> FarWorker:
        worker = self._far_sides.of(attempt.case)
        assert worker is not None  # what has no far side was dropped when the plan was taken up
        return worker

    @property
    def _at_work(self) -> FarWorker | None:
        """The worker that has the current case."""
        return self._worker_of(self._queue.current) if self._queue.current else None

    def _stop(self) -> Iterator[Event]:
        worker, self._queue.skipping = self._at_work, False
        if worker is None:
            yield from self._end_plan(cancelled=True)
        elif worker.state == "busy":
            worker.stop()
        elif worker.state == "killed":
            worker.killed_for = "cancelled"
            if worker.holds_accelerator:
                yield from self._has_stopped()

    def _end_plan(self, *, cancelled: bool, broke_off: bool = False) -> Iterator[Event]:
        """End what has not ended, then take up the plan that waits, if one does."""
        if self._queue.plan is None:
            return
        for attempt in self._queue.end():
            yield CaseFinished(case_id=attempt.case_id, cancelled=cancelled)
        yield PlanFinished(cancelled=cancelled, broke_off=broke_off)
        submitted, self._queue.next = self._queue.next, None
        yield from self.submit(submitted) if submitted else self._go_on()

    def _has_stopped(self) -> Iterator[Event]:
        """The case under way was given up, and all that wait with it unless it alone was to be skipped."""
        if not self._queue.skipping:
            yield from self._end_plan(cancelled=True)
            return
        self._queue.skipping = False
        if skipped := self._queue.current:
            self._queue.current = None
            yield CaseFinished(case_id=skipped.case_id, cancelled=True)
        yield from self._go_on()

    # --- the workers ----------------------------------------------------------------------------------------------

    def _next_case_of(self, worker: FarWorker) -> Case | None:
        waiting = (attempt.case for attempt in self._queue.waiting)
        return next((case for case in waiting if self._far_sides.of(case) is worker), None)

    def _start(self, worker: FarWorker, case: Case | None) -> Iterator[Event]:
        try:
            worker.start(case)
        except OSError as error:
            yield from self.lose_far(worker, f"{worker.far.argv[0]} could not be started: {error.strerror or error}")
        else:
            yield WorkerStarting(far=worker.name)

    def on_deadline(self) -> Iterator[Event]:
        """Kill the workers that have taken too long."""
        for worker in self._far_sides:
            if not worker.is_overdue:
                continue
            if not (reason := worker.overdue_for):
                yield from self.lose_far(worker, worker.unended_for)
                continue
            yield from worker.kill(reason)
            if reason == "cancelled" and worker.holds_accelerator:
                yield from self._has_stopped()  # nobody waits for its driver

    def on_line(self, worker: FarWorker, data: bytes) -> Iterator[Event]:
        """Take in what a worker's far side wrote."""
        event = worker.hear(data)
        if event is None or self._is_stale(worker, event):
            return
        worker.note(event)
        match event:
            case Died():
                yield from self._on_death(worker, event)
            case Killed(running=mode):
                yield event
                if worker.killed_for in BLAMED and worker is self._at_work and (current := self._queue.current):
                    yield from blame(self._queue, current, Died(running=mode), worker.killed_for, worker.device)
                    yield from self._go_on()
            case Hello(protocol=protocol) if protocol != PROTOCOL:
                yield from self.lose_far(worker, f"it speaks protocol {protocol}, this side {PROTOCOL}")
            case Hello():
                yield event
                worker.rest()
                yield from self._go_on()
            case Looked():
                yield event
                if worker.state == "looking":  # else it is being killed, since nobody asks any more
                    worker.rest()
                    yield from self._go_on()
            case CaseFinished(cancelled=given_up):
                yield event
                yield from self._on_case_finished(worker, all_done=not (given_up or self._queue.waiting))
            case ProcessFinished() if self._queue.current is not None:
                yield event
                if self._queue.skipping:
                    yield CaseFinished(case_id=self._queue.current.case_id, cancelled=True)
                else:
                    self._queue.waiting.appendleft(self._queue.current.in_next_process())
                yield from self._on_case_finished(worker)
            case ModeFailed(mode=mode) if (current := self._queue.current) is not None:
                if mode in current.case.modes:  # else it was the reference alone, of which only the device is told
                    yield event
                if worker.broken_by and worker.state == "busy":
                    yield from worker.kill("broken")
                    yield from leave_out(self._queue, current, mode, worker.device)
                    yield from self._go_on()
            case _:
                self._queue.note(event)
                yield event

    def _is_stale(self, worker: FarWorker, event: Event) -> bool:
        """Tell whether an event is about a case that a killed worker has no longer."""
        case_id, current = getattr(event, "case_id", None), self._queue.current
        return case_id is not None and worker.state == "killed" and (current is None or current.case_id != case_id)

    def _on_case_finished(self, worker: FarWorker, *, all_done: bool = False) -> Iterator[Event]:
        """Go on, unless a stop was asked for; `all_done`: the plan has ended by itself."""
        self._queue.current = None
        stopped = worker.state == "stopping" or worker.killed_for == "cancelled"
        if worker.state != "killed":
            worker.rest()
        yield from self._has_stopped() if stopped and not all_done else self._go_on()

    # --- a worker's end -------------------------------------------------------------------------------------------

    def _on_death(self, worker: FarWorker, died: Died) -> Iterator[Event]:
        current = self._queue.current if worker is self._at_work else None
        before, looked_at, reason = worker.state, worker.looks_at, worker.has_ended()
        if looked_at and reason != "look":
            yield Looked(name=looked_at, error=unread(reason, died, worker.device), far=worker.name)
        if reason and current is None:
            yield WorkerReleased(reason=worker.was_released_for(reason), far=worker.name)
            # Beside what another worker measures, loading TensorFlow would disturb that.
            again = reason in (*BLAMED, "process", "cancelled", "broken") and self._queue.current is None
            yield from self._start(worker, self._next_case_of(worker)) if again else self._go_on()
        elif before == "stopping" or reason == "cancelled":
            yield WorkerReleased(reason=worker.was_released_for("cancelled"), far=worker.name)
            yield from self._start(worker, self._next_case_of(worker))
            yield from self._has_stopped()
        elif current is not None:
            yield died
            yield from blame(self._queue, current, died, reason, worker.device)
            yield from self._start(worker, self._next_case_of(worker))
            yield from self._go_on()
        else:
            yield died
            failed = f"the worker could not start: {died.last_error_line()}"
            yield from self._give_up(worker, failed) if before == "starting" else self._go_on()

    def lose_far(self, worker: FarWorker, reason: str = "") -> Iterator[Event]:
        """A far side is gone; a plan that its worker was asked to give up goes on nowhere else."""
        looked_at = worker.looks_at
        stopped = worker.state == "stopping" or worker.killed_for == "cancelled"
        ends_plan = stopped and worker is self._at_work and not self._queue.skipping
        lost = worker.lose(reason)
        yield lost
        error = f"the far side was lost: {lost.reason.splitlines()[-1]}"
        if looked_at:
            yield Looked(name=looked_at, error=error, far=worker.name)
        yield from self._end_plan(cancelled=True) if ends_plan else self._give_up(worker, error)

    def _give_up(self, worker: FarWorker, error: str) -> Iterator[Event]:
        """Drop what was to be measured or looked at by this worker, through no fault of its own."""
        yield from self._looks.give_up(worker, error)
        for attempt in self._queue.drop(lambda attempt: self._far_sides.of(attempt.case) is worker):
            yield CaseFinished(case_id=attempt.case_id, error=error, abandoned=True)
        yield from self._go_on()
