"""Devices by the names that TensorFlow gives them: `CPU:0`, `GPU:1`."""

from __future__ import annotations

import re

KINDS = ("CPU", "GPU", "XLA_CPU")
"""Lists the kinds of devices that can be measured.

`XLA_CPU` is the device that TensorFlow makes of a CPU when `TF_XLA_FLAGS` holds `--tf_xla_enable_xla_devices`: like a
GPU it lacks the kernels of many operations, so that what a GPU meets can be tried without one.
"""

NAME = re.compile(rf"({'|'.join(KINDS)}):[0-9]{{1,4}}")


def is_device_name(text: str) -> bool:
    """Tell whether this is the name of a device."""
    return NAME.fullmatch(text) is not None


def kind_of(device: str) -> str:
    """Return a device's kind, one of KINDS; `/device:XLA_CPU:0`, the name of its scope, is understood too."""
    return device.removeprefix("/device:").partition(":")[0]


def index_of(device: str) -> int:
    """Return a device's number among those of its kind."""
    return int(device.partition(":")[2])


def is_gpu(device: str) -> bool:
    """Tell whether a device is a GPU."""
    return kind_of(device) == "GPU"


def is_accelerator(device: str) -> bool:
    """Tell whether a device computes beside the CPU: a call may return before it has finished."""
    return kind_of(device) != "CPU"
