"""The worker's main, with stubs for TensorFlow and for what measures."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Device, Devices, Event, GpuFacts, Hello
from bench.plan import WorkerOptions, to_dict
from bench.runtime import NO_SETTINGS, Runtime
from bench.worker import main as module
from bench.worker.machine import environment, missing_gpus


class Worker:
    """A worker that starts and ends; `log` is what TensorFlow logs of it. What it does is kept, in words and events."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, gpus: list[Any], log: str = "", runtime: Runtime = NO_SETTINGS
    ) -> None:
        self.done: list[str] = []
        self.events: list[Event] = []
        self.told_to_cases: tuple[str, ...] = ()
        start = {"do": "start", "options": to_dict(WorkerOptions(runtime=runtime))}
        self._requests: list[dict[str, Any] | None] = [start, None]
        self.log = SimpleNamespace(beginning=lambda: log)
        details = {"device_name": "NVIDIA X", "compute_capability": (9, 0)}
        experimental = SimpleNamespace(
            get_device_details=lambda _: details,
            enable_tensor_float_32_execution=lambda on: self.done.append(f"TensorFloat-32 {'on' if on else 'off'}"),
        )
        tf = SimpleNamespace(
            __version__="2.21.0",
            config=SimpleNamespace(
                list_physical_devices=lambda kind: gpus if kind == "GPU" else [], experimental=experimental
            ),
            sysconfig=SimpleNamespace(get_build_info=lambda: {"cuda_version": "12.5.1", "cudnn_version": "9"}),
            test=SimpleNamespace(is_built_with_cuda=lambda: True),
        )
        monkeypatch.setitem(sys.modules, "tensorflow", tf)
        monkeypatch.setitem(sys.modules, "bench.worker.serve", SimpleNamespace(CaseRequests=self._cases))
        monkeypatch.setattr(module, "Channel", lambda: self)
        monkeypatch.setattr(module, "faulthandler", SimpleNamespace(enable=lambda **_: None))
        monkeypatch.setattr(environment, "prepare", lambda _: ())
        module.main({})

    def next_request(self) -> dict[str, Any] | None:
        return self._requests.pop(0)

    def emit(self, event: Event) -> None:
        self.done.append(event.kind)
        self.events.append(event)

    def _cases(self, *arguments: Any) -> Any:
        self.told_to_cases = arguments[-1]
        return SimpleNamespace(warm_up=lambda device: self.done.append(f"warm up {device}"))

    @property
    def devices(self) -> Devices:
        event = self.events[-1]
        assert isinstance(event, Devices)
        return event


def test_a_worker_that_says_hello_is_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Worker(monkeypatch, []).done[1:] == ["warm up CPU:0", "hello", "catalogue", "devices"]


@pytest.mark.parametrize(("wanted", "told"), [(None, "on"), (True, "on"), (False, "off")])
def test_tensor_float_32_is_settled_before_anything_computes(
    monkeypatch: pytest.MonkeyPatch, wanted: bool | None, told: str
) -> None:
    """A library keeps to the kernels that it has chosen with the first setting, for whatever computes first."""
    worker = Worker(monkeypatch, [], runtime=Runtime(tf32=wanted))
    assert worker.done[:2] == [f"TensorFloat-32 {told}", "warm up CPU:0"]


def test_a_worker_tells_what_it_holds_before_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "held_bytes", lambda: 3 << 30)
    (hello,) = [event for event in Worker(monkeypatch, []).events if isinstance(event, Hello)]
    assert hello.held_bytes == 3 << 30


def test_why_a_gpu_is_missing_is_told_with_the_devices_and_to_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing_gpus, "driver_gpus", lambda: 1)
    worker = Worker(
        monkeypatch, [], log="failed call to cuInit: CUDA_ERROR_SYSTEM_NOT_READY: system not yet initialized"
    )
    [why] = worker.devices.missing
    assert "nvidia-fabricmanager" in why
    assert worker.told_to_cases == worker.devices.missing


def test_where_a_gpu_is_listed_nobody_asks_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing_gpus, "driver_gpus", lambda: 8)
    gpu = SimpleNamespace(name="/physical_device:GPU:0", device_type="GPU")
    devices = Worker(monkeypatch, [gpu]).devices
    assert devices.missing == ()
    facts = GpuFacts(cuda="12.5.1", cudnn="9", compute_capability="9.0")
    assert devices.devices[-1] == Device("GPU:0", "NVIDIA X", facts)
