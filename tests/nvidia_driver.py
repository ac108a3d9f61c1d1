"""A stub of the NVIDIA driver's two C libraries, libcuda and NVML, that answers as their documentation says.

It has a card or a MIG instance, and can be missing, old or failing.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

OK, NOT_SUPPORTED, NOT_FOUND, INSUFFICIENT_SIZE, DRIVER_NOT_LOADED, GPU_IS_LOST = 0, 3, 6, 7, 9, 15

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
    """libnvidia-ml.so.1 with the second of the devices: a card, or an instance where `prefix` is MIG.

    `used` are the samples of what processes used: process, microseconds at its end, percent of the multiprocessors.
    """

    def __init__(self, prefix: str = "GPU") -> None:
        self.uuid = f"{prefix}-{UUIDS[1]}".encode()
        self.mig = prefix == "MIG"
        self.cards = 2
        self.starting = OK
        self.failing = OK
        self.reasons = 0x000
        self.pids = [os.getpid()]
        self.used: list[tuple[int, int, int]] = []
        self._device = Struct()

    def nvmlInitWithFlags(self, flags: Any) -> int:  # noqa: N802
        return self.starting

    def nvmlSystemGetDriverVersion(self, version: Any, length: Any) -> int:  # noqa: N802
        version.value = b"580.65.06"
        return self.failing

    def nvmlSystemGetCudaDriverVersion(self, version: Any) -> int:  # noqa: N802
        target(version).value = 13000
        return self.failing

    def nvmlDeviceGetCount_v2(self, count: Any) -> int:  # noqa: N802
        target(count).value = self.cards
        return self.failing

    def nvmlDeviceGetHandleByUUID(self, uuid: Any, handle: Any) -> int:  # noqa: N802
        if uuid.value != self.uuid:
            return NOT_FOUND
        target(handle).contents = ctypes.cast(ctypes.pointer(self._device), type(target(handle))).contents
        return OK

    def nvmlDeviceGetMigMode(self, handle: Any, now: Any, pending: Any) -> int:  # noqa: N802
        target(pending).value = 1
        return self._answer(now, 0)

    def nvmlDeviceGetMemoryInfo(self, handle: Any, memory: Any) -> int:  # noqa: N802
        if not self.failing:
            target(memory).total = (10 if self.mig else 80) << 30
        return self.failing

    def nvmlDeviceGetClockInfo(self, handle: Any, clock: Any, mhz: Any) -> int:  # noqa: N802
        return self._answer(mhz, {1: 1905, 2: 2619}[clock.value])

    def nvmlDeviceGetMaxClockInfo(self, handle: Any, clock: Any, mhz: Any) -> int:  # noqa: N802
        return self._answer(mhz, {1: 1980, 2: 2619}[clock.value])

    def nvmlDeviceGetTemperature(self, handle: Any, sensor: Any, degrees: Any) -> int:  # noqa: N802
        return self._answer(degrees, {0: 41}[sensor.value])

    def nvmlDeviceGetPowerUsage(self, handle: Any, milliwatts: Any) -> int:  # noqa: N802
        return self._answer(milliwatts, 121_500)

    def nvmlDeviceGetEnforcedPowerLimit(self, handle: Any, milliwatts: Any) -> int:  # noqa: N802
        return self._answer(milliwatts, 700_000)

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

    def nvmlDeviceGetProcessUtilization(self, handle: Any, samples: Any, count: Any, seen_us: Any) -> int:  # noqa: N802
        if self.failing or self.mig:
            return self.failing or NOT_SUPPORTED
        used = [each for each in self.used if each[1] > seen_us.value]
        if not used:
            return NOT_FOUND
        if samples is None:
            target(count).value = len(used) + 1
            return INSUFFICIENT_SIZE
        target(count).value = len(used) + 1  # the last is not filled in, as of a process that is gone
        for sample, (pid, at_us, percent) in zip(samples, used, strict=False):
            sample.pid, sample.timeStamp, sample.smUtil = pid, at_us, percent
        return OK

    def _answer(self, out: Any, value: int) -> int:
        if not (self.failing or self.mig):
            target(out).value = value
        return self.failing or (NOT_SUPPORTED if self.mig else OK)


class OldNvml(Nvml):
    """A driver from before clocks event reasons had that name, and from before processes used anything."""

    nvmlDeviceGetCurrentClocksEventReasons = property()  # noqa: N815
    nvmlDeviceGetProcessUtilization = property()  # noqa: N815

    def nvmlDeviceGetCurrentClocksThrottleReasons(self, handle: Any, reasons: Any) -> int:  # noqa: N802
        return self._answer(reasons, self.reasons)
