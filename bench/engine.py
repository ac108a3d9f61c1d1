"""Runs plans: drives one far side, case by case, and yields every event; cancels, restarts, leaves nothing behind.

All state belongs to the one thread that iterates `Engine.events`. What others ask for (`submit`, `cancel`, `close`) and
what the far side writes arrive in one inbox, in order.
"""

from __future__ import annotations

import math
import queue
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from .connection import Closed, Connection, Line
from .events import (
    PROTOCOL,
    CaseFinished,
    Died,
    Estimate,
    Event,
    FarLost,
    Hello,
    ModeFailed,
    Notice,
    PlanFinished,
    PlanStarted,
    SessionStarted,
    WorkerReleased,
    WorkerStarting,
)
from .journal import Journal, JournalError
from .launch import FarSide
from .plan import Case, Plan, WorkerOptions, to_dict
from .wire import WireError, read_line

STOP_S = 0.7
"""A worker that has not stopped by then is killed."""

KILL_S = 2.0
"""A supervisor that has not reported a death by then is given up, with its connection."""

IDLE_S = 600.0
"""An idle worker holds memory, perhaps a GPU's, that others may want."""

ERROR_LINE = re.compile(r"Fatal |[\w.]*(Error|Exception)\b|[EF]\d{4} ")
"""How Python, its fault handler and TensorFlow begin a line that names an error."""


@dataclass(frozen=True)
class Submit:
    """Measure this plan."""

    plan: Plan


@dataclass(frozen=True)
class Cancel:
    """Give up the plan under way."""


@dataclass(frozen=True)
class Close:
    """Give up everything."""


