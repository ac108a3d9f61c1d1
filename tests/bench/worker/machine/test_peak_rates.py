"""What a device is seen to do at most, and which figures are beyond it; by a clock that only the calls move."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from bench.worker.machine import peak_rates as module
from bench.worker.machine.peak_rates import (
    ARRAY_SIZES,
    MARGIN,
    MATRIX_SIZES,
    Peak,
    Peaks,
    measure_peak,
    suspicion_of_speed,
)

PEAK = Peak(flops_per_s=120e9, bytes_per_s=30e9)


class OpError(Exception):
    """TensorFlow's."""


class Machine:
    """TensorFlow on a device that multiplies and adds at given rates, by dtype and size, beyond a start-up time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.start_s = 1e-5
        self.flops_per_s = {"float32": 100e9, "bfloat16": 10e9, "float64": 50e9}
        self.bytes_per_s = 20e9
        self.memory_elements = 1 << 60
        self.largest: dict[str, int] = {}
        self.raw_ops = SimpleNamespace(SyncDevice=lambda: None)
        self.errors = SimpleNamespace(OpError=OpError)
        self.scopes: list[str] = []
        monkeypatch.setattr(module, "perf_counter", lambda: self.now)

    def device(self, scope: str) -> AbstractContextManager[None]:
        self.scopes.append(scope)
        return nullcontext()

    def ones(self, shape: tuple[int, ...], dtype: str = "float32") -> Any:
        elements = shape[0] ** len(shape)
        if elements > self.memory_elements:
            raise OpError("out of memory")
        return SimpleNamespace(rows=shape[0], kind=dtype, dtype=SimpleNamespace(size=4))

    def matmul(self, a: Any, _: Any) -> None:
        self.largest[a.kind] = max(a.rows, self.largest.get(a.kind, 0))
        self.now += self.start_s + 2 * a.rows**3 / self.flops_per_s[a.kind]

    def add(self, a: Any, _: Any) -> None:
        self.largest["sum"] = max(a.rows, self.largest.get("sum", 0))
        self.now += self.start_s + 12 * a.rows / self.bytes_per_s


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_the_peak_is_what_the_best_size_reached(machine: Machine) -> None:
    peak = measure_peak(machine, "CPU:0", "float32")
    assert peak.flops_per_s == pytest.approx(100e9, rel=0.01)
    assert peak.bytes_per_s == pytest.approx(20e9, rel=0.01)


@pytest.mark.parametrize("device", ["XLA_CPU:0", "/device:XLA_CPU:0"])
def test_an_emulated_device_is_entered_by_its_whole_name(machine: Machine, device: str) -> None:
    measure_peak(machine, device, "float32")
    assert machine.scopes == ["/device:XLA_CPU:0"]


def test_a_slow_device_is_not_given_large_sizes(machine: Machine) -> None:
    machine.flops_per_s["float32"] = 1e9
    measure_peak(machine, "CPU:0", "float32")
    assert machine.largest["float32"] == MATRIX_SIZES[0]


def test_a_fast_device_is_given_the_largest(machine: Machine) -> None:
    machine.flops_per_s["float32"], machine.bytes_per_s = 1e15, 1e13
    measure_peak(machine, "GPU:0", "float32")
    assert machine.largest == {"float32": MATRIX_SIZES[-1], "sum": ARRAY_SIZES[-1]}


def test_the_peak_of_a_dtype_that_is_emulated_is_float32s(machine: Machine) -> None:
    assert measure_peak(machine, "CPU:0", "bfloat16").flops_per_s == pytest.approx(100e9, rel=0.01)


def test_where_memory_ends_the_sizes_before_count(machine: Machine) -> None:
    machine.memory_elements = 512 * 512
    assert measure_peak(machine, "GPU:0", "float32").flops_per_s == pytest.approx(100e9, rel=0.1)
    machine.memory_elements = 1
    assert measure_peak(machine, "GPU:0", "float32") == Peak(0.0, 0.0)


def test_a_figure_far_beyond_the_peak_is_told_with_both() -> None:
    assert suspicion_of_speed(1e-3, 5_100_000_000, None, PEAK) == (
        "it would compute 5.1 TFLOP/s, and this device was seen to reach 120 GFLOP/s"
    )
    assert suspicion_of_speed(1e-3, None, 1_000_000_000, PEAK) == (
        "it would move 1.0 TB/s, and this device was seen to reach 30 GB/s"
    )


def test_up_to_the_margin_a_figure_is_believed() -> None:
    least_s = 1e9 / (MARGIN * PEAK.flops_per_s)
    assert suspicion_of_speed(1.001 * least_s, 10**9, None, PEAK) == ""
    assert suspicion_of_speed(0.999 * least_s, 10**9, None, PEAK) != ""
    assert suspicion_of_speed(0.999 * least_s, 10**9, None, PEAK, margin=2 * MARGIN) == ""


def test_without_a_formula_or_a_peak_nothing_is_suspected() -> None:
    assert suspicion_of_speed(1e-9, None, None, PEAK) == ""
    assert suspicion_of_speed(1e-9, 10**12, 10**12, Peak(0.0, 0.0)) == ""


def test_the_peak_is_measured_once_and_again_before_a_figure_is_suspected(machine: Machine) -> None:
    peaks = Peaks(machine)
    machine.flops_per_s["float32"] = 10e9  # another process holds the machine
    assert peaks.suspicion("CPU:0", "float32", 1e-3, 10_000_000, None) == ""
    measured_at = machine.now
    assert peaks.suspicion("CPU:0", "float32", 1e-3, 10_000_000, None) == ""
    assert machine.now == measured_at
    machine.flops_per_s["float32"] = 100e9
    assert peaks.suspicion("CPU:0", "float32", 1e-3, 100_000_000, None) == "", "what was seen at first was too little"
    assert peaks.suspicion("CPU:0", "float32", 1e-3, 1_000_000_000, None) == (
        "it would compute 1.0 TFLOP/s, and this device was seen to reach 100 GFLOP/s"
    )


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_a_real_device_has_a_peak(tf: Any, dtype: str) -> None:
    peak = measure_peak(tf, "CPU:0", dtype)
    assert peak.flops_per_s > 0
    assert peak.bytes_per_s > 0
