"""How the rounds of a case go on and end, on made-up visits and a clock of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bench.events import Estimate, Event, PhaseStarted, Round
from bench.plan import Case, Effort
from bench.worker.case.draw_points import DRAW_EVERY_S, DrawPoints
from bench.worker.case.job import Job
from bench.worker.case.round_loop import RoundLoop
from bench.worker.machine.suspensions import Stops
from bench.worker.measurement.estimate import estimate_mode, estimate_pairs
from bench.worker.measurement.resting import LEAST_REST
from bench.worker.measurement.rounds import Rounds, Visited
from bench.worker.measurement.stopping import Stopping
from bench.worker.measurement.timing import Block, Timed

EFFECT = 0.02
VISIT_S = 0.01
LEAST_ROUNDS = 7


class Course:
    """A case whose modes take `latency_s` a call, with `noise`; a visit takes `visit_s`, VISIT_S unless it says more.

    `events` are what it has told, but for the machine's state.
    """

    def __init__(
        self,
        latency_s: Mapping[str, float],
        effort: Effort,
        *,
        noise: float = 0.01,
        visit_s: Mapping[str, float] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self._clock_s = 0.0
        self._latency_s, self._noise, self._visit_s = latency_s, noise, visit_s or {}
        self._rng = np.random.default_rng(1)
        unused: Any = None
        channel: Any = SimpleNamespace(
            emit=self.events.append,
            hold=lambda: None,
            release=lambda: None,
            running=lambda _: None,
            stop_requested=lambda: False,
        )
        self._job = Job(
            channel=channel,
            case_id="1",
            case=Case("softmax", modes=tuple(latency_s)),
            workload=unused,
            effort=effort,
            effect=EFFECT,
            device="CPU:0",
            peaks=unused,
            stops=Stops(lambda: self._clock_s),
        )
        self.rounds = Rounds([Timed(mode, lambda: None, ((),)) for mode in latency_s], 1, lambda: self._clock_s)
        stopping = Stopping(effort, EFFECT, LEAST_ROUNDS)
        draw_points = DrawPoints(channel, lambda: None, lambda: self._clock_s, self._sleep)
        self.loop = RoundLoop(self._job, self.rounds, stopping, self._estimate, draw_points)

    def visit(self, timed: Timed) -> Visited:
        self._clock_s += self._visit_s.get(timed.mode, VISIT_S)
        latency_s = self._latency_s[timed.mode] * float(np.exp(self._noise * self._rng.standard_normal()))
        return Visited(Block(1, (latency_s,)))

    def _sleep(self, duration_s: float) -> None:
        self._clock_s += duration_s

    def _estimate(self, rounds: Rounds, spent_s: float, left_s: float, disturbed_rounds: int | None) -> Estimate:
        modes = [estimate_mode(mode, series) for mode, series in rounds.series.items()]
        by_round_s = {mode: series.latencies_by_round_s(rounds.count) for mode, series in rounds.series.items()}
        pairs = estimate_pairs(by_round_s, dict.fromkeys(by_round_s, 0.0), EFFECT)
        told = tuple(filter(None, modes))
        return Estimate(case_id="1", rounds=rounds.count, modes=told, pairs=pairs, spent_s=spent_s, left_s=left_s)

    def told(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def phases(course: Course) -> list[str]:
    return [event.phase for event in course.told(PhaseStarted)]


def test_the_rounds_end_when_their_budget_is_spent() -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=2.0, target=1e-6))
    course.loop.measure(course.visit)
    assert course.told(Estimate)[-1].spent_s == pytest.approx(2.0, abs=2 * VISIT_S)
    assert course.told(Estimate)[-1].left_s == 0.0


def test_they_end_early_once_they_are_precise() -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=60.0, target=0.02))
    course.loop.measure(course.visit)
    assert course.told(Estimate)[-1].spent_s < 5


def test_slow_rounds_are_made_until_they_are_enough_for_a_verdict() -> None:
    course = Course({"eager": 1.0, "xla": 2.0}, Effort(budget_s=3.0), visit_s={"eager": 2.0, "xla": 4.0})
    course.loop.measure(course.visit)
    assert [pair.verdict for pair in course.told(Estimate)[-1].pairs] == ["slower"]
    assert course.told(Estimate)[0].left_s == pytest.approx(6 * 6.0), "what is left is told after the first"


def test_a_verdict_is_told_as_soon_as_there_are_rounds_enough() -> None:
    course = Course({"eager": 2e-3, "graph": 1e-3, "xla": 0.5e-3}, Effort(budget_s=2.0))
    course.loop.measure(course.visit)
    assert [estimate.rounds for estimate in course.told(Estimate)[:2]] == [1, LEAST_ROUNDS]
    assert all(pair.verdict == "faster" for pair in course.told(Estimate)[1].pairs)


def test_figures_that_tell_nothing_new_wait_for_a_draw_point() -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=2.0, target=1e-6), noise=0.5)
    course.loop.measure(course.visit)
    told_after_s = [estimate.spent_s for estimate in course.told(Estimate)]
    assert min(np.diff(told_after_s[:-1])) >= DRAW_EVERY_S


def test_a_mode_that_is_told_rests_while_the_others_are_not() -> None:
    course = Course({"eager": 10e-3, "graph": 1e-3, "xla": 1e-3}, Effort(budget_s=5.0, target=1e-6), noise=0.1)
    course.loop.measure(course.visit)
    visits = {mode: len(series.visits) for mode, series in course.rounds.series.items()}
    assert visits["graph"] == visits["xla"] == course.rounds.count
    assert visits["eager"] < course.rounds.count / LEAST_REST + 12


def test_a_case_is_refined_until_its_ranges_are_narrow() -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=1.0, refine_s=30.0), noise=0.05)
    course.loop.measure(course.visit)
    course.loop.refine(course.visit)
    assert phases(course) == ["rounds", "refine"]
    last = course.told(Estimate)[-1]
    assert [pair.verdict for pair in last.pairs] == ["same"]
    assert 2 < last.spent_s < 30
    assert [each.index for each in course.told(Round)] == list(range(course.rounds.count)), "its rounds go on"


def test_refining_ends_when_its_time_is_spent() -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=1.0, refine_s=2.0), noise=0.5)
    course.loop.measure(course.visit)
    course.loop.refine(course.visit)
    assert course.told(Estimate)[-1].spent_s == pytest.approx(3.0, abs=3 * VISIT_S)


@pytest.mark.parametrize(
    ("noise", "refine_s"),
    [(0.05, 0.0), (0.001, 30.0)],  # it was not asked for; there is nothing to refine
)
def test_what_need_not_be_refined_is_not(noise: float, refine_s: float) -> None:
    course = Course({"eager": 1e-3, "xla": 1e-3}, Effort(budget_s=1.0, refine_s=refine_s), noise=noise)
    course.loop.measure(course.visit)
    course.loop.refine(course.visit)
    assert phases(course) == ["rounds"]


def failing(_: Timed) -> None:
    """A mode that fails."""


def test_without_a_figure_there_is_nothing_to_refine() -> None:
    course = Course({"eager": 1e-3}, Effort(budget_s=1.0, refine_s=30.0))
    course.loop.measure(failing)
    refused: Callable[[Timed], Visited] = course.visit
    course.loop.refine(refused)
    assert phases(course) == ["rounds"]
