"""What happened: every event there is, and its one JSON line.

The line a worker writes is the line the journal keeps and a replay reads. An event once written is never rewritten: a
new field gets a default. Unknown is null; NaN and infinity are refused. Seconds are floats in fields ending in `_s`.
Both sides of the wire read these files, so they need nothing but the standard library; `session/wire.py` reads lines.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from .base import Event, FarEvent
from .case import (
    PHASES,
    STATUSES,
    ArgumentChange,
    CaseFinished,
    CaseSized,
    CaseStarted,
    DevicePrepared,
    DevicePreparing,
    ModeFailed,
    Noted,
    PeakMemory,
    PhaseFinished,
    PhaseStarted,
    ProcessFinished,
    Retraced,
    Suspicious,
    Verified,
)
from .engine import (
    Died,
    FarLost,
    Killed,
    Notice,
    PlanFinished,
    PlanPaused,
    PlanStarted,
    SessionStarted,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
)
from .machine import Disturbed, GpuFacts, GpuState, MachineState
from .rounds import (
    Breakdown,
    Calibrated,
    Combined,
    Estimate,
    ModeEstimate,
    PairEstimate,
    ProcessSpread,
    Round,
    ThroughputRatio,
    Visit,
    WarmInSettled,
)
from .worker import PROTOCOL, Catalogue, Device, Devices, Hello, Looked, Looking, WorkloadInfo

__all__ = [
    "EVENTS",
    "PHASES",
    "PROTOCOL",
    "STATUSES",
    "ArgumentChange",
    "Breakdown",
    "Calibrated",
    "CaseFinished",
    "CaseSized",
    "CaseStarted",
    "Catalogue",
    "Combined",
    "Device",
    "DevicePrepared",
    "DevicePreparing",
    "Devices",
    "Died",
    "Disturbed",
    "Estimate",
    "Event",
    "FarEvent",
    "FarLost",
    "GpuFacts",
    "GpuState",
    "Hello",
    "Killed",
    "Looked",
    "Looking",
    "MachineState",
    "ModeEstimate",
    "ModeFailed",
    "Noted",
    "Notice",
    "PairEstimate",
    "PeakMemory",
    "PhaseFinished",
    "PhaseStarted",
    "PlanFinished",
    "PlanPaused",
    "PlanStarted",
    "ProcessFinished",
    "ProcessSpread",
    "Retraced",
    "Round",
    "SessionStarted",
    "Suspicious",
    "ThroughputRatio",
    "Verified",
    "Visit",
    "WarmInSettled",
    "WorkerEnding",
    "WorkerReleased",
    "WorkerStarting",
    "WorkloadInfo",
    "to_line",
]

EVENTS: dict[str, type[Event]] = {
    event.kind: event for base in (Event, FarEvent) for event in base.__subclasses__() if event is not FarEvent
}


def to_line(event: Event) -> str:
    """The event as one line of JSON, without its newline. Raises ValueError for NaN and infinity."""
    named = {"kind": event.kind, **_by_name(event)}
    line = json.dumps(named, default=_by_name, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    # A path may hold bytes that are no text: Python has them as lone surrogates, which no JSON reader takes.
    return line.encode(errors="replace").decode()


def _by_name(record: Any) -> dict[str, Any]:
    """A record's fields: `asdict` copies all that is in them too, which takes more than twice the time."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
