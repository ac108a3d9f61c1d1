"""Find what ran on the CPU though the case is for a GPU, in one more call of each mode, which nobody times."""

from __future__ import annotations

import traceback
from collections.abc import Mapping

from ...device_names import is_accelerator
from ...events import Noted, Suspicious
from ..checks.op_devices import OpDevices, collecting, find_op_devices
from ..errors import ERRORS
from ..modes.modes import mode_of
from ..modes.tf_options import in_force
from .job import Job
from .prepared import Prepared


def tell_op_devices(job: Job, modes: Mapping[str, Prepared]) -> None:
    """Report what ran on the CPU in each mode that was asked for. Raises Stopped when asked to stop.

    Outputs and variables have been compared by now; what a call moves on elsewhere, it moves on in each mode alike.
    """
    if not is_accelerator(job.case.device):
        return
    # Emptying the cache of kernels loses what XLA has compiled of clusters: the modes with clusters come last.
    for mode in sorted(filter(job.asked, modes), key=lambda mode: mode_of(mode).calls_to_compile):
        job.go_on(mode)
        found = _find(job, modes[mode])
        if found is not None:
            _report(job, mode, found)


def _find(job: Job, prepared: Prepared) -> OpDevices | None:
    """Return where the operations of one more call ran; None if it fails, as where an iterator has run out."""
    built = prepared.built
    built.variables.begin_again()
    try:
        with in_force(built.options), collecting(job.device) as collected:
            built()
        return find_op_devices(collected, job.device)
    except (*ERRORS, AttributeError):
        traceback.print_exc()
        return None
    finally:
        built.variables.begin_again()


def _report(job: Job, mode: str, found: OpDevices) -> None:
    device = job.case.device
    for away in found.away:
        job.channel.emit(Noted(case_id=job.case_id, mode=mode, note=away.in_words(device)))
    if found.away and not found.is_used:
        reason = f"all of it ran on the CPU, so its figure is the CPU's and not that of {device}"
        job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=reason))
