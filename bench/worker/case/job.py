"""A case as it was asked for, and the channel that its events go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...catalogue import Workload
from ...device_names import is_accelerator
from ...events import Estimate, ModeFailed
from ...implementations import is_old
from ...plan import Case, Effort
from ..errors import UnsupportedError, describe_failure, user_lines, whole_text
from ..machine.nvidia import Gpu
from ..machine.peak_rates import Peaks
from ..machine.suspensions import Stops
from ..modes.build import CallCount
from ..modes.shared_objects import SharedObjects
from ..workloads.user_modules import ModulesInTurn
from .old_channel import Telling


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """The engine asked to give the case up."""


@dataclass(frozen=True)
class OldImplementation:
    """The old implementation of a case: its workload, and what its modes share. `modules`: of both implementations."""

    workload: Workload
    shared: SharedObjects
    modules: ModulesInTurn


@dataclass(frozen=True)
class Job:
    """What every step of a case needs to know.

    `device` is the one that this process computes on: the only visible GPU is GPU:0 here. `peaks`
    are what devices were seen to do at most; `stops` tells whether the process was stopped, `gpu` its state. Modes
    `without` ended an earlier worker and are not run again. `fresh`: the worker has measured nothing before. `earlier`:
    what each process before this one, the `process`-th, found of the case. `shared`: what its modes have in common;
    they `may_share` more than that where a module of the user's stays loaded, whose functions may make something once.
    `calls`: how often each mode was called. `old`: the old implementation that this one is held against.
    """

    channel: Telling
    case_id: str
    case: Case
    workload: Workload
    effort: Effort
    effect: float
    device: str
    peaks: Peaks
    stops: Stops
    gpu: Gpu | None = None
    without: Sequence[str] = ()
    fresh: bool = False
    process: int = 1
    earlier: Sequence[Estimate] = ()
    shared: SharedObjects = field(default_factory=lambda: SharedObjects(""))
    may_share: bool = False
    calls: dict[str, CallCount] = field(default_factory=dict)
    old: OldImplementation | None = None

    def asked(self, mode: str) -> bool:
        """Whether the mode is to be reported: eager may run as the reference alone."""
        return mode in self.case.modes

    def go_on(self, mode: str = "") -> None:
        """Say which mode is at work from now on (empty: none). Raises Stopped when asked to stop."""
        if self.channel.stop_requested():
            raise Stopped
        self.channel.running(mode)
        if self.old and mode:
            self.old.modules.enter(is_old=is_old(mode))

    def fail(self, mode: str, error: BaseException) -> None:
        """Report that a mode cannot be measured; of eager as the reference alone, what it may have done to a device."""
        if self.asked(mode) or is_accelerator(self.case.device):
            calls = self.calls[mode].ended if mode in self.calls else None
            status, words = describe_failure(error, mode, calls, self.case.device)
            self.channel.emit(
                ModeFailed(
                    case_id=self.case_id,
                    mode=mode,
                    status=status,
                    error=words,
                    traceback=user_lines(error),
                    absent=isinstance(error, UnsupportedError),
                    message=whole_text(error),
                )
            )
