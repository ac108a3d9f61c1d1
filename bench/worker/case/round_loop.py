"""The rounds of a case: one after another, with an estimate now and then, until they are enough."""

from __future__ import annotations

from collections.abc import Callable

from ...events import Combined, Disturbed, Estimate, MachineState, Noted, Round, WarmInSettled
from ..machine.monitor import Machine, MachineSample
from ..measurement.combine_processes import combine
from ..measurement.median_interval import FEWEST_VALUES
from ..measurement.resting import resting
from ..measurement.rounds import Rounds, Visited
from ..measurement.step_down import UNCLEAR
from ..measurement.stopping import Stopping
from ..measurement.timing import Timed
from .draw_points import DrawPoints
from .job import Job
from .phases import common_phase

ESTIMATE_EVERY_S = 0.25

ESTIMATE_EVERY_GROWTH = 1.25
"""Figures are worked out sooner where there are so many times the rounds of the last ones, as at first."""

Visitor = Callable[[Timed], Visited | None]

EstimateOf = Callable[[Rounds, float, float, int | None], Estimate]
"""Returns the figures of rounds, by seconds spent, seconds left and the number of disturbed rounds."""


class RoundLoop:
    """Goes round after round with `visit`, and tells what each gave, with the figures so far, at draw points.

    A verdict is worked out as soon as there are rounds enough for one, and the first of each pair is told at once.
    `estimate` is the latest one.
    """

    def __init__(
        self, job: Job, rounds: Rounds, stopping: Stopping, estimate_of: EstimateOf, draw_points: DrawPoints
    ) -> None:
        self._job = job
        self._rounds = rounds
        self._stopping = stopping
        self._estimate_of = estimate_of
        self._draw_points = draw_points
        self._machine = Machine(job.gpu, stops=job.stops)
        self._spent_s = 0.0
        """On the rounds before those under way."""
        self._warm_ins_s: tuple[tuple[str, float], ...] = ()
        self._judged: set[tuple[str, str]] = set()
        """Holds the pairs that were told with a verdict once."""
        self.estimate: Estimate | None = None

    def measure(self, visit: Visitor) -> None:
        """Go on until the figures are as precise as was asked for, or the budget is spent. Raises Stopped."""
        common_phase(self._job, "rounds")
        self._tell(self._machine.begin(), 0)
        stopping, rounds = self._stopping, self._rounds
        self._run(
            visit,
            left_s=lambda spent_s: stopping.left_s(rounds.count, spent_s, rounds.round_s),
            is_enough=lambda estimate: stopping.is_precise(rounds.count, estimate.modes, estimate.pairs),
        )

    def refine(self, visit: Visitor) -> None:
        """Go on while there is time and a range is too wide. Raises Stopped."""
        refine_s, stopping, estimate = self._job.effort.refine_s, self._stopping, self.estimate
        if not refine_s or estimate is None or not estimate.modes:
            return
        if stopping.is_refined(estimate.modes, estimate.pairs):
            return
        common_phase(self._job, "refine")
        self._run(
            visit,
            left_s=lambda spent_s: max(refine_s - spent_s, 0.0),
            is_enough=lambda estimate: stopping.is_refined(estimate.modes, estimate.pairs),
        )

    def _run(self, visit: Visitor, left_s: Callable[[float], float], is_enough: Callable[[Estimate], bool]) -> None:
        with self._draw_points.apart():
            self._go_on(visit, left_s, is_enough)

    def _go_on(self, visit: Visitor, left_s: Callable[[float], float], is_enough: Callable[[Estimate], bool]) -> None:
        job, rounds = self._job, self._rounds
        start = estimated_at = job.stops.now()
        while True:
            visits = rounds.go_round(visit)
            job.channel.emit(Round(case_id=job.case_id, index=rounds.count - 1, visits=visits))
            self._tell_warm_ins()
            sample = self._machine.end_round(rounds.count - 1)
            if sample is not None:
                self._tell(sample, rounds.count)
            now = job.stops.now()
            if rounds.count == 1 and any(each.void for each in visits):
                start = now  # compiling is no part of the budget
            spent_s = now - start
            left = left_s(spent_s)
            is_over = not rounds.series or left <= 0
            if is_over or self._is_time_to_estimate(now - estimated_at):
                estimate = self._estimate_of(rounds, self._spent_s + spent_s, left, self._machine.disturbed_rounds)
                self.estimate, estimated_at = estimate, now
                is_over = is_over or is_enough(estimate)
                if is_over or rounds.count == 1 or self._is_newly_judged(estimate) or self._draw_points.is_due:
                    self._tell_figures(estimate, is_last=is_over)
                    if is_over:
                        self._spent_s += spent_s
                        return
                    self._draw_points.draw()
                self._let_rest(estimate)

    def _is_time_to_estimate(self, since_s: float) -> bool:
        """Tell whether figures are worked out anew, `since_s` seconds after the last."""
        if self.estimate is None or since_s >= ESTIMATE_EVERY_S:
            return True
        return self._rounds.count >= max(self._stopping.least_rounds, ESTIMATE_EVERY_GROWTH * self.estimate.rounds)

    def _is_newly_judged(self, estimate: Estimate) -> bool:
        """Tell whether a pair has a verdict that never was told with one."""
        return not _judged(estimate) <= self._judged

    def _tell_warm_ins(self) -> None:
        job, rounds = self._job, self._rounds
        warm_ins_s = tuple((mode, series.timed.warm_in_s) for mode, series in rounds.series.items())
        if warm_ins_s != self._warm_ins_s:
            self._warm_ins_s = warm_ins_s
            job.channel.emit(WarmInSettled(case_id=job.case_id, warm_ins_s=warm_ins_s))

    def _tell_figures(self, estimate: Estimate, *, is_last: bool) -> None:
        job = self._job
        job.channel.emit(estimate)
        self._judged |= _judged(estimate)
        if job.earlier and (is_last or estimate.rounds >= FEWEST_VALUES):
            combined: Combined = combine((*job.earlier, estimate), job.effect)
            job.channel.emit(combined)

    def _let_rest(self, estimate: Estimate) -> None:
        rounds = self._rounds
        if rounds.count >= self._stopping.least_rounds:
            compared = [mode for mode in rounds.series if any(mode in (p.mode, p.baseline) for p in estimate.pairs)]
            visit_s = {mode: series.visit_s for mode, series in rounds.series.items()}
            rounds.every = resting(compared, estimate.pairs, visit_s, self._job.effect)

    def _tell(self, sample: MachineSample, rounds: int) -> None:
        job = self._job
        job.channel.emit(
            MachineState(
                case_id=job.case_id,
                rounds=rounds,
                others_cores=sample.others_cores,
                cpu_mhz=sample.cpu_mhz,
                gpu=sample.gpu,
            )
        )
        if sample.note:
            job.channel.emit(Noted(case_id=job.case_id, mode=job.case.modes[0], note=sample.note))
        if sample.disturbed:
            first, last = sample.first_round, sample.last_round
            job.channel.emit(Disturbed(case_id=job.case_id, first=first, last=last, reason=sample.disturbed))


def _judged(estimate: Estimate) -> set[tuple[str, str]]:
    return {(pair.mode, pair.baseline) for pair in estimate.pairs if pair.verdict != UNCLEAR}
