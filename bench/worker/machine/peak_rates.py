"""The most that a device has been seen to do, so that a figure far beyond it is not believed.

Products of square matrices are what every library is tuned for, and sums of arrays read and write memory as fast as it
goes. Both are tried at several sizes, from what fits a cache to what does not, and the best call counts: a peak that is
too low would cast suspicion on an honest figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from ...number_text import rate

MARGIN = 5.0
"""How many times the measured peak a figure must reach to be suspicious.

Twice, since other processes may hold half of the machine while the peak is measured; 2.25 times, since Winograd's
convolution does so many fewer multiplications than are counted; and a little.
"""

MATRIX_SIZES = (256, 512, 1024, 2048, 4096)

ARRAY_SIZES = (1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24)

TRIAL_S = 0.015
"""How long a size is tried, by one call at least."""

LONG_CALL_S = 0.005
"""After a call that takes longer, no larger size is tried."""

Trial = tuple[Callable[[], Any], float]
"""What to call, and how much a call does."""


@dataclass(frozen=True)
class Peak:
    """The most that a device has been seen to do in a second; 0 where that could not be measured."""

    flops_per_s: float
    bytes_per_s: float

    def or_more(self, other: Peak) -> Peak:
        """The most of two measurements."""
        return Peak(max(self.flops_per_s, other.flops_per_s), max(self.bytes_per_s, other.bytes_per_s))


class Peaks:
    """The peaks of the devices of a process, each measured when it is first needed."""

    def __init__(self, tf: Any) -> None:
        self._tf = tf
        self._peaks: dict[tuple[str, str], Peak] = {}

    def suspicion(self, device: str, dtype: str, latency_s: float, flops: int | None, bytes_moved: int | None) -> str:
        """As `suspicion_of_speed`, but before a figure is suspected the peak is measured once more."""
        if flops is None and bytes_moved is None:
            return ""
        known = self._peaks.get((device, dtype))
        peak = known or measure_peak(self._tf, device, dtype)
        suspicion = suspicion_of_speed(latency_s, flops, bytes_moved, peak)
        if suspicion:
            peak = peak.or_more(measure_peak(self._tf, device, dtype))
            suspicion = suspicion_of_speed(latency_s, flops, bytes_moved, peak)
        self._peaks[device, dtype] = peak
        return suspicion


def measure_peak(tf: Any, device: str, dtype: str) -> Peak:
    """The most that `device` is seen to do in a quarter of a second.

    Products are tried in float32 beside `dtype`: where a device has no arithmetic for a dtype, one mode may compute in
    float32 what another computes slowly. (On a GPU, float32 is TensorFloat-32 unless that is switched off.)
    """
    with tf.device(_scope(device)):
        flops_per_s = max(_best_rate(tf, _products(tf, kind)) for kind in {dtype, "float32"})
        return Peak(flops_per_s, _best_rate(tf, _sums(tf)))


def _scope(device: str) -> str:
    """Return a device's whole name, which `tf.device` needs of all but CPUs and GPUs."""
    return device if device.startswith("/") else f"/device:{device}"


def suspicion_of_speed(
    latency_s: float, flops: int | None, bytes_moved: int | None, peak: Peak, *, margin: float = MARGIN
) -> str:
    """How a call that does so much in `latency_s` would be quicker than the device, in words; empty if it is not.

    `flops` and `bytes_moved` are None where no formula tells them.
    """
    for amount, most_per_s, verb, unit in (
        (flops, peak.flops_per_s, "compute", "FLOP/s"),
        (bytes_moved, peak.bytes_per_s, "move", "B/s"),
    ):
        if amount and most_per_s and amount > margin * most_per_s * latency_s:
            claim, most = rate(amount / latency_s, unit), rate(most_per_s, unit)
            return f"it would {verb} {claim}, and this device was seen to reach {most}"
    return ""


def _products(tf: Any, dtype: str) -> Iterator[Trial]:
    for size in MATRIX_SIZES:
        matrix = tf.ones((size, size), dtype)
        yield partial(tf.matmul, matrix, matrix), 2.0 * size**3


def _sums(tf: Any) -> Iterator[Trial]:
    for size in ARRAY_SIZES:
        array, other = tf.ones((size,)), tf.ones((size,))
        yield partial(tf.add, array, other), 3.0 * array.dtype.size * size


def _best_rate(tf: Any, trials: Iterator[Trial]) -> float:
    """The most that a call of any trial does in a second, 0 where none works; larger ones come later."""
    best = 0.0
    try:
        for call, amount in trials:
            call_s = _shortest_call_s(call, tf.raw_ops.SyncDevice)
            best = max(best, amount / call_s)
            if call_s > LONG_CALL_S:
                break
    except tf.errors.OpError:
        pass  # as a rule, no memory for the next size
    return best


def _shortest_call_s(call: Callable[[], Any], synchronise: Callable[[], Any]) -> float:
    call()
    synchronise()
    shortest = math.inf
    now = perf_counter()
    end = now + TRIAL_S
    while now < end:
        before = now
        call()
        synchronise()
        now = perf_counter()
        shortest = min(shortest, now - before)
    return shortest
