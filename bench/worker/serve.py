"""Cases as they are asked for: whatever becomes of one, it ends in an event, and the next can come."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter
from typing import Any

from ..catalogue import find
from ..device_names import is_accelerator, is_gpu
from ..events import (
    CaseFinished,
    CaseSized,
    CaseStarted,
    DevicePrepared,
    DevicePreparing,
    Estimate,
    Looked,
    Noted,
    ProcessFinished,
)
from ..plan import DEFAULT_DTYPE, DEFAULT_MODES, Case, Effort, PlanError, WorkerOptions
from .case.case_run import CaseRun
from .case.job import Job, Stopped
from .case.old_loading import load_old
from .channel import Channel
from .errors import ERRORS, describe_failure, user_lines, whole_text
from .machine.devices import DeviceHold, DeviceUnavailableError
from .machine.environment import use_tensor_float_32
from .machine.fingerprint import Fingerprint, differences
from .machine.memory import held_bytes
from .machine.nvidia import find_gpu
from .machine.peak_rates import Peaks
from .machine.process_state import take_fingerprint
from .machine.suspensions import Stops
from .modes.build import build, seed
from .modes.shared_objects import SharedObjects
from .workloads.mixed_precision import compute_in, take_policy_back
from .workloads.user_modules import is_read_afresh, path_of_others

EAGER_OFF = (
    "your code switches eager execution off (tf.compat.v1.disable_eager_execution() or disable_v2_behavior()), so no "
    "mode is what it says: take that out"
)

LEFT = "objects that the modes shared"

WARM_UP = "tiny_ops"
"""Many kinds of op: its first trace imports what later ones need."""


class ProcessWatch:
    """Tells what user code leaves behind in the process; `changed` names it. Empty before it has begun."""

    def __init__(self, tf: Any) -> None:
        self._tf = tf
        self._before: Fingerprint | None = None
        self.changed: tuple[str, ...] = ()
        self.keeps_modules = False
        """Whether modules of the user's stay loaded that were not before."""

    def begin(self) -> None:
        """Compare with the present state from now on."""
        self._before = self._take()

    def look(self) -> None:
        """Note what differs now."""
        if self._before is not None:
            now = self._take()
            self.note(*differences(self._before, now))
            self.keeps_modules |= bool(now.modules.keys() - self._before.modules.keys())

    def note(self, *changes: str) -> None:
        """Note what is known to differ."""
        self.changed = tuple(dict.fromkeys((*self.changed, *changes)))

    def _take(self) -> Fingerprint:
        return take_fingerprint(self._tf, path_of_others(), is_read_afresh)


