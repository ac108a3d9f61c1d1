"""Say why workers are ended."""

from __future__ import annotations

from ..events import Died
from ..number_text import number
from ..plan import Plan

IDLE_S = 600.0
"""An idle worker holds memory, perhaps a GPU's, that others may want."""

LOOK_S = 60.0
"""Code of the user's that is not read by then never will be."""

PREPARE_S = 600.0
"""An accelerator that is not ready by then never will be: a new card may compile its kernels for minutes."""

MOST_LEFT_BYTES = 5 << 29
"""The most memory that cases may leave behind in a worker, beyond what it held before them."""

RELEASED_FOR = {
    "idle": f"idle for {IDLE_S / 60:.0f} minutes",
    "device": "another device was chosen",
    "settings": "TensorFlow reads other settings only when it is loaded",
    "process": "the next process is a fresh one",
    "changed": "user code changed the process",
    "memory": f"its cases left more than {MOST_LEFT_BYTES / (1 << 30):.1f} GiB behind",
    "broken": "{device} met an error",
    "exhausted": "{device} ran out of memory",
    "look": "what it read is not asked for any more",
    "unread": "what it read took too long",
    "unprepared": "{device} was not ready in time",
    "cancelled": "it did not stop in time",
    "timed_out": "its case took too long",
}
"""Says what a worker is killed for."""

OVERDUE = {"busy": "timed_out", "looking": "unread", "stopping": "cancelled", "ready": "idle"}
"""Names what a worker is killed for when its deadline passes, by its state."""


def released_for(reason: str, device: str) -> str:
    """Return in words what a worker that held `device` was killed for."""
    return RELEASED_FOR[reason].format(device=device)


def unready(device: str) -> str:
    """Return the error of what had to wait too long for its device."""
    return f"{device} was not ready after {PREPARE_S / 60:.0f} minutes"


def unread(reason: str, died: Died, device: str) -> str:
    """Return the error of code that was being looked at when its worker ended."""
    if reason == "unprepared":
        return unready(device)
    return f"it was not read after {LOOK_S:.0f} s" if reason else died.describe()


def failed(reason: str, died: Died, plan: Plan, device: str) -> tuple[str, str]:
    """Return the status and the error of the mode that was running when its worker ended."""
    if reason == "timed_out":
        return "timed_out", f"not finished after {number(plan.case_timeout_s)} s (--case-timeout)"
    return "failed", unready(device) if reason == "unprepared" else died.describe()
