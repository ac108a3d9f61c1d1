"""Small sessions of a GPU made by hand: no GPU was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bench.events import Breakdown, Calibrated, CaseSized, Event, PairEstimate, ThroughputRatio
from tests.examples import MATMUL, SHORT_NAMES, session_events, taken_apart

ON_GPU = replace(MATMUL, device="GPU:0")

SHORT_CALLS = {"eager": 8e-5, "graph": 5e-5, "xla": 4e-5}
"""What a synchronised call takes; one among many takes half of it."""


def throughputs(who: str, ratio: float, low: float, high: float, verdict: str) -> Breakdown:
    """Return where a mode's time goes, `who` being `x/g` for XLA's throughput over graph's."""
    mode, baseline = (SHORT_NAMES[name] for name in who.split("/"))
    return apart(mode, ThroughputRatio(baseline, ratio, low, high, verdict))


def apart(mode: str, *ratios: ThroughputRatio) -> Breakdown:
    """Return where the time of a short call goes."""
    half_s = SHORT_CALLS[mode] / 2
    return replace(
        taken_apart(mode, SHORT_CALLS[mode]),
        throughput_s=half_s,
        throughput_low_s=0.98 * half_s,
        throughput_high_s=1.02 * half_s,
        throughput_ratios=ratios,
    )


def gpu_events(*pairs: PairEstimate, beside: Sequence[Event] = (), autotuned: bool = False, **more: Any) -> list[Event]:
    """Return a session of one case on a GPU whose calls were timed one by one."""
    found = {event.mode: event for event in map(apart, SHORT_CALLS)}
    found |= {event.mode: event for event in beside if isinstance(event, Breakdown)}
    sizes = tuple((mode, 1) for mode in SHORT_CALLS)
    rest = [event for event in beside if not isinstance(event, Breakdown)]
    told = [
        CaseSized(case_id="1", dims=ON_GPU.dims, autotuned=autotuned),
        Calibrated(case_id="1", overhead_s=6.2e-6, group_sizes=sizes, alone=True),
        *found.values(),
        *rest,
    ]
    return session_events(SHORT_CALLS, *pairs, case=ON_GPU, beside=told, **more)