class CaseRequests:
    """Measures one case after another on the devices it holds."""

    def __init__(
        self,
        tf: Any,
        channel: Channel,
        options: WorkerOptions,
        stops: Stops | None = None,
        missing: Sequence[str] = (),
    ) -> None:
        self._tf = tf
        self._channel = channel
        self._stops = stops or Stops()
        self._hold = DeviceHold(tf, options, missing)
        self._warmed: set[str] = set()
        self._peaks = Peaks(tf)
        self._measured = False
        self._compiled: set[str] = set()
        """Workloads that were compiled for a GPU: XLA keeps in the process what it has tuned for them."""
        self._looked: SharedObjects | None = None
        """What the last look has read: measured next, it may be what can be read only once."""

    def measure(self, request: dict[str, Any]) -> None:
        """Measure or verify a case; whatever happens ends in `case_finished`, or `process_finished` before that.

        Another process is worth its time only where this one has measured something.
        """
        case_id, effort, process = request["case_id"], Effort(**request["effort"]), request.get("process", 1)
        self._channel.running("")
        self._channel.emit(CaseStarted(case_id=case_id, process=process, processes=effort.processes))
        run: CaseRun | None = None
        shared: SharedObjects | None = None
        cancelled, refused, error, message = False, False, "", ""
        lines: tuple[str, ...] = ()
        watch = ProcessWatch(self._tf)
        kept = ExitStack()
        try:
            case = Case.from_dict(request["case"])
            use_tensor_float_32(self._tf, case.runtime.tf32)
            compute_in(DEFAULT_DTYPE)
            device = self._prepare(case.device)  # before the user's code is read, which may compute
            seed(case.seed)
            watch.begin()
            shared = self._shared_objects(case.workload)
            with self._tf.device(device):
                workload = shared.load(case.inputs, by_name=case.inputs_by_name)
            watch.look()  # what a mode needs otherwise is put back from here on
            if not self._tf.executing_eagerly():
                raise PlanError(EAGER_OFF)
            if not workload.takes_dtype and case.dtype == DEFAULT_DTYPE:
                case = replace(case, dtype=workload.dtypes[0])
            dims = workload.complete(case.dims)
            sized = CaseSized(case_id=case_id, dims=dims, dtype=case.dtype, unwrapped=workload.unwrapped)
            self._channel.emit(replace(sized, autotuned=is_gpu(case.device) and case.workload in self._compiled))
            if workload.note:
                self._channel.emit(Noted(case_id=case_id, mode=case.modes[0], note=workload.note))
            workload.check_dtype(case.dtype)
            old = None
            if case.is_held_against:
                with self._tf.device(device):
                    old = load_old(replace(case, dims=dims), kept)
            self.warm_up(case.device)
            with self._tf.device(device):
                job = Job(
                    channel=self._channel,
                    case_id=case_id,
                    case=case,
                    workload=workload,
                    effort=effort,
                    effect=request["effect"],
                    device=device,
                    peaks=self._peaks,
                    stops=self._stops,
                    gpu=find_gpu(self._tf, case.device),
                    without=request.get("without", ()),
                    fresh=not self._measured,
                    process=process,
                    earlier=[Estimate.from_dict(fields) for fields in request.get("earlier", ())],
                    shared=shared,
                    may_share=watch.keeps_modules or bool(shared.variables),
                    old=old,
                )
                self._measured = True
                if is_gpu(case.device):
                    self._compiled.add(case.workload)
                run = CaseRun(job)
                run.verify() if request["do"] == "verify" else run.measure()
        except Stopped:
            cancelled = True
        except (PlanError, DeviceUnavailableError) as refusal:
            error, refused = str(refusal), isinstance(refusal, PlanError)
        except ERRORS as failure:
            traceback.print_exc()
            error, lines, message = describe_failure(failure, "")[1], user_lines(failure), whole_text(failure)
        if not (cancelled or self._tf.executing_eagerly()):
            error = EAGER_OFF  # whatever went wrong for it
        found, ran_on = (run.found, self._hold.user_name(run.ran_on)) if run else (False, "")
        del run
        kept.close()
        take_policy_back()
        watch.look()
        if shared and shared.in_words():
            watch.note(LEFT)
        if found and process < effort.processes and not (cancelled or error):
            self._channel.emit(ProcessFinished(case_id=case_id, process=process, changed=watch.changed))
            return
        gc.collect()
        self._channel.emit(
            CaseFinished(
                case_id=case_id,
                cancelled=cancelled,
                error=error,
                ran_on=ran_on,
                held_bytes=held_bytes(),
                traceback=lines,
                changed=watch.changed,
                message=message,
                refused=refused,
            )
        )

    def _shared_objects(self, name: str) -> SharedObjects:
        looked, self._looked = self._looked, None
        return looked if looked is not None and looked.name == name else SharedObjects(name)

    def look(self, request: dict[str, Any]) -> None:
        """Say what code of the user's is, without measuring it."""
        name = request["workload"]
        self._channel.running("")
        looked = Looked(name=name)
        watch = ProcessWatch(self._tf)
        compute_in(DEFAULT_DTYPE)
        try:
            device = self._prepare(request["device"])
            watch.begin()
            self._looked = self._shared_objects(name)
            with self._tf.device(device):
                looked = replace(looked, workload=self._looked.load(request["inputs"]).info())
        except (PlanError, DeviceUnavailableError) as refused:
            looked = replace(looked, error=str(refused))
        except ERRORS as failure:
            traceback.print_exc()
            error, lines, message = describe_failure(failure, "")[1], user_lines(failure), whole_text(failure)
            looked = replace(looked, error=error, traceback=lines, message=message)
        watch.look()
        gc.collect()
        self._channel.emit(replace(looked, changed=watch.changed))

    def _prepare(self, device: str) -> str:
        """Take hold of a device and return the name by which this process computes on it; raises as `DeviceHold.take`.

        An accelerator's first use, which may take minutes, is told of, so that no case's time limit has to hold it.
        """
        name = self._hold.take(device)
        if not is_accelerator(device) or device in self._warmed:
            return name
        self._channel.emit(DevicePreparing(device=device))
        start = perf_counter()
        with self._tf.device(name):
            self._tf.zeros(()).numpy()  # what fails here is the device, and no mode
        self.warm_up(device)
        took_s = perf_counter() - start
        self._channel.emit(DevicePrepared(device=device, duration_s=took_s, held_bytes=held_bytes()))
        return name

    def warm_up(self, device: str) -> None:
        """Pay for what a device's first use costs, thread pools, imports and XLA's client among it."""
        if device in self._warmed:
            return
        self._warmed.add(device)
        with self._tf.device(self._hold.take(device)):
            for mode in DEFAULT_MODES:
                try:
                    build(find(WARM_UP), Case(WARM_UP, device=device), mode)()
                except self._tf.errors.OpError:
                    traceback.print_exc()
