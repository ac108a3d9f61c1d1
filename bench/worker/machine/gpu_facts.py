"""Ask what stays the same of a GPU and of what drives it, by NVML and by TensorFlow; no GPU is initialised for it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...device_names import is_gpu
from ...events import Device, GpuFacts
from .nvidia import Gpu, find_gpu


def with_facts(tf: Any, devices: Iterable[Device]) -> tuple[Device, ...]:
    """Return the devices, the GPUs among them with their facts. Never raises: what is not told is empty."""
    return tuple(
        replace(device, gpu=facts_of(tf, device.name, find_gpu(tf, device.name))) if is_gpu(device.name) else device
        for device in devices
    )


def facts_of(tf: Any, device: str, gpu: Gpu | None) -> GpuFacts:
    """Return the facts of TensorFlow's `device`; without `gpu` (NVML cannot be asked), those of TensorFlow alone."""
    build = tf.sysconfig.get_build_info()
    physical = tf.config.list_physical_devices("GPU")[int(device.partition(":")[2])]
    capability = tf.config.experimental.get_device_details(physical).get("compute_capability", ())
    return replace(
        gpu.facts() if gpu else GpuFacts(),
        cuda=str(build.get("cuda_version", "")),
        cudnn=_cudnn(str(build.get("cudnn_version", ""))),
        compute_capability=".".join(map(str, capability)),
    )


def _cudnn(built_with: str) -> str:
    """Return the version of the cuDNN that TensorFlow has loaded, or else of the one that it was built with."""
    try:
        # Only one that is loaded already: the search path of others is not TensorFlow's.
        library = ctypes.CDLL(f"libcudnn.so.{built_with.partition('.')[0]}", mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
        number = int(library.cudnnGetVersion())
    except (OSError, AttributeError):
        return built_with
    scale = 10_000 if number >= 90_000 else 1_000
    return f"{number // scale}.{number % scale // 100}.{number % 100}"
