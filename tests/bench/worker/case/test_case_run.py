"""How calls are timed on each kind of device, and what a stop of the process costs: nothing of TensorFlow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Container, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Calibrated, Disturbed, Estimate, Event, Noted, Retraced, Round
from bench.plan import Case, Effort
from bench.worker.case import case_run as module
from bench.worker.case import round_loop
from bench.worker.case.case_run import CaseRun
from bench.worker.case.draw_points import DrawPoints
from bench.worker.case.job import Job
from bench.worker.case.observation import Observation
from bench.worker.case.prepared import Prepared
from bench.worker.case.round_loop import RoundLoop
from bench.worker.machine.monitor import MachineSample
from bench.worker.machine.suspensions import Stops
from bench.worker.measurement.rounds import Rounds
from bench.worker.measurement.stopping import Stopping
from bench.worker.measurement.timing import Block, Timed
from bench.worker.modes.build import Built
from bench.worker.modes.variables import Starts, Variables

BUDGET_S = 10

STOP_S = 600


class Graph:
    """A `tf.function` as far as it is watched."""

    traces = 0

    def __call__(self) -> None:
        pass

    def experimental_get_tracing_count(self) -> int:
        return self.traces


def job_of(events: list[Event], stops: Stops, device: str = "CPU:0") -> Job:
    """Return a case of one mode, `graph`, whose events are kept."""
    log = SimpleNamespace(new_text=str)
    emit = events.append
    channel: Any = SimpleNamespace(
        emit=emit,
        hold=lambda: None,
        release=lambda: None,
        log=log,
        running=lambda _: None,
        stop_requested=lambda: False,
    )
    unused: Any = None
    return Job(
        channel=channel,
        case_id="1",
        case=Case("softmax", modes=("graph",)),
        workload=unused,
        effort=Effort(budget_s=BUDGET_S),
        effect=0.05,
        device=device,
        peaks=unused,
        stops=stops,
    )


def run_of(job: Job, graph: Graph, argument_sets: tuple[tuple[Any, ...], ...] = ((),)) -> CaseRun:
    """Return the run of a case whose mode is prepared."""
    run = CaseRun(job)
    built = Built(graph, argument_sets, Variables(Starts()))
    run._preparation.modes = {"graph": Prepared(built, None, 0.0, 0.0, Observation((), ()), "", len(argument_sets))}
    return run


class Stage:
    """The rounds of a case in one mode. Each try at a visit takes a second, and has one call more than the one before.

    `stopped`: in which tries, from 0 on, the process stands still for ten minutes. `traces`: how often the mode is
    traced again in a try, where it is.
    """

    def __init__(self, stopped: Container[int], traces: Mapping[int, int]) -> None:
        self._stopped = stopped
        self._traces = traces
        self._tries = 0
        self._clock_s = 0.0
        self._stops = Stops(lambda: self._clock_s)
        self._graph = Graph()
        self._events: list[Event] = []

    def visit(self, *_: object) -> Block:
        self._graph.traces += self._traces.get(self._tries, 0)
        if self._tries in self._stopped:
            self._clock_s += STOP_S
            self._stops.note()
        self._tries += 1
        self._clock_s += 1
        return Block(1, (1.0,) * self._tries)

    def measure(self) -> list[Any]:
        """All that the rounds tell."""
        run = run_of(job_of(self._events, self._stops), self._graph)
        rounds = Rounds([Timed("graph", self._graph, ((),))], seed=1)
        draw_points = DrawPoints(run._job.channel, lambda: None, run._job.stops.now, lambda _: None)
        RoundLoop(run._job, rounds, Stopping(run._job.effort, 0.02, 6), run._estimate, draw_points).measure(run._visit)
        return self._events


Measure = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    tensorflow = SimpleNamespace(raw_ops=SimpleNamespace(SyncDevice=lambda: None))
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
    monkeypatch.setattr(module, "in_force", lambda _: nullcontext())


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Measures rounds on a Stage: what they tell."""

    def measure(stopped: Container[int] = (), traces: Mapping[int, int] | None = None) -> list[Any]:
        stage = Stage(stopped, traces or {})
        monkeypatch.setattr(module, "visit", stage.visit)
        return stage.measure()

    return measure


def spent_s(events: list[Any]) -> list[float]:
    """Of the budget, estimate by estimate."""
    return [event.spent_s for event in events if isinstance(event, Estimate)]


def test_a_stop_is_no_part_of_the_budget(measure: Measure) -> None:
    assert spent_s(measure(stopped={3})) == list(range(1, BUDGET_S + 1))


def test_a_stop_in_a_first_round_that_is_no_part_of_it_either_is_left_out_once(measure: Measure) -> None:
    events = measure(stopped={0}, traces={0: 1, 1: 1})
    assert next(event for event in events if isinstance(event, Round)).visits[0].void
    assert spent_s(events) == list(range(BUDGET_S + 1))


def test_what_was_traced_in_a_try_that_is_made_again_makes_no_round_void(measure: Measure) -> None:
    events = measure(stopped={3}, traces={3: 1})
    assert not any(visit.void for event in events if isinstance(event, Round) for visit in event.visits)


