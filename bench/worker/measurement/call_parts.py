"""Where the time of a steady call goes, from a few visits of its own after the rounds: these stay what they are."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter, process_time
from typing import Any

from .median_interval import median_interval
from .timing import Timed, time_calls, visit

BLOCK_S = 0.005

LEAST_OVERLAPPING = 4
"""So many calls of an asynchronous device are a block at least: of one alone, throughput would be the latency."""

BLOCKS_FROM = 0.8
"""A call that returns only after this share of its time may have waited for the device inside."""

HOST_BOUND_WITHIN = 1.2
"""A device that has finished so soon after its calls were enqueued waits for the host."""

DEVICE_BOUND_FROM = 2.0
"""A device that takes so many times as long as enqueuing does keeps the host waiting."""

MOSTLY_DISPATCH = 0.5


@dataclass(frozen=True)
class Parts:
    """Holds what one visit found, in seconds a call; `dispatch_s` is None for a mode that is not dispatched.

    `waits_inside`: whether a call waits for the device before it returns; None if that is not known.
    """

    throughput_s: float
    enqueue_s: float
    synced_s: float
    cores_used: float
    dispatch_s: float | None
    waits_inside: bool | None = None

    @property
    def may_wait_inside(self) -> bool:
        """Tell whether a call returns only when it is nearly done, and is not known not to wait for that."""
        return self.waits_inside is not False and self.enqueue_s >= BLOCKS_FROM * self.synced_s


def take_apart(
    timed: Timed,
    concrete: Callable[..., Any] | None,
    synchronise: Callable[[], Any],
    overhead_s: float,
    *,
    asynchronous: bool = False,
) -> Parts:
    """Visit a mode: single calls, a block synchronised once, then the wrapper beside its concrete function.

    `overhead_s`: what is taken off a call that is synchronised: what reading the clock and synchronising take.
    `asynchronous`: a call may return before the device has finished, so that the calls of a block overlap.
    """
    call_s = visit(timed, synchronise).latency_s
    calls = max(1, round(BLOCK_S / call_s))
    block = max(LEAST_OVERLAPPING, calls) if asynchronous else calls
    singles = list(_single_calls(timed, synchronise, BLOCK_S / 2))
    cpu_start, start = process_time(), perf_counter()
    block_s = time_calls(timed, synchronise, block)
    cpu_s, wall_s = process_time() - cpu_start, perf_counter() - start
    enqueue_s = statistics.median(enqueued_s for enqueued_s, _ in singles)
    synced_s = statistics.median(done_s for _, done_s in singles) - overhead_s
    return Parts(
        throughput_s=block_s / block,
        enqueue_s=enqueue_s,
        synced_s=max(synced_s, enqueue_s),
        cores_used=cpu_s / wall_s,
        dispatch_s=_dispatch(timed, concrete, synchronise, calls) if concrete else None,
    )


def _single_calls(timed: Timed, synchronise: Callable[[], Any], budget_s: float) -> Iterator[tuple[float, float]]:
    """Seconds until a call returned and until the device had finished it; at least one call."""
    end = perf_counter() + budget_s
    while True:
        (arguments,) = islice(timed.turns, 1)
        start = perf_counter()
        timed.call(*arguments)
        enqueued = perf_counter()
        synchronise()
        done = perf_counter()
        timed.ended(1)
        yield enqueued - start, done - start
        if done >= end:
            return


def _dispatch(timed: Timed, concrete: Callable[..., Any], synchronise: Callable[[], Any], calls: int) -> float:
    """What a call of the wrapper takes beyond one of its concrete function."""
    bare = Timed(timed.mode, concrete, timed.argument_sets, ended=timed.ended)
    half = max(1, calls // 2)
    bare_s = time_calls(bare, synchronise, half)
    wrapped_s = time_calls(timed, synchronise, calls)
    bare_s += time_calls(bare, synchronise, calls - half) if calls > half else 0.0
    return (wrapped_s - bare_s) / calls


def combine(parts: Sequence[Parts]) -> Parts:
    """The medians over visits. The cost of dispatch is None where it drowns in that of the call."""
    dispatches_s = [part.dispatch_s for part in parts if part.dispatch_s is not None]
    interval = median_interval(dispatches_s)
    told = interval is not None and interval[0] > 0
    return Parts(
        throughput_s=statistics.median(part.throughput_s for part in parts),
        enqueue_s=statistics.median(part.enqueue_s for part in parts),
        synced_s=statistics.median(part.synced_s for part in parts),
        cores_used=statistics.median(part.cores_used for part in parts),
        dispatch_s=statistics.median(dispatches_s) if told else None,
    )


def bound_by(parts: Parts, *, asynchronous: bool) -> str:
    """`host` or `device`, whichever the calls wait for; empty where the figures do not tell.

    A call that waits for the device inside returns when that is done, as one does for which the device has waited.
    """
    if asynchronous:
        if parts.may_wait_inside:
            return ""
        if parts.throughput_s <= HOST_BOUND_WITHIN * parts.enqueue_s:
            return "host"
        return "device" if parts.throughput_s >= DEVICE_BOUND_FROM * parts.enqueue_s else ""
    mostly = parts.dispatch_s is not None and parts.dispatch_s >= MOSTLY_DISPATCH * parts.throughput_s
    return "host" if mostly else ""
