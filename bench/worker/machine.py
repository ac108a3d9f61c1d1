"""What other processes do to the machine meanwhile, where Linux tells."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

WINDOW_S = 0.2
"""Shorter windows drown in the 10 ms in which /proc/stat counts."""

DISTURBED_CORES = 0.25
"""Rounds in a window in which others used more than this many cores count as disturbed."""


class Disturbance:
    """Counts the rounds that other processes disturbed; `rounds` is None where the system does not tell."""

    def __init__(self) -> None:
        self.rounds: int | None = None if _busy_s() is None else 0
        self._waiting = 0
        self._start()

    def end_round(self) -> None:
        """Count a round in, once enough time has passed to judge the window it lies in."""
        self._waiting += 1
        elapsed_s = perf_counter() - self._since
        if self.rounds is None or elapsed_s < WINDOW_S:
            return
        busy_s = _busy_s() or 0.0
        others_s = (busy_s - self._busy_s) - (_own_s() - self._own_s)
        if others_s > DISTURBED_CORES * elapsed_s:
            self.rounds += self._waiting
        self._start()

    def _start(self) -> None:
        self._waiting = 0
        self._since = perf_counter()
        self._busy_s = _busy_s() or 0.0
        self._own_s = _own_s()


def _busy_s() -> float | None:
    """Seconds that all cores together have spent on anything but idling, and on other machines' behalf (steal)."""
    try:
        with Path("/proc/stat").open(encoding="ascii") as file:
            user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    except (OSError, ValueError):
        return None
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    times = os.times()
    return times.user + times.system
