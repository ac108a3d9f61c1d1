"""Which devices there are, and taking hold of one, with manners: a GPU that was not chosen is left alone."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...events import Device
from ...plan import WorkerOptions


class DeviceUnavailableError(RuntimeError):
    """The device is not there, or this process can no longer make it visible."""


def list_devices(tf: Any, options: WorkerOptions) -> tuple[Device, ...]:
    """CPUs, then GPUs, by TensorFlow's names; lists the hardware without initialising it."""
    cpus = [Device(f"CPU:{index}", cpu_name()) for index in range(options.logical_cpus)]
    gpus = tf.config.list_physical_devices("GPU")
    return (*cpus, *(Device(f"GPU:{index}", _gpu_name(tf, gpu)) for index, gpu in enumerate(gpus)))


def _gpu_name(tf: Any, gpu: Any) -> str:
    details = tf.config.experimental.get_device_details(gpu)
    return str(details.get("device_name", ""))


def cpu_name() -> str:
    """The CPU's model; where that is not told, its architecture."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


class DeviceHold:
    """The devices that this process has made visible. TensorFlow fixes them when it first computes."""

    def __init__(self, tf: Any, options: WorkerOptions, missing: Sequence[str] = ()) -> None:
        self._tf = tf
        self._missing = missing
        """Why GPUs that the driver has are not listed."""
        self._options = options
        self._gpu: str | None = None
        self._fixed = False

    def take(self, device: str) -> str:
        """Make `device` usable and return the name by which this process computes on it.

        The one visible GPU is GPU:0 here, whatever its number among the machine's. Raises DeviceUnavailableError.
        """
        kind, _, index = device.partition(":")
        gpus = self._tf.config.list_physical_devices("GPU")
        count = self._options.logical_cpus if kind == "CPU" else len(gpus)
        if int(index) >= count:
            why = "; ".join(self._missing) if kind == "GPU" else ""
            listed = f"TensorFlow lists {count or 'no'} {kind}"
            raise DeviceUnavailableError(f"there is no {device}: {why or listed}")
        if not self._fixed:
            self._fix(device, [gpus[int(index)]] if kind == "GPU" else [])
        if kind == "CPU":
            return device
        if device != self._gpu:
            raise DeviceUnavailableError(f"{device} needs a worker of its own: this one holds {self._gpu or 'no GPU'}")
        return "GPU:0"

    def user_name(self, device: str) -> str:
        """The user's name for a device of this process."""
        return self._gpu if device == "GPU:0" and self._gpu else device

    def _fix(self, device: str, chosen: list[Any]) -> None:
        config = self._tf.config
        config.set_visible_devices(chosen, "GPU")
        for gpu in chosen:
            self._limit_memory(gpu)
        if self._options.logical_cpus > 1:
            parts = [config.LogicalDeviceConfiguration()] * self._options.logical_cpus
            config.set_logical_device_configuration(config.list_physical_devices("CPU")[0], parts)
        # With soft placement an op for GPU:0 runs on the CPU without a word.
        config.set_soft_device_placement(False)
        self._gpu = device if chosen else None
        self._fixed = True

    def _limit_memory(self, gpu: Any) -> None:
        config = self._tf.config
        limit = self._options.gpu_memory_limit_mib
        if limit is not None:
            config.set_logical_device_configuration(gpu, [config.LogicalDeviceConfiguration(memory_limit=limit)])
        elif "TF_FORCE_GPU_ALLOW_GROWTH" not in os.environ:
            config.experimental.set_memory_growth(gpu, True)


def device_of(output: Any) -> str:
    """The device that an output's first tensor lies on, by its short name (`CPU:0`); empty where none has one."""
    import tensorflow as tf

    names = (str(getattr(part, "device", "")) for part in tf.nest.flatten(output, expand_composites=True))
    return next((name.rpartition("device:")[2] for name in names if name), "")
