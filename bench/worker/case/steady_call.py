"""After the rounds: where the time of a steady call goes, and whether it can be true."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from ...device_names import is_accelerator
from ...events import Breakdown, Suspicious
from ...plan import compute_dtype
from ..errors import ERRORS
from ..measurement.call_parts import Parts, bound_by, combine, take_apart
from ..measurement.rounds import ModeRounds
from ..measurement.timing import Timed
from ..modes.tf_options import in_force
from .job import Job, Stopped
from .phases import common_phase
from .prepared import Prepared

BUDGET_SHARE = 0.15
"""Of the rounds' budget."""


def break_down(
    job: Job,
    series: Mapping[str, ModeRounds],
    prepared: Mapping[str, Prepared],
    synchronise: Callable[[], Any],
    overhead_s: float,
) -> None:
    """Report where the time of each mode's call goes; one that fails now keeps its figures and is left out."""
    common_phase(job, "breakdown")
    found: dict[str, list[Parts]] = {mode: [] for mode in series}
    end = perf_counter() + BUDGET_SHARE * job.effort.budget_s
    while found and (perf_counter() < end or not all(found.values())):
        for mode in tuple(found):
            job.go_on(mode)
            timed = series[mode].timed
            try:
                with in_force(prepared[mode].built.options):
                    concrete = _concrete(timed, prepared[mode])
                    take = partial(take_apart, timed, concrete, synchronise, overhead_s)
                    found[mode].append(job.stops.without(take))
            except Stopped:
                raise
            except ERRORS:
                traceback.print_exc()
                del found[mode]
    for mode, visits in found.items():
        parts = combine(visits)
        job.channel.emit(
            Breakdown(
                case_id=job.case_id,
                mode=mode,
                throughput_s=parts.throughput_s,
                enqueue_s=parts.enqueue_s,
                synced_s=parts.synced_s,
                cores_used=parts.cores_used,
                dispatch_s=parts.dispatch_s,
                bound=bound_by(parts, asynchronous=is_accelerator(job.device)),
            )
        )


def doubt(job: Job, series: Mapping[str, ModeRounds]) -> None:
    """Report the modes whose calls would be quicker than the device was ever seen to be."""
    job.go_on()
    workload, dtype = job.workload, compute_dtype(job.case.dtype)
    dims = dict(workload.complete(job.case.dims))
    flops, bytes_moved = workload.count_flops(dims), workload.count_bytes(dims, job.case.dtype)
    for mode, each in series.items():
        latency_s = float(np.nanmedian(each.latencies_s))
        if reason := job.peaks.suspicion(job.device, dtype, latency_s, flops, bytes_moved):
            job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=reason))


def _concrete(timed: Timed, prepared: Prepared) -> Callable[..., Any] | None:
    """The one concrete function that the calls end in; None where several argument sets have one each."""
    return prepared.concrete if len(timed.argument_sets) == 1 else None
