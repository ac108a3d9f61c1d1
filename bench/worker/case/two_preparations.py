"""The modes of two implementations, prepared one after the other and held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...events import Event, Verified
from ...implementations import is_old, old, plain
from ...plan import EVERY_MODE
from ..channel import Log
from .job import Job, OldImplementation
from .old_channel import OldChannel, Telling
from .preparation import Preparation
from .prepared import Prepared
from .verification import Verification


class TwoPreparations:
    """Prepares the modes of both implementations: `modes` are those that work, `wrong` those that are not compared.

    Each implementation is verified by itself. If the two do not compute the same, nothing of the old one is compared.
    """

    def __init__(self, job: Job) -> None:
        assert job.old is not None
        self._job = job
        self._implementation = job.old
        self._new = Preparation(_new_job(job))
        self._old = Preparation(_old_job(job, job.old))
        self.modes: dict[str, Prepared] = {}
        self.wrong: set[str] = set()

    @property
    def ran_on(self) -> str:
        """Return the device that outputs lay on; empty before there is one."""
        return self._new.ran_on or self._old.ran_on

    def prepare(self) -> None:
        """Prepare the modes of the new implementation, then those of the old one with the same inputs."""
        self._implementation.modules.enter(is_old=False)
        self._new.prepare()
        self._implementation.modules.enter(is_old=True)
        self._old.prepare(self._new.argument_sets)
        self._job.calls.update({old(mode): calls for mode, calls in self._old.job.calls.items()})
        both = {**self._new.modes, **{old(mode): run for mode, run in self._old.modes.items()}}
        self.modes = {mode: both[mode] for mode in EVERY_MODE if mode in both}

    def verify(self) -> None:
        """Hold the modes of each implementation against its simplest, then both against each other."""
        for preparation, is_the_old in ((self._new, False), (self._old, True)):
            self._implementation.modules.enter(is_old=is_the_old)
            preparation.verify()
        self.wrong = self._new.wrong | set(map(old, self._old.wrong))
        if differs := self._differs():
            for mode in filter(self._old.job.asked, self._old.modes.keys() - self._old.wrong):
                told = Verified(case_id=self._job.case_id, mode=mode, reference="", max_rel_error=None, wrong=differs)
                self._old.job.channel.emit(told)
            self.wrong |= set(map(old, self._old.modes))

    def _differs(self) -> str:
        """Say how the old implementation's output differs from the new one's, by more than the rounding of either."""
        if not (self._new.modes and self._old.modes):
            return ""
        self._implementation.modules.enter(is_old=False)
        differs = _hold(self._new, self._old.modes)
        if not differs:
            return ""
        self._implementation.modules.enter(is_old=True)
        return differs if _hold(self._old, self._new.modes) else ""


def _new_job(job: Job) -> Job:
    """Return the job of the new implementation alone."""
    modes = tuple(mode for mode in job.case.modes if not is_old(mode))
    return replace(job, case=replace(job.case, modes=modes, against="", against_ref=""), old=None)


def _old_job(job: Job, implementation: OldImplementation) -> Job:
    """Return the job of the old implementation alone, which knows its modes by their plain names."""
    modes = tuple(plain(mode) for mode in job.case.modes if is_old(mode))
    return replace(
        job,
        channel=OldChannel(job.channel),
        case=replace(job.case, workload=implementation.shared.name, modes=modes, against="", against_ref=""),
        workload=implementation.workload,
        without=tuple(plain(mode) for mode in job.without if is_old(mode)),
        fresh=False,
        shared=implementation.shared,
        calls={},
        old=None,
    )


class _Listener:
    """Hears what is said of one mode and tells nothing: how it is `wrong`."""

    def __init__(self, channel: Telling, mode: str) -> None:
        self._channel = channel
        self._mode = mode
        self.wrong = ""

    @property
    def log(self) -> Log:
        return self._channel.log

    def emit(self, event: Event) -> None:
        if isinstance(event, Verified) and event.mode == self._mode:
            self.wrong = event.wrong

    def running(self, mode: str) -> None:
        self._channel.running("" if is_old(mode) else mode)

    def stop_requested(self) -> bool:
        return self._channel.stop_requested()

    def hold(self) -> None:
        pass

    def release(self) -> None:
        pass


def _hold(baseline: Preparation, others: Mapping[str, Prepared]) -> str:
    """Say how the simplest of the other implementation's modes is wrong by what this one's simplest leaves behind."""
    job = baseline.job
    simplest, ours = next(iter(baseline.modes.items()))
    theirs = next(iter(others.values()))
    listener = _Listener(job.channel, old(simplest))
    held = replace(job, channel=listener, case=replace(job.case, modes=(simplest,), against=job.case.workload))
    Verification(held, {simplest: ours, old(simplest): theirs}, baseline.starts).wrong_modes()
    return listener.wrong.replace("eager's", "the new one's")
