"""The most memory that a mode takes: the device allocator's peak, or on a CPU the growth of the process.

A device's allocator can forget a peak, so it tells of a call after the first: what compiling and autotuning take for a
moment is no part of it. A process tells of all that preparing and first calling a mode took.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...device_names import is_accelerator
from ...events import PeakMemory

PROCESS = Path("/proc/self")

RESET_PEAK = "5"
"""Written to `clear_refs`, it sets the peak back to what is resident now (proc(5))."""

Reader = Callable[[], int | None]


class DeviceMemory:
    """Reads how far the memory allocated on a device has risen, at most, above what it was at first; in bytes."""

    def __init__(self, tf: Any, device: str) -> None:
        """Raise ValueError or an OpError where the device's allocator has no statistics."""
        self._statistics = tf.config.experimental
        self._device = device
        self.forget_peak()
        self._before = int(self._statistics.get_memory_info(device)["current"])

    def forget_peak(self) -> None:
        """Read the most from now on, above what it was at first all the same."""
        self._statistics.reset_memory_stats(self._device)

    def __call__(self) -> int:
        """Return the most since the peak was forgotten."""
        return int(self._statistics.get_memory_info(self._device)["peak"]) - self._before


def watch_process(process: Path = PROCESS) -> Reader:
    """Reads how far the process has grown, at most, beyond what it holds now; in bytes.

    What was used before and is free again hides what is taken now: only a fresh process tells.
    """
    try:
        (process / "clear_refs").write_text(RESET_PEAK, encoding="ascii")
    except OSError:
        return _unknown
    before = held_bytes(process)
    if before is None:
        return _unknown

    def growth() -> int | None:
        peak = _kib(process, "VmHWM")
        return None if peak is None else max(1024 * peak - before, 0)

    return growth


def held_bytes(process: Path = PROCESS) -> int | None:
    """What the process holds now; None where that cannot be read."""
    held_kib = _kib(process, "VmRSS")
    return None if held_kib is None else 1024 * held_kib


def _unknown() -> None:
    return None


def _kib(process: Path, figure: str) -> int | None:
    try:
        status = (process / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    match = re.search(rf"^{figure}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(match[1]) if match else None


@dataclass
class MemoryWatch:
    """Watches the most memory that a mode takes; `peak_bytes` is None as long as nothing can be told."""

    read: Reader
    forget_peak: Callable[[], None] | None = None
    """Null where peaks cannot be forgotten."""
    peak_bytes: int | None = None

    def first_called(self) -> None:
        """Note the peak of preparing and first calling the mode, where a later one cannot be told apart."""
        if self.forget_peak is None:
            self.peak_bytes = self.read()

    def call(self, function: Callable[[], Any]) -> Any:
        """Call the mode once more; note the peak of this call alone, where that can be told."""
        if self.forget_peak is None:
            return function()
        self.forget_peak()
        output = function()
        self.peak_bytes = self.read()
        return output

    def event(self, case_id: str, mode: str) -> PeakMemory | None:
        """Return what to tell of a mode; None where nothing can be told."""
        if self.peak_bytes is None:
            return None
        source = "rss" if self.forget_peak is None else "device"
        return PeakMemory(case_id=case_id, mode=mode, peak_bytes=self.peak_bytes, source=source)


def watch(tf: Any, device: str, *, fresh: bool) -> MemoryWatch:
    """Watch from now on, before the mode is built.

    `device` is the one that this process computes on; `fresh`: the process has prepared nothing before.
    """
    if not is_accelerator(device):
        return MemoryWatch(watch_process() if fresh else _unknown)
    try:
        memory = DeviceMemory(tf, device)
    except (ValueError, tf.errors.OpError):
        return MemoryWatch(_unknown)
    return MemoryWatch(memory, memory.forget_peak)
