"""End or repeat a case whose worker has ended under it: the mode to blame fails, others may be measured again."""

from __future__ import annotations

from collections.abc import Iterator

from ..events import CaseFinished, Died, Event, ModeFailed, Notice
from .endings import failed
from .plan_queue import Attempt, PlanQueue

BLAMED = ("timed_out", "unprepared")
"""Lists what a worker is killed for on account of the mode that is running."""


def blame(queue: PlanQueue, attempt: Attempt, died: Died, reason: str, device: str) -> Iterator[Event]:
    """Fail the mode that was running when a worker died; measure the others again if they have no figures yet.

    `reason`: what it was killed for, empty if it was not.
    """
    assert queue.plan is not None
    queue.current = None
    mode, modes = died.running, attempt.case.modes
    status, words = failed(reason, died, queue.plan, device)
    if mode in modes:
        yield ModeFailed(case_id=attempt.case_id, mode=mode, status=status, error=words)
    if not mode or not queue.try_again(attempt, mode):
        yield CaseFinished(case_id=attempt.case_id, error="" if mode in modes else words)


def leave_out(queue: PlanQueue, attempt: Attempt, mode: str, device: str) -> Iterator[Event]:
    """Measure the other modes again after one that broke its device and has failed, if they have no figures yet."""
    queue.current = None
    if queue.try_again(attempt, mode):
        words = f"{device} met an error in {mode}: the other modes are measured again in a fresh worker"
        yield Notice(text=words, severity="warning")
    else:
        yield CaseFinished(case_id=attempt.case_id)
