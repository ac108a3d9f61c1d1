"""One case from build to verdict, each step leaving its events."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace

from ...device_names import is_accelerator
from ...events import Calibrated, Estimate, ModeFailed
from ..checks.recompiles import RecompileWatch
from ..errors import ERRORS
from ..measurement.cache_flush import cache_flush
from ..measurement.estimate import estimate_mode, estimate_pairs
from ..measurement.randomised_interval import fewest_values
from ..measurement.rounds import Rounds, Visited
from ..measurement.step_down import first_confidence
from ..measurement.stopping import Stopping
from ..measurement.timing import (
    Timed,
    expected_s,
    group_size,
    least_call_s,
    measure_overhead,
    no_garbage_collection,
    visit,
)
from ..modes.tf_options import in_force
from .argument_sets import report
from .draw_points import DrawPoints
from .first_calls import compile_again
from .hidden_traces import Hidden, find_hidden
from .job import Job, Stopped
from .phases import common_phase
from .placement import tell_op_devices
from .preparation import Preparation
from .round_loop import RoundLoop
from .steady_call import break_down, doubt
from .two_preparations import TwoPreparations


class CaseRun:
    """Measures one case. The caller has entered the device's scope."""

    def __init__(self, job: Job) -> None:
        import tensorflow as tf

        self._job = job
        self._synchronise = tf.raw_ops.SyncDevice
        self._alone = is_accelerator(job.device)
        """Tells whether each call is timed by itself, and nothing taken off: calls of a group would overlap there, and
        synchronising overlaps with a call's own kernels. On a CPU a short call is too short to be timed alone."""
        self._flush = cache_flush(tf, job.device)
        self._preparation = TwoPreparations(job) if job.old else Preparation(job)
        self._hidden: dict[str, Hidden] = {}
        self._loop: RoundLoop | None = None

    @property
    def found(self) -> bool:
        """Whether there are figures, of some mode that has not failed since."""
        return bool(self._loop and self._loop.estimate and self._loop.estimate.modes)

    @property
    def ran_on(self) -> str:
        """The device that outputs lay on; empty before there is one."""
        return self._preparation.ran_on

    def measure(self) -> None:
        """Run the case. Raises Stopped when asked to stop, PlanError where there is nothing to time."""
        self.verify()
        overhead_s = measure_overhead(self._synchronise)
        timed = self._calibrate(overhead_s)
        if not timed:
            return
        rounds = Rounds(timed, self._job.case.seed, self._job.stops.now)
        with no_garbage_collection() as collect_garbage:
            draw_points = DrawPoints(self._job.channel, collect_garbage, self._job.stops.now)
            loop = RoundLoop(self._job, rounds, self._stopping(timed), self._estimate, draw_points)
            self._loop = loop
            loop.measure(self._visit)
            self._leave_out_unsteady(rounds)
            taken_off_s = 0.0 if self._alone else overhead_s
            modes, wrong = self._preparation.modes, self._preparation.wrong
            occupy = self._flush.start if self._flush else None
            break_down(self._job, rounds.series, modes, self._synchronise, taken_off_s, wrong=wrong, occupy=occupy)
            doubt(self._job, rounds.series)
            self._refine(loop)

    def verify(self) -> None:
        """Prepare every mode and tell which are right, without measuring. Raises Stopped, PlanError."""
        self._preparation.prepare()
        self._preparation.verify()
        tell_op_devices(self._job, self._preparation.modes)

    def _calibrate(self, overhead_s: float) -> list[Timed]:
        job = self._job
        common_phase(job, "calibrate")
        ready: list[Timed] = []
        calls_s: dict[str, float] = {}
        for mode, run in self._preparation.modes.items():
            if not job.asked(mode):
                continue
            job.go_on(mode)
            function, argument_sets = run.built.function, run.built.argument_sets
            met = Timed(mode, function, argument_sets[: run.met], ended=run.built.calls.add)
            try:
                with in_force(run.built.options):
                    compile_again(mode, run.built, run.met)
                    watch = RecompileWatch(job.channel.log, function)
                    calls_s[mode] = least_call_s(met, self._synchronise, overhead_s)
                    if watch.retraces():
                        self._hidden[mode] = find_hidden(job, mode, run.built)
                timed = replace(met, argument_sets=argument_sets)
                calls = group_size(calls_s[mode], overhead_s)
                ready.append(timed.one_by_one() if self._alone else timed.in_groups_of(calls, overhead_s))
            except Stopped:
                raise
            except ERRORS as error:
                job.fail(mode, error)
        least_rounds = self._stopping(ready).least_rounds
        job.channel.emit(
            Calibrated(
                case_id=job.case_id,
                overhead_s=overhead_s,
                group_sizes=tuple((timed.mode, timed.calls_at_once) for timed in ready),
                alone=self._alone,
                least_rounds=least_rounds,
                least_s=sum(expected_s(calls_s[timed.mode], least_rounds) for timed in ready),
            )
        )
        return ready

    def _stopping(self, timed: Sequence[Timed]) -> Stopping:
        """Return when the rounds are enough: each mode that is compared, but the simplest, is a question."""
        compared = [each.mode for each in timed if each.mode not in self._preparation.wrong]
        least_rounds = fewest_values(first_confidence(compared))
        return Stopping(self._job.effort, self._job.effect, least_rounds)

    def _visit(self, timed: Timed) -> Visited | None:
        """Visit a mode; None if it fails, which is told."""
        try:
            return self._visit_again(timed)
        except Stopped:
            raise
        except ERRORS as error:
            self._job.fail(timed.mode, error)
            return None

    def _visit_again(self, timed: Timed) -> Visited:
        job = self._job
        job.go_on(timed.mode)
        with in_force(self._preparation.modes[timed.mode].built.options):
            return job.stops.without(lambda: self._try_visit(timed))

    def _refine(self, loop: RoundLoop) -> None:
        """Make the figures more precise, if that was asked for. To be asked to stop ends it, and so does an error: the
        case has its figures.
        """
        try:
            loop.refine(self._visit_again)
        except Stopped:
            pass
        except ERRORS:
            traceback.print_exc()

    def _try_visit(self, timed: Timed) -> Visited:
        """A visit that may be made again: what its own calls traced and compiled is told, whether it counts or not."""
        job, run = self._job, self._preparation.modes[timed.mode]
        watch = RecompileWatch(job.channel.log, timed.call)
        block = visit(timed, self._synchronise, self._flush)
        again = watch.retraces()
        # A visit calls with every argument set.
        unmet, run.met = range(run.met, len(timed.argument_sets)), len(timed.argument_sets)
        hidden = self._hidden.get(timed.mode, Hidden())
        if hidden.traces or hidden.compiles:  # whatever it is given
            report(job, timed.mode, run.built, "rounds", calls=block.calls, again=again, at=())
            traces = 0 if hidden.traces else again.traces
            return Visited(block, traces, 0 if hidden.compiles else again.compiled.count)
        report(job, timed.mode, run.built, "rounds", calls=len(unmet) or block.calls, again=again, at=unmet)
        return Visited(block, again.traces, again.compiled.count)

    def _leave_out_unsteady(self, rounds: Rounds) -> None:
        """Give up the modes of which no block counts, however many calls they were given."""
        job = self._job
        for mode, series in tuple(rounds.series.items()):
            if series.voided == len(series.visits):
                words = "every round traced or compiled it again, so no call was steady"
                job.channel.emit(ModeFailed(case_id=job.case_id, mode=mode, status="failed", error=words))
                del rounds.series[mode]

    def _estimate(self, rounds: Rounds, spent_s: float, left_s: float, disturbed_rounds: int | None) -> Estimate:
        job, prepared = self._job, self._preparation
        estimates = (
            estimate_mode(mode, series, prepared.modes[mode].ready_after_s) for mode, series in rounds.series.items()
        )
        modes = tuple(estimate for estimate in estimates if estimate is not None)
        one_off_s = {mode.mode: mode.one_off_s or 0.0 for mode in modes}
        by_round_s = {mode: rounds.series[mode].latencies_by_round_s(rounds.count) for mode in one_off_s}
        comparable = {mode: latencies_s for mode, latencies_s in by_round_s.items() if mode not in prepared.wrong}
        return Estimate(
            case_id=job.case_id,
            rounds=rounds.count,
            modes=modes,
            pairs=estimate_pairs(comparable, one_off_s, job.effect),
            spent_s=spent_s,
            left_s=left_s,
            disturbed_rounds=disturbed_rounds,
        )
