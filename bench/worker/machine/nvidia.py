"""A GPU's state by NVML, through nvidia-ml-py where that is installed on the far side.

NVML numbers cards as they sit in the machine, CUDA as its variables say and MIG divides them: the UUID joins the two.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any
from uuid import UUID

from ...events import GpuState

CLOCKS_HELD_DOWN = {
    0x004: "SW power cap",
    0x008: "HW slowdown",
    0x010: "sync boost",
    0x020: "SW thermal slowdown",
    0x040: "HW thermal slowdown",
    0x080: "HW power brake slowdown",
    0x200: "board limit",
    0x400: "reliability",
}
"""NVML's reasons for a clock below the one asked for. Its others: 0x001 idling; 0x002, 0x100 a clock that was set."""

Uuid = ctypes.c_ubyte * 16


class Gpu:
    """A GPU or a MIG instance. `name` is the user's; `nvml` the module, initialised; `handle` NVML's for `uuid`."""

    def __init__(self, name: str, uuid: str, nvml: Any, handle: Any) -> None:
        self.name = name
        self._uuid = uuid
        self._nvml = nvml
        self._handle = handle

    def state(self) -> GpuState:
        """What NVML tells now. Never raises."""
        nvml = self._nvml
        power_mw = self._ask("nvmlDeviceGetPowerUsage")
        return GpuState(
            uuid=self._uuid,
            clock_mhz=self._ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_SM),
            memory_clock_mhz=self._ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_MEM),
            throttled=self._throttled(),
            temperature_c=self._ask("nvmlDeviceGetTemperature", nvml.NVML_TEMPERATURE_GPU),
            power_w=None if power_mw is None else power_mw / 1e3,
            other_processes=self._other_processes(),
        )

    def _throttled(self) -> tuple[str, ...] | None:
        reasons = self._ask("nvmlDeviceGetCurrentClocksEventReasons")
        if reasons is None:  # older drivers know it by this name
            reasons = self._ask("nvmlDeviceGetCurrentClocksThrottleReasons")
        if reasons is None:
            return None
        return tuple(words for bit, words in CLOCKS_HELD_DOWN.items() if reasons & bit)

    def _other_processes(self) -> int | None:
        """None where this process is not listed: NVML has other numbers for processes then, as in most containers."""
        processes = self._ask("nvmlDeviceGetComputeRunningProcesses") or ()
        pids = {process.pid for process in processes}
        return len(pids) - 1 if os.getpid() in pids and 0 not in pids else None

    def _ask(self, function: str, *arguments: Any) -> Any:
        """NVML's answer, None where this card, driver or version of nvidia-ml-py has none."""
        try:
            return getattr(self._nvml, function)(self._handle, *arguments)
        except (self._nvml.NVMLError, AttributeError):
            return None


def find_gpu(tf: Any, device: str) -> Gpu | None:
    """The GPU that TensorFlow lists as `device` (`GPU:1`); None for a CPU, and where NVML cannot be asked about it.

    The physical device's name ends in CUDA's number for it (TensorFlow's `BaseGPUDeviceFactory::ListPhysicalDevices`).
    """
    kind, _, index = device.partition(":")
    if kind != "GPU":
        return None
    try:
        import pynvml
    except ImportError:
        return None
    physical = tf.config.list_physical_devices("GPU")[int(index)]
    uuid = _cuda_uuid(int(physical.name.rpartition(":")[2]))
    return _open(pynvml, device, uuid) if uuid else None


def _open(nvml: Any, name: str, uuid: str) -> Gpu | None:
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return None
    for full_uuid in (f"GPU-{uuid}", f"MIG-{uuid}"):
        try:
            return Gpu(name, full_uuid, nvml, nvml.nvmlDeviceGetHandleByUUID(full_uuid))
        except nvml.NVMLError:
            pass
    return None


def _cuda_uuid(number: int) -> str | None:
    """The UUID of the device that CUDA numbers so in this process, of the instance under MIG.

    Asked of the driver itself: `get_device_details` does not tell it, and `device_lib` would initialise every GPU.
    """
    try:
        cuda = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None
    device, uuid = ctypes.c_int(), Uuid()
    get_uuid = getattr(cuda, "cuDeviceGetUuid_v2", None) or cuda.cuDeviceGetUuid  # the older one knows no MIG
    failed = cuda.cuInit(0) or cuda.cuDeviceGet(ctypes.byref(device), number) or get_uuid(uuid, device)
    return None if failed else str(UUID(bytes=bytes(uuid)))