def test_each_try_tells_what_was_traced_in_its_own_calls(measure: Measure) -> None:
    events = measure(stopped={3}, traces={3: 2, 4: 1})
    retraced = [(event.traces, event.calls) for event in events if isinstance(event, Retraced)]
    assert retraced == [(2, 4), (1, 5)]


def test_what_the_machine_tells_once_is_a_note_of_the_case(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    before = MachineSample(None, None, None, 0, -1)
    after = {3: replace(before, last_round=3, note="GPU:0 reached its power limit")}
    machine = SimpleNamespace(begin=lambda: before, end_round=after.get, disturbed_rounds=None)
    monkeypatch.setattr(round_loop, "Machine", lambda *_, **__: machine)
    events = measure()
    [note] = [event for event in events if isinstance(event, Noted)]
    assert (note.mode, note.note) == ("graph", "GPU:0 reached its power limit")
    assert not [event for event in events if isinstance(event, Disturbed)]


def test_every_visit_is_given_what_empties_the_devices_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, flush, given = Stage((), {}), object(), []

    def visit(*arguments: Any) -> Block:
        given.append(arguments[-1])
        return stage.visit()

    monkeypatch.setattr(module, "cache_flush", lambda *_: flush)
    monkeypatch.setattr(module, "visit", visit)
    stage.measure()
    assert given
    assert given == [flush] * len(given)


IDLE_SYNC_S = 1e-5
"""What reading the clock and synchronising takes: a call of a microsecond is long beside the clock in groups alone."""


def calibrated(device: str, sets: int) -> tuple[Timed, Calibrated]:
    """Return how short calls are to be timed on a device, and what is told of it."""
    events: list[Event] = []
    run = run_of(job_of(events, Stops(), device), Graph(), ((),) * sets)
    (timed,) = run._calibrate(IDLE_SYNC_S)
    return timed, next(event for event in events if isinstance(event, Calibrated))


@pytest.mark.parametrize("sets", [1, 3])
def test_on_an_accelerator_each_call_is_timed_alone_and_nothing_is_taken_off(sets: int) -> None:
    timed, told = calibrated("XLA_CPU:0", sets)
    assert (timed.calls_at_once, timed.group_size, timed.overhead_s) == (1, sets, 0.0)
    assert told.group_sizes == (("graph", 1),)
    assert told.overhead_s == IDLE_SYNC_S, "what synchronising an idle device takes is told"


@pytest.mark.parametrize("sets", [1, 3])
def test_on_a_cpu_short_calls_are_timed_in_groups_less_what_synchronising_takes(sets: int) -> None:
    timed, told = calibrated("CPU:0", sets)
    assert timed.calls_at_once == timed.group_size
    assert timed.group_size > sets
    assert timed.group_size % sets == 0
    assert timed.overhead_s == IDLE_SYNC_S
    assert told.group_sizes == (("graph", timed.group_size),)


@dataclass(frozen=True)
class Asked:
    """What is handed to those who take calls apart."""

    taken_off_s: float
    wrong: Collection[str]
    occupy: Callable[[], None] | None


NO_ROUNDS = SimpleNamespace(measure=lambda _: None, refine=lambda _: None, estimate=None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    """Measures a case on a device, of which one mode is wrong, up to where calls are taken apart."""
    found: list[Asked] = []
    monkeypatch.setattr(module, "break_down", lambda *parts, **named: found.append(Asked(parts[-1], **named)))
    monkeypatch.setattr(module, "measure_overhead", lambda _: IDLE_SYNC_S)
    monkeypatch.setattr(module, "doubt", lambda *_: None)

    def asked(device: str, flush: Any = None) -> Asked:
        monkeypatch.setattr(module, "cache_flush", lambda *_: flush)
        run = run_of(job_of([], Stops(), device), Graph())
        run._preparation.wrong = {"xla"}
        monkeypatch.setattr(run, "verify", lambda: None)
        monkeypatch.setattr(module, "RoundLoop", lambda *_: NO_ROUNDS)
        run.measure()
        return found[-1]

    return asked


@pytest.mark.parametrize(("device", "taken_off_s"), [("CPU:0", IDLE_SYNC_S), ("XLA_CPU:0", 0.0)])
def test_an_idle_synchronisation_is_taken_off_parts_of_a_call_on_a_cpu_alone(
    asked: Callable[..., Asked], device: str, taken_off_s: float
) -> None:
    assert asked(device).taken_off_s == taken_off_s


def test_a_gpu_is_occupied_by_what_empties_its_cache_and_wrong_modes_are_told(asked: Callable[..., Asked]) -> None:
    def start() -> None:
        """Wait for nothing."""

    on_gpu = asked("GPU:0", SimpleNamespace(start=start))
    assert (on_gpu.occupy, on_gpu.wrong) == (start, {"xla"})
    assert asked("XLA_CPU:0").occupy is None, "there is nothing to occupy it with"
