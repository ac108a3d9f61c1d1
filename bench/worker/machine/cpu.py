"""What Linux tells of the cores this process may run on: whose work they did, and how fast they run.

In a container these are the host's cores, and the others are whoever else computes on them. Nothing here raises: where
the system does not tell (no /proc, a file that vanished), a figure is None.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

LEAST_ACCOUNTED = 0.5
"""Of a window, the share that /proc/stat must account for. Sandboxes show a file of zeros: that tells nothing."""

WATCHED_CORES = 8
"""Whose frequency is read, beside the current core's: some kernels interrupt a core to learn it."""

SLOW_READ_S = 1e-3
SLOW_READS = 3
"""After so many slow readings in a row the frequency is asked for no more: some kernels sleep 10 ms for each core."""

CORE_LINE = re.compile(r"^cpu(\d{1,20})((?: \d{1,20}){8,})$", re.MULTILINE | re.ASCII)
MHZ_LINE = re.compile(r"^cpu MHz\s*: (\d+(?:\.\d+)?)$", re.MULTILINE | re.ASCII)

CURRENT_CORE = 36
"""The field of /proc/thread-self/stat that names it, counted from the one after the command."""


class CoreTimes(NamedTuple):
    """Seconds of one core since boot: idle (waiting for a disk too), taken by other machines, and all together."""

    idle_s: float
    stolen_s: float
    total_s: float


@dataclass(frozen=True)
class Moment:
    """What each core's time has gone to by now; `own_s` is this process's part, its ended children included."""

    own_s: float
    cores: Mapping[int, CoreTimes]


@dataclass(frozen=True)
class Usage:
    """How many of `cores` cores were busy with `others`, the other processes, and `stolen` for other machines."""

    others: float
    stolen: float
    cores: int


def usage_between(start: Moment, end: Moment, elapsed_s: float) -> Usage | None:
    """Whose work the cores did from `start` to `end`; None where the system does not tell.

    Time is busy where it is not idle: the kernel measures idling, while it samples who is running at its ticks (over
    0.2 s on 2 cores, that is off by 0.03 cores instead of 0.01, and the more so the more cores there are).
    """
    both = start.cores.keys() & end.cores.keys()
    idle_s, stolen_s, total_s = (sum(end.cores[core][i] - start.cores[core][i] for core in both) for i in range(3))
    available_s = len(both) * elapsed_s
    if not both or total_s < LEAST_ACCOUNTED * available_s:
        return None
    others_s = available_s - idle_s - stolen_s - (end.own_s - start.own_s)
    others, stolen = (min(max(used_s / elapsed_s, 0.0), float(len(both))) for used_s in (others_s, stolen_s))
    return Usage(others, stolen, len(both))


def parse_stat(text: str, ticks_per_s: float) -> dict[int, CoreTimes]:
    """Each core's times in /proc/stat, by the core's number."""
    cores = {}
    for number, fields in CORE_LINE.findall(text):
        ticks = [int(field) for field in fields.split()[:8]]
        _user, _nice, _system, idle, io_wait, _irq, _softirq, steal = ticks
        cores[int(number)] = CoreTimes((idle + io_wait) / ticks_per_s, steal / ticks_per_s, sum(ticks) / ticks_per_s)
    return cores


class Cores:
    """The cores that this process may run on, by default as the system has them."""

    def __init__(self, root: Path = Path("/"), allowed: Collection[int] | None = None) -> None:
        self._stat = root / "proc/stat"
        self._cpuinfo = root / "proc/cpuinfo"
        self._thread_stat = root / "proc/thread-self/stat"
        self._allowed = frozenset(_allowed() if allowed is None else allowed)
        frequencies = {
            core: root / f"sys/devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq" for core in self._allowed
        }
        self._frequencies = {core: file for core, file in frequencies.items() if os.access(file, os.R_OK)}
        self._slow_reads = 0

    def now(self) -> Moment:
        """What the cores' time has gone to by now."""
        cores = parse_stat(read_text(self._stat), _ticks_per_s())
        # Where a container numbers its cores anew, the file tells of no others.
        if self._allowed <= cores.keys():
            cores = {core: times for core, times in cores.items() if core in self._allowed}
        return Moment(_own_s(), cores)

    def mhz(self) -> float | None:
        """The frequency of the fastest core that is looked at: one that works, wherever the work runs just now."""
        if self._slow_reads == SLOW_READS:
            return None
        start = perf_counter()
        mhz = max(self._scaling_mhz() if self._frequencies else self._listed_mhz(), default=None)
        self._slow_reads = self._slow_reads + 1 if perf_counter() - start > SLOW_READ_S else 0
        return mhz

    def _scaling_mhz(self) -> list[float]:
        told = (read_text(self._frequencies[core]).strip() for core in self._watched())
        return [int(khz) / 1e3 for khz in told if khz.isdecimal() and khz != "0"]

    def _listed_mhz(self) -> list[float]:
        return [float(mhz) for mhz in MHZ_LINE.findall(read_text(self._cpuinfo))]

    def _watched(self) -> set[int]:
        cores = sorted(self._frequencies)
        spread = cores[:: -(-len(cores) // WATCHED_CORES)]
        current = read_text(self._thread_stat).rpartition(")")[2].split()[CURRENT_CORE : CURRENT_CORE + 1]
        return {*spread, *(core for core in cores if str(core) in current)}


def read_text(file: Path) -> str:
    """What a file of the system says by now; empty where it cannot be read."""
    try:
        with file.open("rb", buffering=0) as opened:
            return opened.read().decode("ascii", errors="replace")
    except OSError:
        return ""


def _allowed() -> Collection[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()


def _ticks_per_s() -> float:
    return os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100.0


def _own_s() -> float:
    """All threads', to the nanosecond; what a child used comes in when it ends."""
    times = os.times()
    return process_time() + times.children_user + times.children_system
