"""What happened: every event there is, and its one JSON line.

The line a worker writes is the line the journal keeps and a replay reads. An event once written is never rewritten: a
new field gets a default. Unknown is null; NaN and infinity are refused. Seconds are floats in fields ending in `_s`.
Both sides of the wire read this file, so it needs nothing but the standard library; lines are read in `wire.py`.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from .plan import Plan

PROTOCOL = 1
"""Raised when the two sides would misunderstand each other."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at `at` (Unix time, by the clock of the side that wrote it)."""

    kind: ClassVar[str] = "event"
    at: float = field(default_factory=time.time)


# --- the engine's own ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Event):
    """The first event of a session. `far` is the command line that ends in a Python with TensorFlow."""

    kind = "session_started"
    session_id: str
    version: str
    far: str


@dataclass(frozen=True, kw_only=True)
class WorkerStarting(Event):
    """A worker was asked for; TensorFlow is being imported."""

    kind = "worker_starting"


@dataclass(frozen=True, kw_only=True)
class WorkerReleased(Event):
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
    """Every case of the plan has ended, or the plan was `cancelled`."""

    kind = "plan_finished"
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice(Event):
    """A line that concerns no case. `severity` is information, warning, error, or log: kept, but not shown."""

    kind = "notice"
    text: str
    severity: str = "information"


@dataclass(frozen=True, kw_only=True)
class FarLost(Event):
    """The far side's command ended or could not be started: what it last said on stderr."""

    kind = "far_lost"
    exit_code: int | None
    reason: str


# --- the supervisor's ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Died(Event):
    """The worker ended, by `signal` or with `exit_code`, while `running` (a mode) was at work, if one was."""

    kind = "died"
    exit_code: int | None = None
    signal: str | None = None
    running: str | None = None
    log_tail: tuple[str, ...] = ()


# --- the worker's, about itself -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Hello(Event):
    """TensorFlow is imported. `settings` are the environment variables that change how it computes."""

    kind = "hello"
    protocol: int
    host: str
    platform: str
    python: str
    tensorflow: str
    numpy: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WorkloadInfo:
    """A workload of the far side's catalogue: dims are (name, default, lowest, highest)."""

    name: str
    family: str
    help: str
    teaches: str
    dims: tuple[tuple[str, int, int, int], ...]
    dtypes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Catalogue(Event):
    """What the far side can measure."""

    kind = "catalogue"
    workloads: tuple[WorkloadInfo, ...]


@dataclass(frozen=True)
class Device:
    """A device by TensorFlow's name (`GPU:0`) and its maker's (`NVIDIA H100`; empty where unknown)."""

    name: str
    hardware: str


@dataclass(frozen=True, kw_only=True)
class Devices(Event):
    """The devices that TensorFlow lists; none has been initialised."""

    kind = "devices"
    devices: tuple[Device, ...]


# --- the worker's, about a case -----------------------------------------------------------------------------------

PHASES = ("build", "trace", "first_call", "verify", "calibrate", "rounds")

STATUSES = ("ok", "unsupported", "wrong", "out_of_memory", "failed", "timed_out", "cancelled")
"""How a mode can end, in the CSV's words."""


@dataclass(frozen=True, kw_only=True)
class CaseStarted(Event):
    """A worker took up a case."""

    kind = "case_started"
    case_id: str


@dataclass(frozen=True, kw_only=True)
class CaseSized(Event):
    """The case's workload was found; these are all its dimensions, those at their defaults among them."""

    kind = "case_sized"
    case_id: str
    dims: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class PhaseStarted(Event):
    """`mode` (empty: all of them) has come to `phase`, one of PHASES."""

    kind = "phase_started"
    case_id: str
    mode: str
    phase: str


@dataclass(frozen=True, kw_only=True)
class PhaseFinished(Event):
    """A phase of one mode took `duration_s`, of which XLA spent `compile_s` compiling (null: not known)."""

    kind = "phase_finished"
    case_id: str
    mode: str
    phase: str
    duration_s: float
    compile_s: float | None = None
    compilations: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verified(Event):
    """The mode's output was held against `reference` (`float64` or a mode): max|y - ref| / max|ref|.

    `wrong`: empty, or what differs beyond tolerance, in words.
    """

    kind = "verified"
    case_id: str
    mode: str
    reference: str
    max_rel_error: float | None
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class ModeFailed(Event):
    """The mode cannot be measured. `status` is one of STATUSES."""

    kind = "mode_failed"
    case_id: str
    mode: str
    status: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Calibrated(Event):
    """What reading the clock and synchronising costs, and how many calls are timed as one group, by mode."""

    kind = "calibrated"
    case_id: str
    overhead_s: float
    group_sizes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Visit:
    """One mode's turn in a round: the median call of its timed block, and how many calls that was."""

    mode: str
    latency_s: float
    calls: int


@dataclass(frozen=True, kw_only=True)
class Round(Event):
    """Every mode was visited once, in this order."""

    kind = "round"
    case_id: str
    index: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class ModeEstimate:
    """Latency of a call over the rounds so far: median with its 95 % interval, and percentiles of single calls.

    The interval is null where there are too few rounds for one; p90 and p99 where calls were timed in groups.
    `one_off_s`: what it took to get ready, tracing and the first call, less what any call takes.
    """

    mode: str
    latency_s: float
    low_s: float | None
    high_s: float | None
    p90_s: float | None
    p99_s: float | None
    calls_per_block: int
    one_off_s: float | None = None


@dataclass(frozen=True)
class PairEstimate:
    """`mode`'s time over `baseline`'s, by round: median ratio and its 95 % interval; below 1 the mode is quicker.

    `verdict`: faster, slower, same, unclear. `break_even_calls`: calls after which the mode's larger one-off cost is
    repaid; null is never, or not known where the verdict is unclear.
    """

    mode: str
    baseline: str
    ratio: float
    low: float | None
    high: float | None
    verdict: str
    break_even_calls: int | None


@dataclass(frozen=True, kw_only=True)
class Estimate(Event):
    """The figures so far. `left_s`: time until the budget is spent. `disturbed_rounds`: null where not readable."""

    kind = "estimate"
    case_id: str
    rounds: int
    modes: tuple[ModeEstimate, ...]
    pairs: tuple[PairEstimate, ...]
    spent_s: float
    left_s: float
    disturbed_rounds: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFinished(Event):
    """The case has ended. `error`: why the whole case could not be measured. `ran_on`: the device outputs lay on."""

    kind = "case_finished"
    case_id: str
    cancelled: bool = False
    error: str = ""
    ran_on: str = ""


EVENTS: dict[str, type[Event]] = {event.kind: event for event in Event.__subclasses__()}


def to_line(event: Event) -> str:
    """The event as one line of JSON, without its newline. Raises ValueError for NaN and infinity."""
    fields = {"kind": event.kind, **asdict(event)}
    line = json.dumps(fields, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # A path may hold bytes that are no text: Python has them as lone surrogates, which no JSON reader takes.
    return line.encode(errors="replace").decode()
