"""A GPU and what drives it, in words."""

from __future__ import annotations

from ..events import GpuFacts
from ..number_text import memory


def card_text(facts: GpuFacts) -> str:
    """Return what is known of the card: `compute capability 9.0, 80 GiB, up to 1,980 MHz (memory 2,619), 700 W`."""
    clocks = ""
    if facts.max_clock_mhz is not None:
        memory_clock = facts.max_memory_clock_mhz
        clocks = f"up to {facts.max_clock_mhz:,} MHz" + ("" if memory_clock is None else f" (memory {memory_clock:,})")
    parts = (
        f"compute capability {facts.compute_capability}" if facts.compute_capability else "",
        "" if facts.memory_bytes is None else memory(facts.memory_bytes),
        clocks,
        "" if facts.power_limit_w is None else f"{facts.power_limit_w:,.0f} W",
        "MIG" if facts.mig else "",
    )
    return ", ".join(filter(None, parts))


def driver_text(facts: GpuFacts) -> str:
    """Return the driver and libraries: `driver 580.65.06 (CUDA 13.0), TensorFlow with CUDA 12.5.1 and cuDNN 9.3.0`."""
    runs = f" (CUDA {facts.driver_cuda})" if facts.driver_cuda else ""
    libraries = (f"CUDA {facts.cuda}" if facts.cuda else "", f"cuDNN {facts.cudnn}" if facts.cudnn else "")
    built = " and ".join(filter(None, libraries))
    parts = (f"driver {facts.driver}{runs}" if facts.driver else "", f"TensorFlow with {built}" if built else "")
    return ", ".join(filter(None, parts))
