"""What is said of a machine's GPUs while its CPU is chosen."""

from __future__ import annotations

import pytest

from bench.events import Device
from tui.presentation.device_text import gpus_beside

CPU, H100, SECOND = Device("CPU:0", "A Processor"), Device("GPU:0", "NVIDIA H100"), Device("GPU:1", "NVIDIA H100")


@pytest.mark.parametrize(
    ("device", "devices", "words"),
    [
        ("CPU:0", (CPU,), ""),
        ("CPU:0", (CPU, Device("XLA_CPU:0", "emulated")), ""),
        ("CPU:0", (CPU, H100), "GPU:0 (NVIDIA H100) is there, too: choose it under device."),
        ("CPU:0", (CPU, Device("GPU:0", "")), "GPU:0 is there, too: choose it under device."),
        ("CPU:0", (CPU, H100, SECOND), "GPU:0 (NVIDIA H100) and 1 other are there, too: choose one under device."),
        ("GPU:1", (CPU, H100, SECOND), ""),
    ],
)
def test_a_gpu_is_offered_while_a_cpu_is_chosen(device: str, devices: tuple[Device, ...], words: str) -> None:
    assert gpus_beside(device, devices, "under device") == words
