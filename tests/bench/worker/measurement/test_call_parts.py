"""Where the time of a call goes, by a clock that only the calls move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.worker.measurement import call_parts, timing
from bench.worker.measurement.call_parts import (
    BLOCKS_FROM,
    LEAST_OVERLAPPING,
    Parts,
    bound_by,
    combine,
    take_apart,
)
from bench.worker.measurement.timing import Timed


class Device:
    """An asynchronous device: calls return at once and are done when it has been waited for."""

    def __init__(self, *, enqueue_s: float, compute_s: float, idle_sync_s: float = 1e-5) -> None:
        self.now = 0.0
        self.done_at = 0.0
        self._enqueue_s, self._compute_s, self._idle_sync_s = enqueue_s, compute_s, idle_sync_s

    def call(self) -> None:
        self.now += self._enqueue_s
        self.done_at = max(self.done_at, self.now) + self._compute_s

    def synchronise(self) -> None:
        self.now = max(self.now, self.done_at) + self._idle_sync_s


@pytest.fixture
def on_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Device], Device]:
    def use(device: Device) -> Device:
        for module in (timing, call_parts):
            monkeypatch.setattr(module, "perf_counter", lambda: device.now)
        monkeypatch.setattr(call_parts, "process_time", lambda: device.now / 2)
        return device

    return use


def test_enqueueing_is_told_from_computing(on_clock: Callable[[Device], Device]) -> None:
    device = on_clock(Device(enqueue_s=1e-5, compute_s=4e-4))
    parts = take_apart(Timed("graph", device.call, ((),), 10), None, device.synchronise, overhead_s=1e-5)
    assert parts.enqueue_s == pytest.approx(1e-5)
    assert parts.synced_s == pytest.approx(4.1e-4), "the synchronisation itself is no part of it"
    assert parts.throughput_s == pytest.approx(4e-4, rel=0.1), "calls overlap with computing"
    assert parts.cores_used == pytest.approx(0.5)
    assert bound_by(parts, asynchronous=True) == "device"


def test_a_device_that_waits_for_the_host_is_host_bound(on_clock: Callable[[Device], Device]) -> None:
    device = on_clock(Device(enqueue_s=2e-4, compute_s=1e-4))
    parts = take_apart(Timed("eager", device.call, ((),)).one_by_one(), None, device.synchronise, 0.0)
    assert bound_by(parts, asynchronous=True) == "host"


def test_dispatch_is_what_the_wrapper_takes_beyond_its_concrete_function(on_clock: Callable[[Device], Device]) -> None:
    device = on_clock(Device(enqueue_s=1e-4, compute_s=0.0))

    def wrapper() -> None:
        device.now += 3e-4
        device.call()

    parts = take_apart(Timed("graph", wrapper, ((),), 10), device.call, device.synchronise, overhead_s=1e-5)
    assert parts.dispatch_s == pytest.approx(3e-4, rel=0.05)


def test_a_dispatch_that_drowns_in_the_call_is_not_told() -> None:
    noisy = [Parts(1e-3, 1e-3, 1e-3, 1.0, dispatch_s) for dispatch_s in (1e-4, -1e-4, 2e-4, -2e-4, 1e-4, -1e-4, 0.0)]
    assert combine(noisy).dispatch_s is None
    clear = [Parts(1e-3, 1e-3, 1e-3, 1.0, dispatch_s) for dispatch_s in (1e-4, 1.1e-4, 0.9e-4, 1e-4, 1e-4, 1.2e-4)]
    assert combine(clear).dispatch_s == pytest.approx(1e-4)


def test_of_an_asynchronous_device_several_calls_overlap_in_a_block(on_clock: Callable[[Device], Device]) -> None:
    def parts(*, asynchronous: bool) -> Parts:
        device = on_clock(Device(enqueue_s=3e-3, compute_s=4e-3))
        timed = Timed("graph", device.call, ((),)).one_by_one()
        return take_apart(timed, None, device.synchronise, 0.0, asynchronous=asynchronous)

    assert parts(asynchronous=False).throughput_s == pytest.approx(7.01e-3), "of one call it would be the latency"
    overlapping = parts(asynchronous=True)
    assert overlapping.throughput_s == pytest.approx((3e-3 + LEAST_OVERLAPPING * 4e-3) / LEAST_OVERLAPPING, rel=0.01)
    assert overlapping.synced_s == pytest.approx(7.01e-3), "nothing is taken off"


@pytest.mark.parametrize(
    ("enqueue_s", "synced_s", "throughput_s", "word"),
    [
        (9.9e-4, 1e-3, 1e-3, ""),  # it waits inside: a loop whose condition the host reads
        (BLOCKS_FROM * 1e-3, 1e-3, BLOCKS_FROM * 1e-3, ""),
        (0.75e-3, 1e-3, 0.8e-3, "host"),
        (0.1e-3, 1e-3, 0.95e-3, "device"),
        (0.6e-3, 1e-3, 0.9e-3, ""),
    ],
)
def test_a_call_that_may_wait_inside_is_not_called_host_bound(
    enqueue_s: float, synced_s: float, throughput_s: float, word: str
) -> None:
    assert bound_by(Parts(throughput_s, enqueue_s, synced_s, 1.0, None), asynchronous=True) == word


def test_a_call_that_is_known_to_wait_for_nothing_inside_may_be_host_bound() -> None:
    parts = Parts(1e-3, 9.9e-4, 1e-3, 1.0, None, waits_inside=False)
    assert bound_by(parts, asynchronous=True) == "host"
    assert bound_by(replace(parts, waits_inside=True), asynchronous=True) == ""


@pytest.mark.parametrize(("dispatch_s", "word"), [(6e-5, "host"), (4e-5, ""), (None, "")])
def test_a_synchronous_device_is_host_bound_where_dispatch_is_most_of_a_call(
    dispatch_s: float | None, word: str
) -> None:
    assert bound_by(Parts(1e-4, 1e-4, 1e-4, 1.0, dispatch_s), asynchronous=False) == word
