"""Whether a call waits for the device inside, on a made-up device by whose clock all is timed."""

from __future__ import annotations

import pytest

from bench.worker.measurement import timing, waiting
from bench.worker.measurement.timing import Timed
from bench.worker.measurement.waiting import LONGEST_S, waits_inside


class Device:
    """Does what is enqueued in its order; the clock moves where the host works or waits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, work_s: float = 1e-3) -> None:
        self.now = 0.0
        self.done_at = 0.0
        self.calls = 0
        self._work_s = work_s
        for module in (timing, waiting):
            monkeypatch.setattr(module, "perf_counter", lambda: self.now)

    def enqueue(self, host_s: float, device_s: float) -> None:
        self.now += host_s
        self.done_at = max(self.done_at, self.now) + device_s

    def synchronise(self) -> None:
        self.now = max(self.now, self.done_at) + 5e-6

    def occupy(self) -> None:
        self.enqueue(2e-5, self._work_s)

    def launching(self) -> None:
        """Launch many short kernels: the device waits for the host."""
        self.calls += 1
        for _ in range(10):
            self.enqueue(2e-5, 1e-6)

    def looping(self) -> None:
        """Read a condition between launches: the host waits for the device."""
        self.calls += 1
        for _ in range(10):
            self.enqueue(1e-6, 2e-5)
            self.synchronise()

    def timed(self, call: str) -> Timed:
        return Timed("eager", getattr(self, call), ((),)).one_by_one()


@pytest.mark.parametrize(("call", "waits"), [("launching", False), ("looping", True)])
@pytest.mark.parametrize("work_s", [1e-4, 1e-3, 1e-2])
def test_on_an_occupied_device_only_a_call_that_waits_returns_late(
    monkeypatch: pytest.MonkeyPatch, call: str, waits: bool, work_s: float
) -> None:
    device = Device(monkeypatch, work_s=work_s)
    start = device.now
    device.timed(call).call()
    enqueue_s = device.now - start
    assert waits_inside(device.timed(call), device.synchronise, device.occupy, enqueue_s) is waits


def test_a_device_that_would_be_occupied_for_too_long_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(monkeypatch)
    assert waits_inside(device.timed("looping"), device.synchronise, device.occupy, LONGEST_S) is None
    assert device.calls == 0


def test_of_a_device_that_works_as_fast_as_it_is_given_work_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(monkeypatch, work_s=0.0)
    assert waits_inside(device.timed("launching"), device.synchronise, device.occupy, 2e-4) is None
