"""NVML by ctypes, for far sides without nvidia-ml-py: the functions that `nvidia.py` asks for, under the same names.

Names, numbers and shapes are those that NVIDIA documents for libnvidia-ml. A function that the driver's library lacks
is an error like any other, NVMLError.
"""

# ruff: noqa: N802 - the names are NVML's

from __future__ import annotations

import ctypes
from typing import Any

LIBRARY = "libnvidia-ml.so.1"

INSUFFICIENT_SIZE = 7
FUNCTION_NOT_FOUND = 13

VERSION_LENGTH = 80

SPARE = 8
"""Entries of a list beyond those that were counted: processes may have started meanwhile."""


class NVMLError(Exception):
    """NVML's answer was an error; `value` is its number."""

    def __init__(self, value: int) -> None:
        super().__init__(f"NVML error {value}")
        self.value = value


class ProcessInfo(ctypes.Structure):
    """A process that has a context on the GPU (nvmlProcessInfo_t of the functions that end in _v2 and _v3)."""

    _fields_ = (
        ("pid", ctypes.c_uint),
        ("usedGpuMemory", ctypes.c_ulonglong),
        ("gpuInstanceId", ctypes.c_uint),
        ("computeInstanceId", ctypes.c_uint),
    )


class FirstProcessInfo(ctypes.Structure):
    """The same before there was MIG (nvmlProcessInfo_v1_t)."""

    _fields_ = (("pid", ctypes.c_uint), ("usedGpuMemory", ctypes.c_ulonglong))


class ProcessUtilizationSample(ctypes.Structure):
    """Says what a process used, in percent, in a sampling period that ended at `timeStamp` (microseconds)."""

    _fields_ = (
        ("pid", ctypes.c_uint),
        ("timeStamp", ctypes.c_ulonglong),
        ("smUtil", ctypes.c_uint),
        ("memUtil", ctypes.c_uint),
        ("encUtil", ctypes.c_uint),
        ("decUtil", ctypes.c_uint),
    )


class Memory(ctypes.Structure):
    """A GPU's memory in bytes (nvmlMemory_t)."""

    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class _Device(ctypes.Structure):
    """Stands for what a device's handle points to: nobody looks inside."""


Handle = ctypes.POINTER(_Device)

PROCESS_LISTS: tuple[tuple[str, type[ctypes.Structure]], ...] = (
    ("nvmlDeviceGetComputeRunningProcesses_v3", ProcessInfo),
    ("nvmlDeviceGetComputeRunningProcesses_v2", ProcessInfo),
    ("nvmlDeviceGetComputeRunningProcesses", FirstProcessInfo),
)
"""The functions that list processes, the newest first, and the shape of what each lists."""


def load() -> Nvml | None:
    """Return the driver's NVML; None where it is not installed."""
    try:
        return Nvml(ctypes.CDLL(LIBRARY))
    except OSError:
        return None


