"""Which devices there are, and taking hold of one, with manners: a GPU that was not chosen is left alone.

Soft placement stays on, as users have it: an operation without a kernel for the device runs on the CPU.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...device_names import index_of, is_gpu, kind_of
from ...events import Device
from ...plan import WorkerOptions

SCOPE = "/device:"
"""Begins the whole name of a device."""


class DeviceUnavailableError(RuntimeError):
    """The device is not there, or this process can no longer make it visible."""


def list_devices(tf: Any, options: WorkerOptions) -> tuple[Device, ...]:
    """Return CPUs, GPUs and emulated devices by TensorFlow's names, without initialising any hardware."""
    cpus = [Device(f"CPU:{index}", cpu_name()) for index in range(options.logical_cpus)]
    gpus = [Device(f"GPU:{at}", _gpu_name(tf, gpu)) for at, gpu in enumerate(tf.config.list_physical_devices("GPU"))]
    emulated = range(len(tf.config.list_physical_devices("XLA_CPU")))
    return (*cpus, *gpus, *(Device(f"XLA_CPU:{index}", f"emulated on {cpu_name()}") for index in emulated))


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
        """Says why GPUs that the driver has are not listed."""
        self._options = options
        self._gpu: str | None = None
        self._fixed = False

    def take(self, device: str) -> str:
        """Make `device` usable and return the name of its scope in this process, which `tf.device` takes.

        The one visible GPU is GPU:0 here, whatever its number among the machine's. Raises DeviceUnavailableError.
        """
        kind, index = kind_of(device), index_of(device)
        listed = self._tf.config.list_physical_devices(kind)
        count = self._options.logical_cpus if kind == "CPU" else len(listed)
        if index >= count:
            why = "; ".join(self._missing) if kind == "GPU" else ""
            words = f"TensorFlow lists {count or 'no'} {kind}"
            raise DeviceUnavailableError(f"there is no {device}: {why or words}")
        if not self._fixed:
            self._fix(device, [listed[index]] if is_gpu(device) else [])
        if not is_gpu(device):
            return device if kind == "CPU" else f"{SCOPE}{device}"  # `tf.device` knows only CPU and GPU by short names
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
    """Return the short name (`CPU:0`) of the device whose memory holds an output's first tensor; empty if none has one.

    An operation of one device may leave its output in the memory of another, as a GPU's do with small integers.
    """
    import tensorflow as tf

    names = (_memory_of(part) for part in tf.nest.flatten(output, expand_composites=True))
    return next((name.partition("device:")[2] for name in names if "device:" in name), "")


def _memory_of(part: Any) -> str:
    """Return the whole name of the device that holds a tensor or a variable; `cpu` of an array of NumPy's."""
    return str(getattr(part, "backing_device", "") or getattr(part, "device", ""))
