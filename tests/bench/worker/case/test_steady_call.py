"""What is told of steady calls after the rounds, from made-up visits: no device is there."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Breakdown, Event
from bench.plan import Case, Effort
from bench.worker.case import steady_call as module
from bench.worker.case.job import Job
from bench.worker.case.steady_call import break_down
from bench.worker.machine.suspensions import Stops
from bench.worker.measurement.call_parts import Parts
from bench.worker.measurement.rounds import ModeRounds
from bench.worker.measurement.timing import Timed

VISIT_S = 0.1
"""What a look at the clock takes: with a budget of ten seconds there is time for many visits."""

TOOK_S = {"eager": 4e-5, "xla": 2e-5}


def nothing() -> None:
    """Be called."""


class Stage:
    """Two modes whose visits always give the same figures."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, device: str, *, waits: bool | None = None) -> None:
        self.events: list[Event] = []
        self.asked_to_wait: list[str] = []
        channel: Any = SimpleNamespace(
            emit=self.events.append, running=lambda _: None, stop_requested=lambda: False, log=None
        )
        unused: Any = None
        self._job = Job(
            channel=channel,
            case_id="1",
            case=Case("softmax", modes=tuple(TOOK_S)),
            workload=unused,
            effort=Effort(budget_s=10),
            effect=0.02,
            device=device,
            peaks=unused,
            stops=Stops(),
        )
        ticks = count()
        monkeypatch.setattr(module, "perf_counter", lambda: VISIT_S * next(ticks))
        monkeypatch.setattr(module, "in_force", lambda _: nullcontext())
        monkeypatch.setattr(module, "take_apart", self._take)
        monkeypatch.setattr(module, "waits_inside", self._waits_inside)
        self._waits = waits

    def _waits_inside(self, timed: Timed, *_: object) -> bool | None:
        self.asked_to_wait.append(timed.mode)
        return self._waits

    def _take(self, timed: Timed, *_: object, **__: object) -> Parts:
        took_s = TOOK_S[timed.mode]
        return Parts(took_s, 0.95 * took_s, took_s, 1.0, None)

    def break_down(self, *, wrong: tuple[str, ...] = (), occupied: bool = True) -> dict[str, Breakdown]:
        series = {mode: ModeRounds(Timed(mode, nothing, ((),))) for mode in TOOK_S}
        built: Any = SimpleNamespace(built=SimpleNamespace(options=None), concrete=None)
        occupy = nothing if occupied else None
        break_down(self._job, series, dict.fromkeys(TOOK_S, built), nothing, 0.0, wrong=wrong, occupy=occupy)
        return {event.mode: event for event in self.events if isinstance(event, Breakdown)}


def test_on_an_accelerator_throughputs_are_compared_and_have_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Stage(monkeypatch, "GPU:0").break_down()
    (ratio,) = told["xla"].throughput_ratios
    assert (ratio.baseline, ratio.verdict) == ("eager", "faster")
    assert ratio.ratio == pytest.approx(0.5)
    assert (told["xla"].throughput_low_s, told["xla"].throughput_high_s) == (2e-5, 2e-5)


def test_a_mode_that_is_wrong_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Stage(monkeypatch, "GPU:0").break_down(wrong=("xla",))
    assert told["xla"].throughput_ratios == ()
    assert told["xla"].throughput_s == 2e-5


def test_on_a_cpu_throughputs_are_not_compared_and_nobody_occupies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(monkeypatch, "CPU:0")
    assert stage.break_down()["xla"].throughput_ratios == ()
    assert stage.asked_to_wait == []


@pytest.mark.parametrize(("waits", "bound"), [(False, "host"), (True, ""), (None, "")])
def test_a_call_that_is_nearly_done_when_it_returns_is_tried_on_an_occupied_device(
    monkeypatch: pytest.MonkeyPatch, waits: bool | None, bound: str
) -> None:
    stage = Stage(monkeypatch, "GPU:0", waits=waits)
    assert {mode: told.bound for mode, told in stage.break_down().items()} == dict.fromkeys(TOOK_S, bound)
    assert stage.asked_to_wait == list(TOOK_S)


def test_what_cannot_be_occupied_is_not_called_host_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(monkeypatch, "XLA_CPU:0", waits=False)
    assert {told.bound for told in stage.break_down(occupied=False).values()} == {""}
    assert stage.asked_to_wait == []
