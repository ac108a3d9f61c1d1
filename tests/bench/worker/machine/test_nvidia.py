"""A GPU's state, through the real nvidia-ml-py over a stub of the driver's two C libraries, libcuda and NVML.

The stub answers as their documentation says, also for a MIG instance and for a driver that is missing, old or failing.
"""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.events import GpuState
from bench.worker.machine.nvidia import CLOCKS_HELD_DOWN, Gpu, find_gpu

OK, NOT_SUPPORTED, NOT_FOUND, INSUFFICIENT_SIZE, DRIVER_NOT_LOADED, GPU_IS_LOST = 0, 3, 6, 7, 9, 15
NO_DEVICE = 100

UUIDS = ["11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"]
"""In the order in which CUDA numbers the devices of this process."""


class Struct(ctypes.Structure):
    """What a device handle points to: nobody looks inside."""


def target(reference: Any) -> Any:
    """What a `byref(...)` that was passed to C refers to."""
    return reference._obj


class Cuda:
    """libcuda.so.1, as far as it numbers devices and knows their UUIDs."""

    def __init__(self) -> None:
        self.failing = OK

    def cuInit(self, flags: int) -> int:  # noqa: N802
        return self.failing

    def cuDeviceGet(self, device: Any, number: int) -> int:  # noqa: N802
        target(device).value = number
        return OK

    def cuDeviceGetUuid_v2(self, uuid: Any, device: Any) -> int:  # noqa: N802
        uuid[:] = bytes.fromhex(UUIDS[device.value].replace("-", ""))
        return OK


class Nvml:
    """libnvidia-ml.so.1 with the second of the devices: a card, or an instance where `prefix` is MIG."""

    def __init__(self, prefix: str = "GPU") -> None:
        self.uuid = f"{prefix}-{UUIDS[1]}".encode()
        self.mig = prefix == "MIG"
        self.starting = OK
        self.failing = OK
        self.reasons = 0x000
        self.pids = [os.getpid()]
        self._device = Struct()

    def nvmlInitWithFlags(self, flags: int) -> int:  # noqa: N802
        return self.starting

    def nvmlDeviceGetHandleByUUID(self, uuid: Any, handle: Any) -> int:  # noqa: N802
        if uuid.value != self.uuid:
            return NOT_FOUND
        target(handle).contents = ctypes.cast(ctypes.pointer(self._device), type(target(handle))).contents
        return OK

    def nvmlDeviceGetClockInfo(self, handle: Any, clock: Any, mhz: Any) -> int:  # noqa: N802
        return self._answer(mhz, {1: 1980, 2: 2619}[clock.value])

    def nvmlDeviceGetTemperature(self, handle: Any, sensor: Any, degrees: Any) -> int:  # noqa: N802
        return self._answer(degrees, {0: 41}[sensor.value])

    def nvmlDeviceGetPowerUsage(self, handle: Any, milliwatts: Any) -> int:  # noqa: N802
        return self._answer(milliwatts, 121_500)

    def nvmlDeviceGetCurrentClocksEventReasons(self, handle: Any, reasons: Any) -> int:  # noqa: N802
        return self._answer(reasons, self.reasons)

    def nvmlDeviceGetComputeRunningProcesses_v3(self, handle: Any, count: Any, processes: Any) -> int:  # noqa: N802
        if self.failing:
            return self.failing
        if processes is None:
            target(count).value = len(self.pids)
            return INSUFFICIENT_SIZE if self.pids else OK
        target(count).value = len(self.pids)
        for process, pid in zip(processes, self.pids, strict=False):
            process.pid = pid
        return OK

    def _answer(self, out: Any, value: int) -> int:
        if not (self.failing or self.mig):
            target(out).value = value
        return self.failing or (NOT_SUPPORTED if self.mig else OK)


class OldNvml(Nvml):
    """A driver from before clocks event reasons had that name."""

    nvmlDeviceGetCurrentClocksEventReasons = property()  # noqa: N815

    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle: Any, reasons: Any) -> int:  # noqa: N802
        return self._answer(reasons, self.reasons)


TF = SimpleNamespace(
    config=SimpleNamespace(
        list_physical_devices=lambda kind: [
            SimpleNamespace(name=f"/physical_device:{kind}:{number}", device_type=kind) for number in range(2)
        ]
    )
)


