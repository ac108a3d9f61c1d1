"""Cases as they are asked for: whatever becomes of one, it ends in an event, and the next can come."""

from __future__ import annotations

import gc
import traceback
from dataclasses import replace
from typing import Any

from ..catalogue import find
from ..events import CaseFinished, CaseSized, CaseStarted, Estimate, Looked, Noted, ProcessFinished
from ..plan import DEFAULT_DTYPE, DEFAULT_MODES, Case, Effort, PlanError, WorkerOptions
from .case.case_run import CaseRun
from .case.job import Job, Stopped
from .channel import Channel
from .errors import ERRORS, describe_failure, user_lines
from .machine.devices import DeviceHold, DeviceUnavailableError
from .machine.environment import use_tensor_float_32
from .machine.memory import held_bytes
from .machine.nvidia import find_gpu
from .machine.peak_rates import Peaks
from .machine.suspensions import Stops
from .modes.build import build
from .workloads.load import load_workload
from .workloads.mixed_precision import compute_in

WARM_UP = "tiny_ops"
"""Many kinds of op: its first trace imports what later ones need."""


class CaseRequests:
    """Measures one case after another on the devices it holds."""

    def __init__(self, tf: Any, channel: Channel, options: WorkerOptions, stops: Stops | None = None) -> None:
        self._tf = tf
        self._channel = channel
        self._stops = stops or Stops()
        self._hold = DeviceHold(tf, options)
        self._warmed: set[str] = set()
        self._peaks = Peaks(tf)
        self._measured = False

    def measure(self, request: dict[str, Any]) -> None:
        """Measure the case of a request; whatever happens ends in `case_finished`, or `process_finished` before that.

        Another process is worth its time only where this one has measured something.
        """
        case_id, effort, process = request["case_id"], Effort(**request["effort"]), request.get("process", 1)
        self._channel.running("")
        self._channel.emit(CaseStarted(case_id=case_id, process=process, processes=effort.processes))
        run: CaseRun | None = None
        cancelled, refused, error = False, False, ""
        lines: tuple[str, ...] = ()
        try:
            case = Case.from_dict(request["case"])
            use_tensor_float_32(self._tf, case.runtime.tf32)
            compute_in(DEFAULT_DTYPE)
            device = self._hold.take(case.device)  # before the user's code is read, which may compute
            with self._tf.device(device):
                workload = load_workload(case.workload, case.inputs, by_name=case.inputs_by_name)
            if not workload.takes_dtype and case.dtype == DEFAULT_DTYPE:
                case = replace(case, dtype=workload.dtypes[0])
            dims = workload.complete(case.dims)
            sized = CaseSized(case_id=case_id, dims=dims, dtype=case.dtype, unwrapped=workload.unwrapped)
            self._channel.emit(sized)
            if workload.note:
                self._channel.emit(Noted(case_id=case_id, mode=case.modes[0], note=workload.note))
            workload.check_dtype(case.dtype)
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
                )
                self._measured = True
                run = CaseRun(job)
                run.measure()
        except Stopped:
            cancelled = True
        except (PlanError, DeviceUnavailableError) as refusal:
            error, refused = str(refusal), isinstance(refusal, PlanError)
        except ERRORS as failure:
            traceback.print_exc()
            error, lines = describe_failure(failure, "")[1], user_lines(failure)
        if run and run.found and process < effort.processes and not (cancelled or error):
            self._channel.emit(ProcessFinished(case_id=case_id, process=process))
            return
        ran_on = self._hold.user_name(run.ran_on) if run else ""
        del run
        gc.collect()
        self._channel.emit(
            CaseFinished(
                case_id=case_id,
                cancelled=cancelled,
                error=error,
                ran_on=ran_on,
                held_bytes=held_bytes(),
                traceback=lines,
                refused=refused,
            )
        )

    def look(self, request: dict[str, Any]) -> None:
        """Say what code of the user's is, without measuring it."""
        name = request["workload"]
        self._channel.running("")
        looked = Looked(name=name)
        compute_in(DEFAULT_DTYPE)
        try:
            with self._tf.device(self._hold.take(request["device"])):
                looked = replace(looked, workload=load_workload(name, request["inputs"]).info())
        except (PlanError, DeviceUnavailableError) as refused:
            looked = replace(looked, error=str(refused))
        except ERRORS as failure:
            traceback.print_exc()
            looked = replace(looked, error=describe_failure(failure, "")[1], traceback=user_lines(failure))
        gc.collect()
        self._channel.emit(looked)

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
