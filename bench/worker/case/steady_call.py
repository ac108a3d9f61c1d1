"""After the rounds: where the time of a steady call goes, and whether it can be true."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from ...device_names import is_accelerator
from ...events import Breakdown, Suspicious
from ...plan import OVERRUN, compute_dtype
from ..errors import ERRORS
from ..measurement.call_parts import Parts, bound_by, combine, take_apart
from ..measurement.median_interval import median_interval
from ..measurement.rounds import ModeRounds
from ..measurement.throughput import fewest_visits, throughput_ratios
from ..measurement.timing import Timed
from ..measurement.waiting import waits_inside
from ..modes.tf_options import Options, in_force
from .job import Job, Stopped
from .phases import common_phase
from .prepared import Prepared

BUDGET_SHARE = 0.15
"""Of the rounds' budget; on an accelerator up to OVERRUN times that, until throughputs can be compared."""


def break_down(
    job: Job,
    series: Mapping[str, ModeRounds],
    prepared: Mapping[str, Prepared],
    synchronise: Callable[[], Any],
    overhead_s: float,
    *,
    wrong: Collection[str] = (),
    occupy: Callable[[], Any] | None = None,
) -> None:
    """Report where the time of each mode's call goes; one that fails now keeps its figures and is left out.

    `overhead_s` is as for `take_apart`, `occupy` as for `waits_inside`. Modes that are `wrong` are not compared.
    """
    common_phase(job, "breakdown")
    asynchronous = is_accelerator(job.device)
    found: dict[str, list[Parts]] = {mode: [] for mode in series}
    budget_s = BUDGET_SHARE * job.effort.budget_s
    start = perf_counter()
    enough = fewest_visits([*found]) if asynchronous else 1
    while found and not _is_done(min(map(len, found.values())), enough, perf_counter() - start, budget_s):
        for mode in tuple(found):
            job.go_on(mode)
            timed = series[mode].timed
            try:
                with in_force(prepared[mode].built.options):
                    concrete = _concrete(timed, prepared[mode])
                    take = partial(take_apart, timed, concrete, synchronise, overhead_s, asynchronous=asynchronous)
                    found[mode].append(job.stops.without(take))
            except Stopped:
                raise
            except ERRORS:
                traceback.print_exc()
                del found[mode]
    throughputs_s = {mode: [parts.throughput_s for parts in visits] for mode, visits in found.items()}
    right_s = {mode: visits_s for mode, visits_s in throughputs_s.items() if mode not in wrong}
    ratios = throughput_ratios(right_s, job.effect) if asynchronous else {}
    for mode, visits in found.items():
        parts = combine(visits)
        if occupy and asynchronous and parts.may_wait_inside:
            timed, options = series[mode].timed, prepared[mode].built.options
            parts = replace(parts, waits_inside=_waits_inside(job, timed, options, synchronise, occupy, parts))
        low_s, high_s = median_interval(throughputs_s[mode]) or (None, None)
        job.channel.emit(
            Breakdown(
                case_id=job.case_id,
                mode=mode,
                throughput_s=parts.throughput_s,
                enqueue_s=parts.enqueue_s,
                synced_s=parts.synced_s,
                cores_used=parts.cores_used,
                dispatch_s=parts.dispatch_s,
                bound=bound_by(parts, asynchronous=asynchronous),
                throughput_low_s=low_s,
                throughput_high_s=high_s,
                throughput_ratios=ratios.get(mode, ()),
            )
        )


def _waits_inside(
    job: Job,
    timed: Timed,
    options: Options,
    synchronise: Callable[[], Any],
    occupy: Callable[[], Any],
    parts: Parts,
) -> bool | None:
    """Tell whether a mode's calls wait for the device; None where that cannot be told, or a call fails."""
    job.go_on(timed.mode)
    try:
        with in_force(options):
            return job.stops.without(lambda: waits_inside(timed, synchronise, occupy, parts.enqueue_s))
    except ERRORS:
        traceback.print_exc()
        return None


def _is_done(visits: int, enough: int, spent_s: float, budget_s: float) -> bool:
    """Tell whether every mode has been visited often enough: once at least, and no longer than there is time."""
    return visits >= 1 and spent_s >= (budget_s if visits >= enough else OVERRUN * budget_s)


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
