"""The worker as the engine sees it: what it is doing, until when it may, and the requests that change that."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from time import monotonic

from ..device_names import is_accelerator
from ..events import CaseFinished, Event, FarEvent, FarLost, Looked, Notice, ProcessFinished
from ..plan import OVERRUN, Case, Plan, WorkerOptions, to_dict
from ..session.wire import WireError, read_checked
from .connection import Closed, Connection, FarLine
from .launch import FarSide
from .mailbox import Look
from .plan_queue import Attempt

STOP_S = 0.7
"""A worker that has not stopped by then is killed."""

KILL_S = 2.0
"""A supervisor that has not reported a death by then is given up, with its connection."""

IDLE_S = 600.0
"""An idle worker holds memory, perhaps a GPU's, that others may want."""

MOST_HELD_BYTES = 3 << 30
"""Beside what a case needs: TensorFlow alone is a sixth of that, the rest was left behind by earlier cases."""

RELEASED_FOR = {
    "idle": f"idle for {IDLE_S / 60:.0f} minutes",
    "device": "another device was chosen",
    "settings": "TensorFlow reads other settings only when it is loaded",
    "process": "the next process is a fresh one",
    "changed": "user code changed the process",
    "memory": f"it held more than {MOST_HELD_BYTES >> 30} GiB after its case",
    "look": "what it read is not asked for any more",
    "unread": "what it read took too long",
    "cancelled": "it did not stop in time",
    "timed_out": "its case took too long",
}
"""What a worker is killed for, in words."""


MOST_NAMED = 4
"""Changes of a process that are named one by one."""

LOOK_S = 60.0
"""Code of the user's that is not read by then never will be."""

UNREAD = f"it was not read after {LOOK_S:.0f} s"

OVERDUE = {"busy": "timed_out", "looking": "unread", "stopping": "cancelled", "ready": "idle"}
"""What a worker is killed for when its deadline passes, by its state."""


class FarWorker:
    """One worker at a time on one far side, whose supervisor is connected to when first needed.

    `state` is none, starting, ready, looking (at `looks_at`), busy, stopping (asked to) or killed (its end is awaited,
    `killed_for` says why).
    `fresh`: it has measured nothing yet. `bloated`: its last case left too much memory behind. `changed`: what user
    code has changed in it, in words. `deadline` is the monotonic time at which something must be done about it.
    `unparsed`: what comes from the far side that is no event.
    """

    def __init__(
        self, name: str, far: FarSide, options: WorkerOptions, receive: Callable[[FarLine | Closed], None]
    ) -> None:
        self.name = name
        self.far = far
        self.unparsed = UnparsedOutput()
        self._options = self._started_with = options
        self._receive = receive
        self._connection: Connection | None = None
        self._bound_to: str | None = None
        self.state = "none"
        self.fresh = True
        self.bloated = False
        self.changed = ""
        self._told: set[str] = set()
        self.killed_for = ""
        self.looks_at = ""
        self.deadline = math.inf

    def start(self, case: Case | None) -> None:
        """Ask for a worker, fit for `case`. Raises OSError if the far side's command cannot be started."""
        if self._connection is None:
            self._connection = Connection(self.far, self._receive)
        self.state, self.fresh, self._bound_to, self.deadline = "starting", True, None, math.inf
        self.bloated, self.changed = False, ""
        self._started_with = self._options.for_case(case) if case else self._options
        self._request("start", env={}, options=to_dict(self._started_with))

    def rest(self) -> None:
        """It has nothing to do: wait a while, in case more comes."""
        self.state, self.looks_at, self.deadline = "ready", "", monotonic() + IDLE_S

    def has_finished(self, done: CaseFinished | ProcessFinished | Looked) -> None:
        """Take note of what its case, or reading code, has left behind."""
        if isinstance(done, CaseFinished):
            self.bloated = (done.held_bytes or 0) > MOST_HELD_BYTES
        self.changed = self.changed or _listed(done.changed)

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
        return "changed" if self.changed else "memory" if self.bloated else ""

    def look(self, asked: Look) -> None:
        """Have it look at code of the user's, which may compute: on the GPU that it holds, if it holds one."""
        self.state, self.looks_at, self.deadline = "looking", asked.workload, monotonic() + LOOK_S
        self._bound_to = self._bound_to or asked.device
        self._request("look", workload=asked.workload, inputs=asked.inputs, device=self._bound_to)

    def measure(self, attempt: Attempt, plan: Plan) -> None:
        """Have it measure a case, for as long as the plan allows."""
        self.state, self.fresh, self._bound_to = "busy", False, self._bound_to or attempt.case.device
        self.deadline = monotonic() + plan.case_timeout_s + OVERRUN * plan.effort.budget_s
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

    def stop(self) -> None:
        """Ask it to give its case up."""
        self._request("stop")
        self.state, self.deadline = "stopping", monotonic() + STOP_S

    def kill(self, reason: str) -> None:
        """Have the supervisor kill it."""
        self._request("kill")
        self.state, self.killed_for, self.deadline = "killed", reason, monotonic() + KILL_S

    def give_way(self, reason: str) -> Iterator[Notice]:
        """Have it killed, so that another takes its place; say once what user code has changed in it."""
        self.kill(reason)
        if reason == "changed" and self.changed not in self._told:
            self._told.add(self.changed)
            yield Notice(text=f"your code changed the process ({self.changed}), so what comes next gets a fresh one")

    def is_overdue(self) -> bool:
        """Its deadline has passed: have it killed; False where not even its supervisor answers."""
        if reason := OVERDUE.get(self.state, ""):
            self.kill(reason)
        return bool(reason)

    def has_ended(self) -> str:
        """It is gone; returns why it was killed, empty if it was not."""
        reason = self.killed_for
        self.state, self.killed_for, self.looks_at, self.deadline = "none", "", "", math.inf
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


PROMPT = ">>> "
"""The console that reads the far side's first statement writes this before it."""

QUOTED_LINES, MOST_NOTED_LINES = 5, 200
"""How many lines are quoted when the far side is lost, and kept in the journal."""


class UnparsedOutput:
    """What comes from a far side that is no event: a login banner, a prompt, or why it could not start.

    The last lines are kept until they are quoted.
    """

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=QUOTED_LINES)
        self._noted = 0

    def take(self, data: bytes) -> Notice | None:
        """Keep a line; the notice that the journal is to have of it, if any."""
        text = data.decode(errors="replace").removeprefix(PROMPT).strip()
        if not text:
            return None
        self._lines.append(text)
        self._noted += 1
        return Notice(text=text, severity="log") if self._noted <= MOST_NOTED_LINES else None

    def quote(self) -> tuple[str, ...]:
        """The last lines; what comes after is another far side's."""
        lines = tuple(self._lines)
        self._lines.clear()
        self._noted = 0
        return lines
