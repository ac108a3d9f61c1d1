"""The engine's own events, and the supervisor's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from ..plan import Plan
from .base import Event, FarEvent

CHECK_LINE = re.compile(r"F\d{4} [^\]]*\] (?P<words>.*)")
"""A check of TensorFlow's own that failed: it ends the process, and says why before Python says that it ended."""

STACK_LINE = re.compile(r'\s+File "(?!<)(?P<file>[^"]+)", line (?P<line>\d+) in ')
"""A line of the stack that the fault handler writes, the innermost first."""

INSTALLED = ("site-packages", "dist-packages", "/lib/python3")

ERROR_LINE = re.compile(r"Fatal |[\w.]*(Error|Exception)\b|[EF]\d{4} ")
"""How Python, its fault handler and TensorFlow begin a line that names an error."""


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    """The first event of a session. `far` is the command line that ends in a Python with TensorFlow.

    `fars`: where there are several, the name of each and its command line; `far` is the first's. `machine`: what the
    user calls the machine, or machines of its kind; empty where nothing was said.
    """

    kind = "session_started"
    session_id: str
    version: str
    far: str
    fars: tuple[tuple[str, str], ...] = ()
    machine: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkerStarting(FarEvent):
    """A worker was asked for; TensorFlow is being imported."""

    kind = "worker_starting"


@dataclass(frozen=True, kw_only=True)
class WorkerEnding(FarEvent):
    """A worker that holds an accelerator, `device`, was killed: it lets go of that once it has ended."""

    kind = "worker_ending"
    device: str


@dataclass(frozen=True, kw_only=True)
class Killed(FarEvent):
    """A worker was told to end while `running` (a mode) was at work, if one was; Died tells when it has ended."""

    kind = "killed"
    running: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkerReleased(FarEvent):
    """A worker was let go on purpose, because of `reason`."""

    kind = "worker_released"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanStarted(Event):
    """A plan was accepted; `case_ids` name its cases, in order."""

    kind = "plan_started"
    plan: Plan
    case_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlanFinished(Event):
    """Every case of the plan has ended, or the plan was `cancelled`; `broke_off`: by nobody, the session was closed."""

    kind = "plan_finished"
    cancelled: bool = False
    broke_off: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanPaused(Event):
    """No other case of the plan is begun until it goes on, which is told by the same event with `paused` false."""

    kind = "plan_paused"
    paused: bool


@dataclass(frozen=True, kw_only=True)
class Notice(Event):
    """A line that concerns no case. `severity` is information, warning, error, or log: kept, but not shown."""

    kind = "notice"
    text: str
    severity: str = "information"


@dataclass(frozen=True, kw_only=True)
class FarLost(FarEvent):
    """The far side's command ended or could not be started: what it last said on stderr."""

    kind = "far_lost"
    exit_code: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Died(FarEvent):
    """The worker ended, by `signal` or with `exit_code`, while `running` (a mode) was at work, if one was."""

    kind = "died"
    exit_code: int | None = None
    signal: str | None = None
    running: str | None = None
    log_tail: tuple[str, ...] = ()

    def describe(self) -> str:
        """Return how the worker ended, in one line."""
        words = f"the worker ended: {self.signal or f'exit code {self.exit_code}'}"
        if self.signal == "SIGKILL":
            words += " (perhaps for want of memory)"
        line = self.last_error_line()
        return f"{words}; its log says: {line}" if line else words

    def last_error_line(self) -> str:
        """Return the line of the log that most likely says why: the last that names an error, else the last.

        A check of TensorFlow's that failed goes before that, with the user's line that it failed in, if that is known.
        """
        if checks := [match["words"].strip() for line in self.log_tail if (match := CHECK_LINE.match(line))]:
            return f"{checks[-1]}{self._place()}"
        telling = [line for line in self.log_tail if ERROR_LINE.match(line)]
        return (telling or list(self.log_tail) or [""])[-1].strip()

    def _place(self) -> str:
        """Return the innermost line of the stack that is no part of a package: ` (steps.py:9)`; empty if none is."""
        lines = filter(None, map(STACK_LINE.match, self.log_tail))
        own = (line for line in lines if not any(part in line["file"] for part in INSTALLED))
        return next((f" ({PurePath(line['file']).name}:{line['line']})" for line in own), "")
