"""The machine's state between rounds, and what disturbed the rounds before; read only where nothing is being timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from ...events import GpuState
from .cpu import Cores, Moment, Usage, usage_between
from .cpu_quota import Quota
from .gpu_watch import SLOWED, GpuWatch
from .nvidia import Gpu
from .suspensions import Stops

WINDOW_S = 0.2
"""Shorter windows drown in the 10 ms in which /proc/stat counts."""

DISTURBING_CORES = 0.25
DISTURBING_SHARE = 0.02
"""Who uses more than so many cores disturbs, if it is more than this share of all: a large machine is never idle."""


@dataclass(frozen=True)
class MachineSample:
    """The machine after rounds `first_round` to `last_round`, both included; None is what it does not tell.

    `others_cores`: how many cores other processes used during these rounds; `cpu_mhz` and `gpu`: as they are after
    them. `disturbed`: what disturbed these rounds, in words; empty where nothing is known to have. `note`: what is to
    be told of the case, once.
    """

    others_cores: float | None
    cpu_mhz: float | None
    gpu: GpuState | None
    first_round: int
    last_round: int
    disturbed: str = ""
    note: str = ""

    @property
    def disturbed_rounds(self) -> int:
        """How many rounds were disturbed."""
        return self.last_round + 1 - self.first_round if self.disturbed else 0


class Machine:
    """Samples the machine's state between rounds. Never raises: a figure that cannot be read is None."""

    def __init__(
        self,
        gpu: Gpu | None = None,
        cores: Cores | None = None,
        quota: Quota | None = None,
        clock: Callable[[], float] = perf_counter,
        stops: Stops | None = None,
    ) -> None:
        self._gpu = GpuWatch(gpu)
        self._stops = stops or Stops()
        self._cores = cores or Cores()
        self._quota = quota or Quota()
        self._clock = clock
        self._frequencies: list[float] = []
        self.disturbed_rounds: int | None = None
        """How many rounds were disturbed so far; None while nothing tells what other processes do."""
        self._open_window(clock(), self._cores.now(), self._quota.held_up_s(), 0)

    def begin(self) -> MachineSample:
        """The state before the first round. What happens from here on is put down to the rounds."""
        self._open_window(self._clock(), self._cores.now(), self._quota.held_up_s(), 0)
        return MachineSample(None, self._read_frequency(), self._gpu.read(), 0, -1)

    def end_round(self, index: int) -> MachineSample | None:
        """The state after round `index`; None where the rounds since the last sample took too little time to tell.

        A round longer than WINDOW_S is a window of its own.
        """
        now = self._clock()
        elapsed_s = now - self._since
        if elapsed_s < WINDOW_S:
            return None
        moment, held_up_s = self._cores.now(), self._quota.held_up_s()
        usage = usage_between(self._start, moment, elapsed_s)
        usual_mhz = median(self._frequencies) if self._frequencies else None
        mhz = self._read_frequency()
        gpu, gpu_troubles, note = self._gpu.judge()
        waited_s = held_up_s - self._held_up_s
        stopped = self._stops.count - self._stopped_before
        reasons = (
            *_stopping(stopped),
            *_load(usage),
            *_waiting(waited_s),
            *_slowing(usual_mhz, mhz),
            *gpu_troubles,
        )
        others = usage.others if usage else None
        sample = MachineSample(others, mhz, gpu, self._first, index, "; ".join(reasons), note)
        if others is not None:
            self.disturbed_rounds = (self.disturbed_rounds or 0) + sample.disturbed_rounds
        self._open_window(now, moment, held_up_s, index + 1)
        return sample

    def _open_window(self, since: float, start: Moment, held_up_s: float, first_round: int) -> None:
        self._since = since
        self._start = start
        self._held_up_s = held_up_s
        self._stopped_before = self._stops.count
        self._first = first_round

    def _read_frequency(self) -> float | None:
        mhz = self._cores.mhz()
        if mhz is not None:
            self._frequencies.append(mhz)
        return mhz


def _stopping(times: int) -> Iterator[str]:
    if times > 0:
        yield "the worker was stopped" if times == 1 else f"the worker was stopped {times:,} times"


def _load(usage: Usage | None) -> Iterator[str]:
    if usage is None:
        return
    disturbing = max(DISTURBING_CORES, DISTURBING_SHARE * usage.cores)
    if usage.others > disturbing:
        yield f"other processes used {usage.others:.1f} cores"
    if usage.stolen > disturbing:
        yield f"other machines took {usage.stolen:.1f} of this machine's cores"


def _waiting(waited_s: float) -> Iterator[str]:
    if waited_s > 0:
        yield f"a CPU quota held the worker's threads up for {1e3 * waited_s:.0f} ms"


def _slowing(usual_mhz: float | None, mhz: float | None) -> Iterator[str]:
    if usual_mhz is not None and mhz is not None and mhz < SLOWED * usual_mhz:
        yield f"the CPU slowed from {usual_mhz:,.0f} to {mhz:,.0f} MHz"
