"""A GPU's facts and its state by NVML, through nvidia-ml-py where that is installed on the far side, else by ctypes.

NVML numbers cards as they sit in the machine, CUDA as its variables say and MIG divides them: the UUID joins the two.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any
from uuid import UUID

from ...events import GpuFacts, GpuState
from . import nvml as own_nvml

IDLING = 0x001

NO_SAMPLES = (0, 6)
"""NVML's errors where no process has computed: not found, and of nvidia-ml-py also that there was no error."""

MOST_PERCENT = 100

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
"""NVML's reasons for a clock below the one asked for. Its others: IDLING; 0x002, 0x100 a clock that was set."""

POWER_CAP = CLOCKS_HELD_DOWN[0x004]

SLOWDOWNS = tuple(CLOCKS_HELD_DOWN[bit] for bit in (0x008, 0x020, 0x040, 0x080))
"""The reasons that are trouble: heat, and a power supply that gives out. At the power cap heavy work runs steadily."""

Uuid = ctypes.c_ubyte * 16


class Gpu:
    """A GPU or a MIG instance. `name` is the user's; `nvml` the module, initialised; `handle` NVML's for `uuid`."""

    def __init__(self, name: str, uuid: str, nvml: Any, handle: Any) -> None:
        self.name = name
        self._uuid = uuid
        self._nvml = nvml
        self._handle = handle
        self._seen_us = 0
        """The end of the latest sampling period of processes that was read."""

    def state(self) -> GpuState:
        """Return what NVML tells now; `busy_processes` are those since the last call. Never raises."""
        nvml = self._nvml
        power_mw = self._ask("nvmlDeviceGetPowerUsage")
        reasons = self._reasons()
        pids = self._pids()
        return GpuState(
            uuid=self._uuid,
            clock_mhz=self._ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_SM),
            memory_clock_mhz=self._ask("nvmlDeviceGetClockInfo", nvml.NVML_CLOCK_MEM),
            throttled=None if reasons is None else _in_words(reasons),
            temperature_c=self._ask("nvmlDeviceGetTemperature", nvml.NVML_TEMPERATURE_GPU),
            power_w=None if power_mw is None else power_mw / 1e3,
            other_processes=None if pids is None else len(pids) - 1,
            busy_processes=None if pids is None else self._busy_processes(),
            idle=None if reasons is None else bool(reasons & IDLING),
        )

    def facts(self) -> GpuFacts:
        """Return what NVML tells of the card that stays the same. Never raises."""
        nvml = self._nvml
        limit_mw = self._ask("nvmlDeviceGetEnforcedPowerLimit")
        memory = self._ask("nvmlDeviceGetMemoryInfo")
        cuda = self._ask_system("nvmlSystemGetCudaDriverVersion")
        return GpuFacts(
            driver=self._ask_system("nvmlSystemGetDriverVersion") or "",
            driver_cuda=f"{cuda // 1000}.{cuda % 1000 // 10}" if cuda else "",
            memory_bytes=None if memory is None else memory.total,
            max_clock_mhz=self._ask("nvmlDeviceGetMaxClockInfo", nvml.NVML_CLOCK_SM),
            max_memory_clock_mhz=self._ask("nvmlDeviceGetMaxClockInfo", nvml.NVML_CLOCK_MEM),
            power_limit_w=None if limit_mw is None else limit_mw / 1e3,
            mig=self._divided(),
        )

    def _reasons(self) -> int | None:
        reasons = self._ask("nvmlDeviceGetCurrentClocksEventReasons")
        if reasons is None:  # older drivers know it by this name
            reasons = self._ask("nvmlDeviceGetCurrentClocksThrottleReasons")
        return None if reasons is None else int(reasons)

    def _pids(self) -> set[int] | None:
        """Return the processes with a context on it.

        None where this process is not listed: NVML has other numbers for processes then, as in most containers.
        """
        pids = {process.pid for process in self._ask("nvmlDeviceGetComputeRunningProcesses") or ()}
        return pids if os.getpid() in pids and 0 not in pids else None

    def _busy_processes(self) -> int | None:
        nvml, seen_us = self._nvml, self._seen_us
        try:
            samples = nvml.nvmlDeviceGetProcessUtilization(self._handle, seen_us)
        except nvml.NVMLError as error:
            return 0 if getattr(error, "value", None) in NO_SAMPLES else None
        except AttributeError:
            return None
        # What is not filled in, or is older than asked for, is no sample.
        fresh = [sample for sample in samples if sample.timeStamp > seen_us]
        self._seen_us = max((sample.timeStamp for sample in fresh), default=seen_us)
        return len({sample.pid for sample in fresh if 0 < sample.smUtil <= MOST_PERCENT} - {os.getpid()})

    def _divided(self) -> bool | None:
        if self._uuid.startswith("MIG-"):
            return True
        modes = self._ask("nvmlDeviceGetMigMode")
        return None if modes is None else bool(modes[0])

    def _ask_system(self, function: str) -> Any:
        """Return NVML's answer about the driver; None where it has none."""
        try:
            return getattr(self._nvml, function)()
        except (self._nvml.NVMLError, AttributeError):
            return None

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
    physical = tf.config.list_physical_devices("GPU")[int(index)]
    uuid = _cuda_uuid(int(physical.name.rpartition(":")[2]))
    nvml = open_nvml() if uuid else None
    return _open(nvml, device, uuid) if nvml and uuid else None


def open_nvml() -> Any:
    """Return NVML, initialised; None where it is missing or does not start."""
    nvml = _find_nvml()
    if nvml is None:
        return None
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return None
    return nvml


def _find_nvml() -> Any:
    """Return nvidia-ml-py, or where it is missing the same functions by ctypes; None without the driver's library."""
    try:
        import pynvml
    except (ImportError, SyntaxError):  # its first versions were written for Python 2
        return own_nvml.load()
    return pynvml


def _in_words(reasons: int) -> tuple[str, ...]:
    return tuple(words for bit, words in CLOCKS_HELD_DOWN.items() if reasons & bit)


def _open(nvml: Any, name: str, uuid: str) -> Gpu | None:
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
