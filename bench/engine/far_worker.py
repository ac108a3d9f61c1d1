"""The worker as the engine sees it: what it is doing, until when it may, and the requests that change that."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from time import monotonic

from ..device_names import is_accelerator
from ..events import (
    Calibrated,
    CaseFinished,
    DevicePrepared,
    DevicePreparing,
    Event,
    FarEvent,
    FarLost,
    Hello,
    Looked,
    ModeFailed,
    Notice,
    PhaseStarted,
    ProcessFinished,
    WorkerEnding,
)
from ..plan import LONGEST_OVERRUN, OVERRUN, Case, Plan, WorkerOptions, to_dict
from ..session.wire import WireError, read_checked
from .connection import Closed, Connection, FarLine
from .device_errors import judge
from .endings import IDLE_S, LOOK_S, MOST_LEFT_BYTES, OVERDUE, PREPARE_S, released_for
from .launch import FarSide
from .mailbox import Look
from .plan_queue import Attempt
from .unparsed_output import UnparsedOutput

STOP_S = 0.7
"""A worker that has not stopped by then is killed."""

KILL_S = 2.0
"""A supervisor that has not reported a death by then is given up, with its connection."""

KILL_HOLDING_S = 90.0
"""The same for a worker that holds an accelerator, whose driver may take a minute to take it back."""

USUAL_BYTES = 1 << 29
"""Stands for what TensorFlow alone holds, of a worker that has not told."""

MOST_NAMED = 4
"""Changes of a process that are named one by one."""


class FarWorker:
    """One worker at a time on one far side, whose supervisor is connected to when first needed.

    `state` is none, starting, ready, looking (at `looks_at`), busy, stopping (asked to) or killed (its end is awaited,
    `killed_for` says why).
    `fresh`: it has measured nothing yet. `bloated`: its last case left too much memory behind. `changed`: what user
    code has changed in it, in words. `trouble`: what an error has done to its accelerator, `broken` or `exhausted`, and
    `broken_by` the mode that met it. `preparing`: it takes hold of its accelerator. `refines`: its case has its result.
    `deadline` is the time on `clock` at which something must be done about it. `unparsed`: what comes from the far side
    that is no event.
    """

    def __init__(
        self,
        name: str,
        far: FarSide,
        options: WorkerOptions,
        receive: Callable[[FarLine | Closed], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.name = name
        self.far = far
        self.unparsed = UnparsedOutput()
        self._options = self._started_with = options
        self._receive = receive
        self._connection: Connection | None = None
        self._clock = clock
        self._bound_to: str | None = None
        self._base_bytes = USUAL_BYTES
        self._limit_s = math.inf
        """Return how long what it is at may take, from the time when its device is ready."""
        self._budget_s = 0.0
        """Is the time of its case's rounds."""
        self.refines = False
        self.state = "none"
        self.fresh = True
        self.bloated = False
        self.changed = self.trouble = self.broken_by = ""
        self.preparing = False
        self._told: set[str] = set()
        self.killed_for = ""
        self.looks_at = ""
        self.deadline = math.inf

    def start(self, case: Case | None) -> None:
        """Ask for a worker, fit for `case`. Raises OSError if the far side's command cannot be started."""
        if self._connection is None:
            self._connection = Connection(self.far, self._receive)
        self.state, self.fresh, self._bound_to, self.deadline = "starting", True, None, math.inf
        self.bloated, self.preparing, self._base_bytes = False, False, USUAL_BYTES
        self.changed = self.trouble = self.broken_by = ""
        self._started_with = self._options.for_case(case) if case else self._options
        self._request("start", env={}, options=to_dict(self._started_with))

    @property
    def device(self) -> str:
        """The device that it holds, or is to take hold of; empty before it has one."""
        return self._bound_to or ""

    @property
    def holds_accelerator(self) -> bool:
        """Tell whether its end may take long, since it holds an accelerator."""
        return bool(self._bound_to) and is_accelerator(self.device)

    def rest(self) -> None:
        """It has nothing to do: wait a while, in case more comes."""
        self.state, self.looks_at, self.preparing, self.refines = "ready", "", False, False
        self.deadline = self._clock() + IDLE_S

    def note(self, event: Event) -> None:
        """Take note of what an event tells of the worker itself."""
        if isinstance(event, Hello | DevicePrepared):
            self._base_bytes = event.held_bytes or self._base_bytes
        if isinstance(event, DevicePreparing | DevicePrepared):
            self.preparing = isinstance(event, DevicePreparing)
            if self.state in ("busy", "looking"):
                self.deadline = self._clock() + (PREPARE_S if self.preparing else self._limit_s)
        elif isinstance(event, Calibrated) and event.least_s > OVERRUN * self._budget_s:
            self.deadline += (LONGEST_OVERRUN - OVERRUN) * self._budget_s
        elif isinstance(event, PhaseStarted):
            self.refines = event.phase == "refine"
        elif isinstance(event, ModeFailed) and self._note_error(event.status, event.error, event.message):
            self.broken_by = event.mode
        elif isinstance(event, CaseFinished | Looked):
            self._note_error("", event.error, event.message)
        if isinstance(event, CaseFinished):
            self.bloated = (event.held_bytes or 0) > self._base_bytes + MOST_LEFT_BYTES
        if isinstance(event, CaseFinished | ProcessFinished | Looked):
            self.changed = self.changed or _listed(event.changed)

    def _note_error(self, status: str, *texts: str) -> bool:
        """Take note of what an error has done to the accelerator; returns whether it broke it just now."""
        found = judge(status, "\n".join(texts)) if self.holds_accelerator and self.trouble != "broken" else ""
        self.trouble = found or self.trouble
        return found == "broken"

    def unfit_for(self, attempt: Attempt, plan: Plan) -> str:
        """Why another worker must take this attempt, as in RELEASED_FOR; empty where this one will do."""
        device = attempt.case.device
        if plan.effort.processes > 1 and not self.fresh:
            return "process"
        if self._started_with != self._options.for_case(attempt.case):
            return "settings"
        # It made one GPU visible, or none, when it first computed.
        if is_accelerator(device) and self._bound_to not in (None, device):
            return "device"
        return self.trouble or ("changed" if self.changed else "memory" if self.bloated else "")

    def look(self, asked: Look) -> None:
        """Have it look at code of the user's, which may compute: on the GPU that it holds, if it holds one."""
        self.state, self.looks_at = "looking", asked.workload
        self._allow(LOOK_S)
        self._bound_to = self._bound_to or asked.device
        self._request("look", workload=asked.workload, inputs=asked.inputs, device=self._bound_to)

    def measure(self, attempt: Attempt, plan: Plan) -> None:
        """Have it measure a case, for as long as the plan allows."""
        self.state, self.fresh, self._bound_to = "busy", False, self._bound_to or attempt.case.device
        self._budget_s, self.refines = plan.effort.budget_s, False
        self._allow(plan.case_timeout_s + OVERRUN * plan.effort.budget_s + plan.effort.refine_s)
        self._request(
            "verify" if plan.verify_only else "measure",
            case_id=attempt.case_id,
            case=to_dict(attempt.case),
            effort=to_dict(plan.effort),
            effect=plan.effect,
            without=attempt.without,
            process=attempt.process,
            earlier=[asdict(estimate) for estimate in attempt.earlier],
        )

    def _allow(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self.deadline = self._clock() + limit_s

    def stop(self) -> None:
        """Ask it to give its case up."""
        self._request("stop")
        self.state, self.deadline = "stopping", self._clock() + STOP_S

    def kill(self, reason: str) -> Iterator[Event]:
        """Have the supervisor kill it; say so where that may take long."""
        self._request("kill")
        self.state, self.killed_for = "killed", reason
        self.deadline = self._clock() + (KILL_HOLDING_S if self.holds_accelerator else KILL_S)
        if self.holds_accelerator:
            yield WorkerEnding(device=self.device, far=self.name)

    def give_way(self, reason: str) -> Iterator[Event]:
        """Have it killed, so that another takes its place; say once what user code has changed in it."""
        yield from self.kill(reason)
        if reason == "changed" and self.changed not in self._told:
            self._told.add(self.changed)
            yield Notice(text=f"your code changed the process ({self.changed}), so what comes next gets a fresh one")

    @property
    def is_overdue(self) -> bool:
        """Tell whether its deadline has passed."""
        return self.deadline <= self._clock()

    @property
    def overdue_for(self) -> str:
        """Return what it is to be killed for once its deadline has passed; empty where it was killed before."""
        is_unprepared = self.preparing and self.state in ("busy", "looking")
        return "unprepared" if is_unprepared else OVERDUE.get(self.state, "")

    @property
    def unended_for(self) -> str:
        """Return why its far side is given up if it has not ended by its deadline."""
        held = f"{self.device} was not let go after {KILL_HOLDING_S:.0f} s"
        return held if self.holds_accelerator else "its supervisor does not answer"

    def was_released_for(self, reason: str) -> str:
        """Return in words what it was killed for."""
        return released_for(reason, self.device)

    def has_ended(self) -> str:
        """It is gone; returns why it was killed, empty if it was not."""
        reason = self.killed_for
        self.state, self.killed_for, self.looks_at, self.deadline = "none", "", "", math.inf
        self.preparing = False
        return reason

    def is_on(self, connection: Connection) -> bool:
        """Whether what came by `connection` concerns this worker, or one that was given up."""
        return connection is self._connection

    def hear(self, data: bytes) -> Event | None:
        """The event in a line of its far side's; of what is none, the notice that the journal is to have, if any."""
        try:
            event = read_checked(data)
        except WireError:
            return self.unparsed.take(data)
        return replace(event, far=self.name) if isinstance(event, FarEvent) else event

    def lose(self, reason: str) -> FarLost:
        """Give its far side up; returns how that ended and what it said last, then the `reason`."""
        exit_code, stderr = self.hang_up()
        words = "\n".join(filter(None, (*self.unparsed.quote(), stderr, reason))) or "its connection was closed"
        return FarLost(exit_code=exit_code, reason=words, far=self.name)

    def hang_up(self) -> tuple[int | None, str]:
        """End the far side, worker and all; returns its exit code and what it last said on stderr."""
        self.has_ended()
        connection, self._connection = self._connection, None
        if connection is None:
            return None, ""
        connection.close()
        return connection.exit_code, connection.stderr_tail()

    def _request(self, do: str, **fields: object) -> None:
        assert self._connection is not None
        self._connection.request(do, **fields)


def _listed(changed: Sequence[str]) -> str:
    """Return the first names and how many more there are: `a, b and 2 more`; empty for none."""
    more = len(changed) - MOST_NAMED
    *first, last = (*changed[:MOST_NAMED], *([f"{more} more"] if more > 0 else ())) or ("",)
    return f"{', '.join(first)} and {last}" if first else last
