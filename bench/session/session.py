"""Events folded into results: what a screen draws, and what an export writes.

A `Session` is the one owner of its state, changed by `apply` alone; the results it holds are frozen. It computes no
statistics: every figure comes from an event.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from copy import copy
from functools import singledispatchmethod

from ..events import (
    CaseFinished,
    CaseStarted,
    Catalogue,
    Device,
    Devices,
    Died,
    Disturbed,
    Estimate,
    Event,
    FarEvent,
    FarLost,
    Hello,
    Looked,
    Looking,
    Notice,
    PhaseStarted,
    PlanFinished,
    PlanPaused,
    PlanStarted,
    ProcessFinished,
    Round,
    SessionStarted,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
    WorkloadInfo,
)
from ..plan import Case
from .case_folding import end, fold, fold_in_process
from .case_list import Cases, Progress
from .far_states import FarStates
from .persistent import evolve
from .results import CaseResult, ModeResult

WORKER_AFTER: Mapping[type[FarEvent], str] = {
    WorkerStarting: "starting",
    Hello: "ready",
    WorkerEnding: "ending",
    WorkerReleased: "released",
    Died: "failed",
    FarLost: "lost",
}
"""What a worker does after an event of its far side's."""


class Session:
    """The state of one session, from its first event to the latest.

    `worker` is none, starting, ready, busy, ending, failed, lost or released; `trouble` says why it failed or was lost,
    with the last lines of its log. Of several far sides it is the state of the one that was last heard of; `fars` has
    their names and command lines, `devices` are those that all of them have. `machine` is the name that the user gave.
    `progress` is that of the plan begun last.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.session_id = ""
        self.far = ""
        self.fars: tuple[tuple[str, str], ...] = ()
        self.machine = ""
        self.worker = "none"
        self.trouble: tuple[str, ...] = ()
        self.hello: Hello | None = None
        self.devices: tuple[Device, ...] = ()
        self.far_states = FarStates()
        self.reading = ""
        """The code of the user's that is being looked at."""
        self.workloads: tuple[WorkloadInfo, ...] = ()
        self.cases = Cases()
        self.progress = Progress()
        self.notices: list[Notice] = []
        self.measuring = False
        self.paused = False
        self.phase: PhaseStarted | None = None
        self._hellos: dict[str, Hello] = {}
        self._devices: dict[str, tuple[Device, ...]] = {}
        self._missing: dict[str, tuple[str, ...]] = {}
        self._latest = ""
        """The case that was begun last, or that was last found impossible to begin."""
        self._open: dict[str, None] = {}
        """The cases that have not ended, in the order in which they were planned or begun."""
        self._finished: dict[str, CaseResult] = {}
        """Cases as their earlier processes left them; a process that ends early starts from there again."""
        for event in events:
            self.apply(event)

    def __copy__(self) -> Session:
        """The session as it is: what one of the two takes in, the other does not. What is frozen is shared."""
        copied = Session()
        vars(copied).update({name: copy(value) for name, value in vars(self).items()})
        return copied

    @property
    def missing(self) -> tuple[str, ...]:
        """Says why GPUs that a driver has are not among the devices, a sentence each."""
        return tuple(dict.fromkeys(why for sentences in self._missing.values() for why in sentences))

    @property
    def current(self) -> CaseResult | None:
        """The case under way, or the one that was last."""
        return self.cases.get(self._latest)

    @property
    def refining(self) -> bool:
        """Tell whether the case under way has its result, and no other waits for its end."""
        return self.measuring and self.current is not None and self.current.state == "refining"

    @property
    def begun(self) -> list[CaseResult]:
        """The cases that do not wait any more: those that an export has."""
        return [case for case in self.cases.values() if case.state != "waiting"]

    @property
    def left(self) -> tuple[CaseResult, ...]:
        """Of the plan begun last, the cases that were not measured to their end."""
        return tuple(case for case in self._unmeasured if self.progress.place_of(case) is not None)

    @property
    def unfinished(self) -> tuple[CaseResult, ...]:
        """The cases that were not measured to their end, under the rules of the last of them."""
        left = self._unmeasured
        plans = {id(case.plan): case.plan for case in left}
        alike = {
            key for key, plan in plans.items() if dataclasses.replace(plan, cases=left[-1].plan.cases) == left[-1].plan
        }
        return tuple(case for case in left if id(case.plan) in alike)

    @property
    def _unmeasured(self) -> list[CaseResult]:
        return [case for case in self.cases.values() if case.state not in ("refining", "done") or case.abandoned]

    def apply(self, event: Event) -> None:
        """Take an event in. Those that say nothing of results change nothing."""
        if isinstance(event, FarEvent):
            self._note_far(event)
        self._taker_of(type(event))(self, event)

    @singledispatchmethod
    def _take(self, event: Event) -> None:
        case_id = getattr(event, "case_id", None)
        if case_id is not None:
            self.cases[case_id] = fold(event, self.cases[case_id])

    # A singledispatchmethod takes longer to bind than most events to take in; bound and kept, it is a cycle.
    _taker_of = staticmethod(_take.dispatcher.dispatch)

    @_take.register
    def _(self, event: SessionStarted) -> None:
        self.session_id, self.far, self.fars = event.session_id, event.far, event.fars
        self.machine = event.machine
        if self.measuring:
            self._take(PlanFinished(cancelled=True))  # it broke off, and is gone on with from here
        self.worker, self.trouble, self.far_states, self.reading, self.hello = "none", (), FarStates(), "", None
        self.workloads = ()  # what the far sides of before had to offer: those of now say it themselves

    def _note_far(self, event: FarEvent) -> None:
        """What a far side is doing; while another one measures, that alone says what the worker does."""
        self.far_states = self.far_states.after(event)
        if isinstance(event, Looking):
            self.reading = event.name
        elif isinstance(event, Looked | Died | FarLost | WorkerEnding | WorkerReleased):
            self.reading = ""
        case = self.current
        if case is not None and case.state == "running" and case.case.far != event.far:
            return
        self.worker = WORKER_AFTER.get(type(event), self.worker)

    @_take.register
    def _(self, event: WorkerStarting) -> None:
        self.trouble = ()

    @_take.register
    def _(self, event: Hello) -> None:
        self.hello = event
        self._hellos[event.far] = event

    @_take.register
    def _(self, event: Catalogue) -> None:
        self.workloads = event.workloads

    @_take.register
    def _(self, event: Devices) -> None:
        self._devices[event.far] = event.devices
        self._missing[event.far] = event.missing
        names = [{device.name for device in devices} for devices in self._devices.values()]
        first = next(iter(self._devices.values()))
        self.devices = tuple(device for device in first if device.name in set.intersection(*names))

    @_take.register
    def _(self, event: Died) -> None:
        self.trouble = (event.describe(), *event.log_tail)

    @_take.register
    def _(self, event: FarLost) -> None:
        *before, last = event.reason.splitlines() or ["no reason is known"]
        self.trouble = (last, *before)

    @_take.register
    def _(self, event: Notice) -> None:
        if event.severity != "log":
            self.notices.append(event)

    @_take.register
    def _(self, event: PlanStarted) -> None:
        self.measuring, self.paused = True, False
        self.progress = Progress(event.case_ids)
        modes = {each: tuple(map(ModeResult, each)) for each in {case.modes for case in event.plan.cases}}
        for case_id, case in zip(event.case_ids, event.plan.cases, strict=True):
            self.cases[case_id] = CaseResult(case_id, case, event.plan, modes[case.modes])
            self._finished.pop(case_id, None)
            self._open[case_id] = None

    @_take.register
    def _(self, event: PlanPaused) -> None:
        self.paused = event.paused

    @_take.register
    def _(self, event: PlanFinished) -> None:
        self.measuring = self.paused = False
        for case_id in [*self._open]:
            self._end(self.cases[case_id], cancelled=True)

    @_take.register
    def _(self, event: CaseStarted) -> None:
        case = self.cases[event.case_id]
        self.worker, self._latest = "busy", event.case_id
        self._open[event.case_id] = None
        fresh = CaseResult(case.case_id, case.case, case.plan, tuple(ModeResult(mode.mode) for mode in case.modes))
        before = self._finished.get(event.case_id, fresh)
        # A process whose worker died starts again without the mode that killed it: that mode's row stays.
        modes = tuple(
            now if now.status and not then.status else then for now, then in zip(case.modes, before.modes, strict=True)
        )
        device = self._device_of(case.case)
        self.cases[event.case_id] = evolve(
            before,
            modes=modes,
            state="running",
            process=event.process,
            started_at=case.started_at or event.at,
            hello=self._hellos.get(case.case.far, self.hello),
            hardware=device.hardware if device else "",
            gpu=device.gpu if device else None,
            machine_name=self.machine,
        )

    @_take.register
    def _(self, event: PhaseStarted) -> None:
        self.phase = event
        self.cases[event.case_id] = fold(event, self.cases[event.case_id])

    @_take.register(Round)
    @_take.register(Estimate)
    @_take.register(Disturbed)
    def _(self, event: Round | Estimate | Disturbed) -> None:
        case, before = self.cases[event.case_id], self._finished.get(event.case_id)
        self.cases[event.case_id] = fold_in_process(event, case, before)

    @_take.register
    def _(self, event: ProcessFinished) -> None:
        self.phase = None
        case = evolve(self.cases[event.case_id], process=event.process + 1, left_s=None)
        self.cases[event.case_id] = self._finished[event.case_id] = case

    @_take.register
    def _(self, event: CaseFinished) -> None:
        case = self.cases[event.case_id]
        case = evolve(case, error=event.error, ran_on=event.ran_on, traceback=event.traceback, message=event.message)
        case = evolve(case, abandoned=event.abandoned, refused=event.refused)
        if case.state in ("running", "refining"):
            self.far_states = self.far_states.after_case()
        self._end(case, cancelled=event.cancelled)
        if event.error or not self._latest:
            self._latest = event.case_id
        if self.worker == "busy":
            self.worker = "ready"

    def _device_of(self, case: Case) -> Device | None:
        devices = self._devices.get(case.far, self.devices)
        return next((device for device in devices if device.name == case.device), None)

    def _end(self, case: CaseResult, *, cancelled: bool) -> None:
        ended = self.cases[case.case_id] = end(case, cancelled=cancelled)
        self.progress.end(ended)
        self._open.pop(case.case_id, None)