@dataclass(frozen=True)
class Attempt:
    """A case that is being measured, or waits to be, with the modes still to be tried. `estimated`: it has figures."""

    case_id: str
    case: Case
    estimated: bool = False


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
        self._journal = journal
        self._session_id = session_id
        self._version = version
        self._options = options or WorkerOptions()
        self._inbox: queue.SimpleQueue[Submit | Cancel | Close | Line | Closed] = queue.SimpleQueue()

        self._connection: Connection | None = None
        self._said: list[str] = []
        """What the far side said before its first event: a banner, or why it could not start."""
        self._worker = "none"
        """none, starting, ready, busy, stopping, killed."""
        self._killed_for = ""
        """Why the engine killed the worker: timed_out, cancelled, released, device."""
        self._bound_to: str | None = None
        """The device for which the worker first computed."""
        self._deadline = math.inf

        self._plan: Plan | None = None
        self._next_plan: Plan | None = None
        self._waiting: deque[Attempt] = deque()
        self._current: Attempt | None = None
        self._cases = 0

    # --- asked for from any thread --------------------------------------------------------------------------------

    def submit(self, plan: Plan) -> None:
        """Measure a plan, in place of the one under way."""
        self._inbox.put(Submit(plan))

    def cancel(self) -> None:
        """Give up the plan under way, within a second."""
        self._inbox.put(Cancel())

    def close(self) -> None:
        """Give up everything and end the far side; `events` then ends."""
        self._inbox.put(Close())

    # --- the one thread that owns the state -----------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Start a worker and yield every event, each written to the journal first, until closed."""
        try:
            for event in self._serve():
                trouble = self._keep(event)
                yield event
                if trouble:
                    yield trouble
        finally:
            if self._connection is not None:
                self._connection.close()

    def _keep(self, event: Event) -> Notice | None:
        if self._journal is None:
            return None
        try:
            self._journal.append(event)
            if isinstance(event, CaseFinished | PlanFinished):
                self._journal.sync()
        except JournalError as error:
            self._journal = None
            return Notice(text=f"{error}; results are kept in memory alone: export them", severity="error")
        return None

    def _serve(self) -> Iterator[Event]:
        yield SessionStarted(session_id=self._session_id, version=self._version, far=str(self._far))
        yield from self._start_worker()
        while True:
            timeout_s = self._deadline - monotonic()
            try:
                item = self._inbox.get(timeout=max(timeout_s, 0) if timeout_s < math.inf else None)
            except queue.Empty:
                yield from self._on_deadline()
                continue
            match item:
                case Close():
                    yield from self._end_plan(cancelled=True)
                    return
                case Submit(plan):
                    yield from self._on_submit(plan)
                case Cancel():
                    self._next_plan = None
                    yield from self._stop()
                case Line(connection, data) if connection is self._connection:
                    yield from self._on_line(data)
                case Closed(connection) if connection is self._connection:
                    yield from self._on_closed(connection)

    # --- plans ----------------------------------------------------------------------------------------------------

    def _on_submit(self, plan: Plan) -> Iterator[Event]:
        if self._plan is not None:
            self._next_plan = plan
            yield from self._stop()
            return
        attempts = [Attempt(str(self._cases + index), case) for index, case in enumerate(plan.cases, start=1)]
        self._cases += len(attempts)
        self._plan, self._waiting = plan, deque(attempts)
        yield PlanStarted(plan=plan, case_ids=tuple(attempt.case_id for attempt in attempts))
        yield from self._next_case()

    def _next_case(self) -> Iterator[Event]:
        """Go on with the plan as far as the worker's state allows; without a plan, wait."""
        if self._plan is None:
            if self._worker == "ready":
                self._deadline = monotonic() + IDLE_S
        elif not self._waiting:
            yield from self._end_plan(cancelled=False)
        elif self._worker == "none":
            yield from self._start_worker()
        elif self._worker == "ready" and self._holds(self._waiting[0].case.device):
            self._measure(self._waiting.popleft())
        elif self._worker == "ready":
            self._kill("device")

    def _measure(self, attempt: Attempt) -> None:
        assert self._connection is not None
        assert self._plan is not None
        self._current, self._worker = attempt, "busy"
        self._bound_to = self._bound_to or attempt.case.device
        self._deadline = monotonic() + self._plan.case_timeout_s + self._plan.effort.budget_s
        self._connection.request(
            "measure",
            case_id=attempt.case_id,
            case=to_dict(attempt.case),
            effort=to_dict(self._plan.effort),
            effect=self._plan.effect,
        )

    def _end_case(self, error: str = "", *, cancelled: bool = False) -> Iterator[Event]:
        if self._current is not None:
            yield CaseFinished(case_id=self._current.case_id, error=error, cancelled=cancelled)
            self._current = None

    def _end_plan(self, *, cancelled: bool, error: str = "") -> Iterator[Event]:
        """End what has not ended, then take up the plan that waits, if one does."""
        if self._plan is None:
            return
        yield from self._end_case(error, cancelled=cancelled)
        for attempt in self._waiting:
            yield CaseFinished(case_id=attempt.case_id, error=error, cancelled=cancelled)
        self._plan, self._waiting = None, deque()
        yield PlanFinished(cancelled=cancelled)
        plan, self._next_plan = self._next_plan, None
        if plan is not None:
            yield from self._on_submit(plan)
        else:
            yield from self._next_case()

    def _stop(self) -> Iterator[Event]:
        if self._worker == "busy":
            assert self._connection is not None
            self._connection.request("stop")
            self._worker, self._deadline = "stopping", monotonic() + STOP_S
        elif self._worker not in ("stopping", "killed"):
            yield from self._end_plan(cancelled=True)

    # --- the worker -----------------------------------------------------------------------------------------------

    def _start_worker(self) -> Iterator[Event]:
        if self._connection is None:
            self._said = []
            try:
                self._connection = Connection(self._far, self._inbox.put)
            except OSError as error:
                yield from self._lose_far(None, f"{self._far.argv[0]} could not be started: {error.strerror or error}")
                return
        self._worker, self._bound_to, self._deadline = "starting", None, math.inf
        yield WorkerStarting()
        self._connection.request("start", env={}, options=to_dict(self._options))

    def _holds(self, device: str) -> bool:
        """Whether the worker can compute on `device`: it made one GPU visible, or none, when it first computed."""
        return device.startswith("CPU") or self._bound_to in (None, device)

    def _kill(self, reason: str) -> None:
        assert self._connection is not None
        self._connection.request("kill")
        self._worker, self._killed_for, self._deadline = "killed", reason, monotonic() + KILL_S

    def _on_deadline(self) -> Iterator[Event]:
        self._deadline = math.inf
        match self._worker:
            case "busy":
                self._kill("timed_out")
            case "stopping":
                self._kill("cancelled")
            case "ready":
                self._kill("released")
            case "killed" if self._connection is not None:
                yield from self._on_closed(self._connection)

    def _on_line(self, data: bytes) -> Iterator[Event]:
        try:
            event = read_line(data)
        except WireError:
            text = data.decode(errors="replace").removeprefix(">>> ").strip()
            if text:
                self._said.append(text)
                yield Notice(text=text, severity="log")
            return
        match event:
            case Died():
                yield from self._on_death(event)
            case Hello(protocol=protocol) if protocol != PROTOCOL:
                yield from self._lose_far(None, f"the far side speaks protocol {protocol}, this side {PROTOCOL}")
            case Hello():
                yield event
                self._worker = "ready"
                yield from self._next_case()
            case CaseFinished():
                yield event
                self._current = None
                yield from self._on_case_finished()
            case Estimate() if self._current is not None:
                self._current = replace(self._current, estimated=True)
                yield event
            case Event():
                yield event

    def _on_case_finished(self) -> Iterator[Event]:
        stopped = self._worker == "stopping"
        if self._worker in ("busy", "stopping"):
            self._worker, self._deadline = "ready", math.inf
        if stopped:
            yield from self._end_plan(cancelled=True)
        elif self._worker == "ready":
            yield from self._next_case()

    # --- the worker's end -----------------------------------------------------------------------------------------

    def _on_death(self, died: Died) -> Iterator[Event]:
        was, why = self._worker, self._killed_for
        self._worker, self._killed_for, self._deadline = "none", "", math.inf
        if was == "killed" and why == "released":
            yield WorkerReleased(reason=f"idle for {IDLE_S / 60:.0f} minutes")
        elif was == "killed" and why == "device":
            yield WorkerReleased(reason="another device was chosen")
            yield from self._next_case()
        elif was == "stopping" or why == "cancelled":
            yield WorkerReleased(reason="it did not stop in time")
            yield from self._start_worker()
            yield from self._end_plan(cancelled=True)
        elif self._current is None:
            yield died
            yield from self._end_plan(cancelled=False, error=f"the worker could not start: {last_words(died)}")
        else:
            yield died
            yield from self._start_worker()
            yield from self._blame(self._current, died, timed_out=why == "timed_out")
            yield from self._next_case()

    def _blame(self, attempt: Attempt, died: Died, *, timed_out: bool) -> Iterator[Event]:
        """Fail the mode that was running; measure the others again if they have no figures yet."""
        assert self._plan is not None
        if timed_out:
            status, words = "timed_out", f"not finished after {self._plan.case_timeout_s:g} s (--case-timeout)"
        else:
            status, words = "failed", f"the worker ended: {died.signal or f'exit code {died.exit_code}'}"
            if died.signal == "SIGKILL":
                words += " (perhaps for want of memory)"
            if said := last_words(died):
                words += f"; its log says: {said}"
        rest = tuple(mode for mode in attempt.case.modes if mode != died.running)
        if died.running not in attempt.case.modes:
            yield from self._end_case(words)
            return
        yield ModeFailed(case_id=attempt.case_id, mode=died.running, status=status, error=words)
        if rest and not attempt.estimated:
            self._current = None
            self._waiting.appendleft(Attempt(attempt.case_id, replace(attempt.case, modes=rest)))
        else:
            yield from self._end_case()

    def _on_closed(self, connection: Connection) -> Iterator[Event]:
        connection.close()
        words = "\n".join([*self._said[-5:], connection.stderr_tail()]).strip()
        yield from self._lose_far(connection.exit_code, words or "its connection was closed")

    def _lose_far(self, exit_code: int | None, reason: str) -> Iterator[Event]:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._worker, self._killed_for, self._deadline = None, "none", "", math.inf
        yield FarLost(exit_code=exit_code, reason=reason)
        yield from self._end_plan(cancelled=False, error=f"the far side was lost: {reason.splitlines()[-1]}")


def last_words(died: Died) -> str:
    """The line of a dead worker's log that most likely says why: the last that names an error, else the last."""
    telling = [line for line in died.log_tail if ERROR_LINE.match(line)]
    return (telling or list(died.log_tail) or [""])[-1].strip()
