"""Devices in words."""

from __future__ import annotations

from collections.abc import Sequence

from bench.device_names import is_accelerator, is_gpu
from bench.events import Device


def gpus_beside(device: str, devices: Sequence[Device], how: str) -> str:
    """Return a sentence on the GPUs that there are while a CPU is chosen; empty if a GPU is, or there is none.

    `how` says how another device is chosen: `under device`.
    """
    gpus = [each for each in devices if is_gpu(each.name)]
    if is_accelerator(device) or not gpus:
        return ""
    first, *more = gpus
    named = f"{first.name} ({first.hardware})" if first.hardware else first.name
    if more:
        others = f"{len(more):,} other{'s' if len(more) > 1 else ''}"
        return f"{named} and {others} are there, too: choose one {how}."
    return f"{named} is there, too: choose it {how}."
