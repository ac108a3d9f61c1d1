"""After the rounds: where the time of a steady call goes."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from ..events import Breakdown
from .breakdown import Parts, bound_by, combine, take_apart
from .failures import ERRORS
from .job import Job, Stopped
from .phases import common_phase
from .prepare import Prepared
from .timing import Timed

BUDGET_SHARE = 0.15
"""Of the rounds' budget."""


def explain(
    job: Job,
    timed: Mapping[str, Timed],
    prepared: Mapping[str, Prepared],
    synchronise: Callable[[], Any],
    overhead_s: float,
) -> None:
    """Report where the time of each mode's call goes; one that fails now keeps its figures and is left out."""
    common_phase(job, "breakdown")
    found: dict[str, list[Parts]] = {mode: [] for mode in timed}
    end = perf_counter() + BUDGET_SHARE * job.effort.budget_s
    while found and (perf_counter() < end or not all(found.values())):
        for mode in tuple(found):
            job.go_on(mode)
            try:
                found[mode].append(
                    take_apart(timed[mode], _concrete(timed[mode], prepared[mode]), synchronise, overhead_s)
                )
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
                bound=bound_by(parts, asynchronous=job.device.startswith("GPU")),
            )
        )


def _concrete(timed: Timed, prepared: Prepared) -> Callable[..., Any] | None:
    """The one concrete function that the calls end in; None where several argument sets have one each."""
    return prepared.concrete if len(timed.argument_sets) == 1 else None