@pytest.fixture(autouse=True)
def libraries(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The driver's libraries, by name; nvidia-ml-py is loaded afresh, to find these."""
    present: dict[str, Any] = {"libcuda.so.1": Cuda(), "libnvidia-ml.so.1": Nvml()}

    def load(name: str) -> Any:
        if name not in present:
            raise OSError(f"{name}: cannot open shared object file")
        return present[name]

    monkeypatch.setattr(ctypes, "CDLL", load)
    spec = find_spec("pynvml")
    assert spec is not None
    assert spec.loader is not None
    monkeypatch.setitem(sys.modules, "pynvml", module := module_from_spec(spec))
    spec.loader.exec_module(module)
    return present


def found() -> Gpu:
    gpu = find_gpu(TF, "GPU:1")
    assert gpu is not None
    return gpu


def nvml(libraries: dict[str, Any]) -> Nvml:
    return cast("Nvml", libraries["libnvidia-ml.so.1"])


def test_a_card_is_found_by_its_uuid_and_tells_its_state() -> None:
    gpu = found()
    assert gpu.name == "GPU:1"
    assert gpu.state() == GpuState(
        uuid=f"GPU-{UUIDS[1]}",
        clock_mhz=1980,
        memory_clock_mhz=2619,
        throttled=(),
        temperature_c=41,
        power_w=121.5,
        other_processes=0,
    )


def test_a_card_that_nvml_does_not_have_is_not_taken_for_another() -> None:
    assert find_gpu(TF, "GPU:0") is None, "NVML's only card is CUDA's second"


def test_what_a_mig_instance_does_not_tell_is_blank(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = Nvml("MIG")
    assert found().state() == GpuState(uuid=f"MIG-{UUIDS[1]}", other_processes=0)


def test_reasons_for_held_down_clocks_are_named_and_idling_is_none(libraries: dict[str, Any]) -> None:
    gpu = found()
    for reasons, words in [
        (0x001, ()),
        (0x002 | 0x100, ()),
        (0x004, ("SW power cap",)),
        (0x001 | 0x008 | 0x040, ("HW slowdown", "HW thermal slowdown")),
    ]:
        nvml(libraries).reasons = reasons
        assert gpu.state().throttled == words


def test_the_reasons_are_the_librarys() -> None:
    import pynvml

    named = {
        "SW power cap": pynvml.nvmlClocksThrottleReasonSwPowerCap,
        "HW slowdown": pynvml.nvmlClocksThrottleReasonHwSlowdown,
        "sync boost": pynvml.nvmlClocksThrottleReasonSyncBoost,
        "SW thermal slowdown": pynvml.nvmlClocksThrottleReasonSwThermalSlowdown,
        "HW thermal slowdown": pynvml.nvmlClocksThrottleReasonHwThermalSlowdown,
        "HW power brake slowdown": pynvml.nvmlClocksThrottleReasonHwPowerBrakeSlowdown,
    }
    assert named.items() <= {words: bit for bit, words in CLOCKS_HELD_DOWN.items()}.items()


def test_an_old_driver_tells_them_under_their_old_name(libraries: dict[str, Any]) -> None:
    libraries["libnvidia-ml.so.1"] = old = OldNvml()
    old.reasons = 0x020
    assert found().state().throttled == ("SW thermal slowdown",)


@pytest.mark.parametrize(
    ("others", "told"),
    [([], 0), ([7], 1), ([7, 8, 8], 2), ([0], None)],
    ids=["alone", "one", "one of two twice", "one whose number is not ours to see"],
)
def test_processes_beside_this_one_are_counted(libraries: dict[str, Any], others: list[int], told: int | None) -> None:
    nvml(libraries).pids = [os.getpid(), *others]
    assert found().state().other_processes == told


@pytest.mark.parametrize("pids", [[], [4711], [4711, 4712]])
def test_where_this_process_is_not_listed_the_others_are_unknown(libraries: dict[str, Any], pids: list[int]) -> None:
    nvml(libraries).pids = pids
    assert found().state().other_processes is None


def test_a_gpu_that_is_lost_tells_nothing_and_raises_nothing(libraries: dict[str, Any]) -> None:
    gpu = found()
    nvml(libraries).failing = GPU_IS_LOST
    assert gpu.state() == GpuState(uuid=f"GPU-{UUIDS[1]}")


def test_a_driver_that_is_not_loaded_is_no_gpu(libraries: dict[str, Any]) -> None:
    nvml(libraries).starting = DRIVER_NOT_LOADED
    assert find_gpu(TF, "GPU:1") is None


@pytest.mark.parametrize("missing", ["libcuda.so.1", "libnvidia-ml.so.1"])
def test_a_library_that_is_missing_is_no_gpu(libraries: dict[str, Any], missing: str) -> None:
    del libraries[missing]
    assert find_gpu(TF, "GPU:1") is None


def test_a_cuda_that_fails_is_no_gpu(libraries: dict[str, Any]) -> None:
    libraries["libcuda.so.1"].failing = NO_DEVICE
    assert find_gpu(TF, "GPU:1") is None


def test_without_nvidia_ml_py_there_is_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert find_gpu(TF, "GPU:1") is None


def test_a_cpu_case_asks_nobody() -> None:
    assert find_gpu(None, "CPU:0") is None
