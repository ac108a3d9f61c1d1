"""Tell what a GPU's state between rounds says of the rounds: what disturbed them, and what is told of the case once."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from ...events import GpuState
from .nvidia import POWER_CAP, SLOWDOWNS, Gpu

SLOWED = 0.8
"""A clock that is below this share of its median until then slowed; the CPU's is judged alike."""


class GpuWatch:
    """Reads a GPU's state and judges it. Without a GPU it tells nothing."""

    def __init__(self, gpu: Gpu | None) -> None:
        self._gpu = gpu
        self._clocks_mhz: list[int] = []
        self._told: set[str] = set()

    def read(self) -> GpuState | None:
        """Return the state before the first round; nobody judges it."""
        if self._gpu is None:
            return None
        state = self._gpu.state()
        self._keep_clock(state)
        return state

    def judge(self) -> tuple[GpuState | None, tuple[str, ...], str]:
        """Return the state after some rounds, what disturbed them, and what is to be told of the case, once."""
        if self._gpu is None:
            return None, (), ""
        state = self._gpu.state()
        troubles = tuple(self._troubles(self._gpu.name, state))
        self._keep_clock(state)
        return state, troubles, self._note(self._gpu.name, state)

    def _keep_clock(self, state: GpuState) -> None:
        """Keep the clock, but not an idle card's: it says nothing of the rounds."""
        if state.clock_mhz is not None and not state.idle:
            self._clocks_mhz.append(state.clock_mhz)

    def _troubles(self, name: str, state: GpuState) -> Iterator[str]:
        slowdowns = [reason for reason in state.throttled or () if reason in SLOWDOWNS]
        if slowdowns:
            yield f"{name} was throttled: {', '.join(slowdowns)}"
        usual_mhz = median(self._clocks_mhz) if self._clocks_mhz else None
        mhz = state.clock_mhz
        if usual_mhz is not None and mhz is not None and not state.idle and mhz < SLOWED * usual_mhz:
            yield f"{name} slowed from {usual_mhz:,.0f} to {mhz:,.0f} MHz"
        if others := state.busy_processes:
            yield f"another process used {name}" if others == 1 else f"{others} other processes used {name}"

    def _note(self, name: str, state: GpuState) -> str:
        """Return what holds the clocks down without being trouble, as far as it has not been told."""
        held = [reason for reason in state.throttled or () if reason not in SLOWDOWNS and reason not in self._told]
        self._told.update(held)
        if not held:
            return ""
        if held == [POWER_CAP]:
            return f"{name} reached its power limit, as heavy work does: its clocks are those that the limit allows"
        return f"the clocks of {name} were held down in some rounds: {', '.join(held)}"
