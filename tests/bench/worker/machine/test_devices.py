"""Manners on a machine with GPUs, against a stub that keeps to the rules that `tf.config` documents."""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Device
from bench.plan import WorkerOptions
from bench.worker.machine.devices import DeviceHold, DeviceUnavailableError, list_devices

PhysicalDevice = namedtuple("PhysicalDevice", "name device_type")


class Config:
    """`tf.config` on a machine with one CPU and two GPUs; records what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.experimental = SimpleNamespace(
            get_device_details=lambda gpu: {"compute_capability": (9, 0), "device_name": f"NVIDIA {gpu.name[-1]}"},
            set_memory_growth=lambda gpu, enable: self.told.append(("growth", gpu.name, enable)),
        )

    def list_physical_devices(self, kind: str) -> list[PhysicalDevice]:
        names = {"CPU": ["CPU:0"], "GPU": ["GPU:0", "GPU:1"]}[kind]
        return [PhysicalDevice(f"/physical_device:{name}", kind) for name in names]

    def set_visible_devices(self, devices: list[PhysicalDevice], kind: str) -> None:
        self.told.append(("visible", kind, [device.name for device in devices]))

    def LogicalDeviceConfiguration(self, memory_limit: int | None = None) -> int | None:  # noqa: N802
        return memory_limit

    def set_logical_device_configuration(self, device: PhysicalDevice, parts: list[int | None]) -> None:
        if any(told[:2] == ("growth", device.name) for told in self.told):
            raise ValueError("Cannot set memory growth on device when virtual devices configured")
        self.told.append(("parts", device.name, parts))

    def set_soft_device_placement(self, enabled: bool) -> None:
        self.told.append(("soft placement", enabled))


@pytest.fixture
def config() -> Config:
    return Config()


@pytest.fixture
def tf(config: Config, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.delenv("TF_FORCE_GPU_ALLOW_GROWTH", raising=False)
    return SimpleNamespace(config=config)


def test_listing_tells_the_hardware_and_takes_nothing(tf: SimpleNamespace, config: Config) -> None:
    devices = list_devices(tf, WorkerOptions())
    assert devices[1:] == (Device("GPU:0", "NVIDIA 0"), Device("GPU:1", "NVIDIA 1"))
    assert config.told == []


def test_only_the_chosen_gpu_is_made_visible_and_its_memory_grows(tf: SimpleNamespace, config: Config) -> None:
    hold = DeviceHold(tf, WorkerOptions())
    assert hold.take("GPU:1") == "GPU:0", "the one visible GPU is the first in this process"
    assert hold.user_name("GPU:0") == "GPU:1"
    assert config.told == [
        ("visible", "GPU", ["/physical_device:GPU:1"]),
        ("growth", "/physical_device:GPU:1", True),
        ("soft placement", False),
    ]


def test_a_cpu_case_hides_every_gpu(tf: SimpleNamespace, config: Config) -> None:
    assert DeviceHold(tf, WorkerOptions()).take("CPU:0") == "CPU:0"
    assert config.told == [("visible", "GPU", []), ("soft placement", False)]


def test_a_memory_limit_takes_the_place_of_growth(tf: SimpleNamespace, config: Config) -> None:
    DeviceHold(tf, WorkerOptions(gpu_memory_limit_mib=2048)).take("GPU:0")
    assert ("parts", "/physical_device:GPU:0", [2048]) in config.told
    assert not [told for told in config.told if told[0] == "growth"]


def test_the_users_own_choice_of_growth_is_kept(
    tf: SimpleNamespace, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", "false")
    DeviceHold(tf, WorkerOptions()).take("GPU:0")
    assert not [told for told in config.told if told[0] == "growth"]


@pytest.mark.parametrize(("first", "then"), [("GPU:0", "GPU:1"), ("CPU:0", "GPU:0")])
def test_another_gpu_needs_another_worker(tf: SimpleNamespace, first: str, then: str) -> None:
    hold = DeviceHold(tf, WorkerOptions())
    hold.take(first)
    with pytest.raises(DeviceUnavailableError, match=f"{then} needs a worker of its own"):
        hold.take(then)


def test_a_gpu_that_is_not_there_is_named(tf: SimpleNamespace) -> None:
    with pytest.raises(DeviceUnavailableError, match=r"there is no GPU:2: TensorFlow lists 2 GPU"):
        DeviceHold(tf, WorkerOptions()).take("GPU:2")


@pytest.mark.parametrize("first", ["CPU:0", "GPU:0"])
def test_a_gpu_that_is_not_there_is_named_by_a_worker_that_holds_another_device(
    tf: SimpleNamespace, first: str
) -> None:
    hold = DeviceHold(tf, WorkerOptions())
    hold.take(first)
    with pytest.raises(DeviceUnavailableError, match=r"there is no GPU:2: TensorFlow lists 2 GPU"):
        hold.take("GPU:2")


def test_where_there_is_no_gpu_none_is_listed(tf: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
    hold = DeviceHold(tf, WorkerOptions())
    hold.take("CPU:0")
    with pytest.raises(DeviceUnavailableError, match=r"^there is no GPU:0: TensorFlow lists no GPU$"):
        hold.take("GPU:0")


def test_why_gpus_are_missing_is_said_of_a_gpu_and_of_nothing_else(
    tf: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: [])
    hold = DeviceHold(tf, WorkerOptions(), missing=("the driver has 1 GPU, TensorFlow lists none: install it",))
    with pytest.raises(DeviceUnavailableError, match=r"^there is no GPU:0: the driver has 1 GPU, .* none: install it$"):
        hold.take("GPU:0")
    with pytest.raises(DeviceUnavailableError, match=r"^there is no CPU:1: TensorFlow lists 1 CPU$"):
        hold.take("CPU:1")
