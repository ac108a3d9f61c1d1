"""Pay what the first use of a computation on an accelerator costs, before any mode is prepared."""

from __future__ import annotations

import gc
import traceback

from ...device_names import is_accelerator
from ..errors import ERRORS
from ..modes.build import build
from ..modes.tf_options import in_force
from .job import Job

LEFT_OUT = (
    "eager was not called before the modes were prepared, since these share objects: the first of them pays for "
    "loading kernels and for autotuning"
)


def pay_for_first_use(job: Job) -> str:
    """Call eager once on an accelerator, untimed, so that no mode pays for loading kernels and for autotuning.

    The call is made in a build of its own that is thrown away, so nothing of it is left to a mode. Where modes share
    objects there is no such build: then the result says that there was no call. It is empty otherwise.
    """
    if not is_accelerator(job.device) or "eager" in job.without:
        return ""
    if job.shared.once or job.may_share:
        return LEFT_OUT
    job.go_on("eager")
    try:
        _call_once(job)
    except ERRORS:  # eager itself will fail likewise, and say so
        traceback.print_exc()
    gc.collect()  # models are cycles, and hold memory of the device
    return LEFT_OUT if job.shared.once else ""


def _call_once(job: Job) -> None:
    import tensorflow as tf

    built = build(job.workload, job.case, "eager")
    if not job.shared.once:  # else reading the code again has shown that it cannot be read twice
        with in_force(built.options):
            built()
        tf.raw_ops.SyncDevice()
