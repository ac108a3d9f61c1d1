"""What a GPU's state between rounds says of them: slowdowns and who computes disturb, what is usual does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.events import GpuState
from bench.worker.machine.gpu_watch import GpuWatch
from bench.worker.machine.nvidia import Gpu


class ScriptedGpu(Gpu):
    """A GPU in one state after another."""

    def __init__(self, states: Sequence[GpuState]) -> None:
        self.name = "GPU:1"
        self._states = iter(states)

    def state(self) -> GpuState:
        return next(self._states)


def judged(*states: GpuState) -> list[tuple[tuple[str, ...], str]]:
    """Return the troubles and the note after each of these states; before the first round there was nothing."""
    watch = GpuWatch(ScriptedGpu([GpuState("GPU-1"), *states]))
    watch.read()
    return [watch.judge()[1:] for _ in states]


def troubles(*states: GpuState) -> list[tuple[str, ...]]:
    return [told for told, _ in judged(*states)]


def notes(*states: GpuState) -> list[str]:
    return [note for _, note in judged(*states)]


def test_processes_that_hold_the_gpu_and_do_nothing_do_not_disturb() -> None:
    assert troubles(GpuState("GPU-1", other_processes=3, busy_processes=0)) == [()]
    assert troubles(GpuState("GPU-1", other_processes=3)) == [()], "nor where nobody can tell what they do"


@pytest.mark.parametrize(("busy", "words"), [(1, "another process used GPU:1"), (3, "3 other processes used GPU:1")])
def test_processes_that_compute_on_it_disturb(busy: int, words: str) -> None:
    assert troubles(GpuState("GPU-1", other_processes=3, busy_processes=busy)) == [(words,)]


@pytest.mark.parametrize("reason", ["HW slowdown", "SW thermal slowdown", "HW thermal slowdown"])
def test_heat_disturbs_every_round_that_it_slows(reason: str) -> None:
    hot = GpuState("GPU-1", throttled=(reason, "SW power cap"))
    assert troubles(hot, GpuState("GPU-1", throttled=()), hot) == [
        (f"GPU:1 was throttled: {reason}",),
        (),
        (f"GPU:1 was throttled: {reason}",),
    ]


def test_a_power_cap_disturbs_nothing_and_is_told_once_a_case() -> None:
    capped = GpuState("GPU-1", throttled=("SW power cap",))
    assert judged(capped, GpuState("GPU-1", throttled=()), capped) == [
        ((), "GPU:1 reached its power limit, as heavy work does: its clocks are those that the limit allows"),
        ((), ""),
        ((), ""),
    ]


def test_another_limit_is_told_once_too() -> None:
    held = GpuState("GPU-1", throttled=("SW power cap", "sync boost"))
    assert notes(GpuState("GPU-1", throttled=("sync boost",)), held, held) == [
        "the clocks of GPU:1 were held down in some rounds: sync boost",
        "GPU:1 reached its power limit, as heavy work does: its clocks are those that the limit allows",
        "",
    ]


def test_a_clock_that_falls_below_its_usual_disturbs() -> None:
    clocks = [1980, 1980, 1600, 1500, None, 1980]
    assert troubles(*(GpuState("GPU-1", clock_mhz=clock) for clock in clocks)) == [
        *[()] * 3,
        ("GPU:1 slowed from 1,980 to 1,500 MHz",),
        (),
        (),
    ]


def test_the_low_clock_of_an_idle_card_is_nobodys_and_no_measure() -> None:
    idle = GpuState("GPU-1", clock_mhz=345, idle=True)
    busy, slowed = GpuState("GPU-1", clock_mhz=1980, idle=False), GpuState("GPU-1", clock_mhz=1200, idle=False)
    assert troubles(idle, idle, busy, idle, slowed) == [(), (), (), (), ("GPU:1 slowed from 1,980 to 1,200 MHz",)]


def test_without_a_gpu_nothing_is_told() -> None:
    watch = GpuWatch(None)
    assert watch.read() is None
    assert watch.judge() == (None, (), "")
