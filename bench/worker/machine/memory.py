"""The most memory that a mode takes: the device allocator's peak, or on a CPU the growth of the process."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...device_names import is_accelerator
from ...events import PeakMemory

PROCESS = Path("/proc/self")

RESET_PEAK = "5"
"""Written to `clear_refs`, it sets the peak back to what is resident now (proc(5))."""

Reader = Callable[[], int | None]


def watch_device(tf: Any, device: str) -> Reader:
    """Reads how far the memory allocated on a GPU has risen, at most, above what it is now; in bytes."""
    memory = tf.config.experimental
    try:
        memory.reset_memory_stats(device)
        before = int(memory.get_memory_info(device)["current"])
    except (ValueError, tf.errors.OpError):
        return _unknown
    return lambda: int(memory.get_memory_info(device)["peak"]) - before


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


def watch(tf: Any, device: str, *, fresh: bool) -> Callable[[str, str], PeakMemory | None]:
    """Watch from now on; what is returned makes the event for a case and a mode, None where nothing can be told.

    `device` is the one that this process computes on; `fresh`: the process has prepared nothing before.
    """
    on_gpu = is_accelerator(device)
    read = watch_device(tf, device) if on_gpu else watch_process() if fresh else _unknown
    source = "device" if on_gpu else "rss"

    def event(case_id: str, mode: str) -> PeakMemory | None:
        peak_bytes = read()
        if peak_bytes is None:
            return None
        return PeakMemory(case_id=case_id, mode=mode, peak_bytes=peak_bytes, source=source)

    return event