class Nvml:
    """The driver's NVML. `nvmlInit` comes first; each function may raise NVMLError."""

    NVMLError = NVMLError
    NVML_TEMPERATURE_GPU = 0
    NVML_CLOCK_SM = 1
    NVML_CLOCK_MEM = 2

    def __init__(self, library: Any) -> None:
        self._library = library

    def nvmlInit(self) -> None:
        """Start NVML, which initialises no GPU for computing."""
        self._call("nvmlInitWithFlags", ctypes.c_uint(0))

    def nvmlSystemGetDriverVersion(self) -> str:
        """Return the driver's version: `580.65.06`."""
        version = ctypes.create_string_buffer(VERSION_LENGTH)
        self._call("nvmlSystemGetDriverVersion", version, ctypes.c_uint(VERSION_LENGTH))
        return version.value.decode(errors="replace")

    def nvmlSystemGetCudaDriverVersion(self) -> int:
        """Return the newest CUDA that the driver runs: 12040 for 12.4."""
        version = ctypes.c_int()
        self._call("nvmlSystemGetCudaDriverVersion", ctypes.byref(version))
        return version.value

    def nvmlDeviceGetCount(self) -> int:
        """Return how many cards there are."""
        return self._number("nvmlDeviceGetCount_v2")

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> Any:
        """Return the handle of a card, or of an instance under MIG."""
        handle = Handle()
        self._call("nvmlDeviceGetHandleByUUID", ctypes.c_char_p(uuid.encode()), ctypes.byref(handle))
        return handle

    def nvmlDeviceGetMigMode(self, handle: Any) -> list[int]:
        """Return whether the card is divided now, and whether it is to be from its next reset on."""
        now, pending = ctypes.c_uint(), ctypes.c_uint()
        self._call("nvmlDeviceGetMigMode", handle, ctypes.byref(now), ctypes.byref(pending))
        return [now.value, pending.value]

    def nvmlDeviceGetMemoryInfo(self, handle: Any) -> Memory:
        """Return the memory that there is, free and used."""
        memory = Memory()
        self._call("nvmlDeviceGetMemoryInfo", handle, ctypes.byref(memory))
        return memory

    def nvmlDeviceGetClockInfo(self, handle: Any, clock: int) -> int:
        """Return a clock's frequency now, in MHz."""
        return self._number("nvmlDeviceGetClockInfo", handle, ctypes.c_uint(clock))

    def nvmlDeviceGetMaxClockInfo(self, handle: Any, clock: int) -> int:
        """Return a clock's highest frequency, in MHz."""
        return self._number("nvmlDeviceGetMaxClockInfo", handle, ctypes.c_uint(clock))

    def nvmlDeviceGetTemperature(self, handle: Any, sensor: int) -> int:
        """Return a temperature, in degrees Celsius."""
        return self._number("nvmlDeviceGetTemperature", handle, ctypes.c_uint(sensor))

    def nvmlDeviceGetPowerUsage(self, handle: Any) -> int:
        """Return the power drawn, in milliwatts."""
        return self._number("nvmlDeviceGetPowerUsage", handle)

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: Any) -> int:
        """Return the power that is allowed by the smallest of all limits, in milliwatts."""
        return self._number("nvmlDeviceGetEnforcedPowerLimit", handle)

    def nvmlDeviceGetCurrentClocksEventReasons(self, handle: Any) -> int:
        """Return the reasons for which the clocks are as they are, a bit each."""
        return self._mask("nvmlDeviceGetCurrentClocksEventReasons", handle)

    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle: Any) -> int:
        """Return the same of drivers that know it by this name."""
        return self._mask("nvmlDeviceGetCurrentClocksThrottleReasons", handle)

    def nvmlDeviceGetComputeRunningProcesses(self, handle: Any) -> list[Any]:
        """Return the processes that have a context on it."""
        for name, shape in PROCESS_LISTS:
            if hasattr(self._library, name):
                count = ctypes.c_uint(0)
                failed = getattr(self._library, name)(handle, ctypes.byref(count), None)
                if failed not in (0, INSUFFICIENT_SIZE):
                    raise NVMLError(failed)
                count.value += SPARE
                processes = (shape * count.value)()
                self._call(name, handle, ctypes.byref(count), processes)
                return list(processes[: count.value])
        raise NVMLError(FUNCTION_NOT_FOUND)

    def nvmlDeviceGetProcessUtilization(self, handle: Any, seen_us: int) -> list[Any]:
        """Return what each process used since `seen_us`, a sample for each that used anything."""
        name, since, count = "nvmlDeviceGetProcessUtilization", ctypes.c_ulonglong(seen_us), ctypes.c_uint(0)
        try:
            self._call(name, handle, None, ctypes.byref(count), since)
        except NVMLError as error:
            if error.value != INSUFFICIENT_SIZE:
                raise
        samples = (ProcessUtilizationSample * count.value)()
        if count.value:
            self._call(name, handle, samples, ctypes.byref(count), since)
        return list(samples[: count.value])

    def _number(self, name: str, *arguments: Any) -> int:
        number = ctypes.c_uint()
        self._call(name, *arguments, ctypes.byref(number))
        return number.value

    def _mask(self, name: str, handle: Any) -> int:
        mask = ctypes.c_ulonglong()
        self._call(name, handle, ctypes.byref(mask))
        return mask.value

    def _call(self, name: str, *arguments: Any) -> None:
        function = getattr(self._library, name, None)
        if function is None:
            raise NVMLError(FUNCTION_NOT_FOUND)
        failed = function(*arguments)
        if failed:
            raise NVMLError(failed)
