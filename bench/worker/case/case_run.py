"""One case from build to verdict, each step leaving its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...device_names import is_accelerator
from ...events import Calibrated, Disturbed, Estimate, MachineState, ModeFailed, Noted, Round, WarmInSettled
from ...plan import OVERRUN
from ..checks.recompiles import RecompileWatch
from ..errors import ERRORS
from ..machine.monitor import Machine, MachineSample
from ..measurement.cache_flush import cache_flush
from ..measurement.combine_processes import combine
from ..measurement.estimate import estimate_mode, estimate_pairs, precise_enough
from ..measurement.median_interval import FEWEST_VALUES
from ..measurement.rounds import Rounds, Visited
from ..measurement.timing import Timed, choose_group_size, measure_overhead, no_garbage_collection, visit
from ..measurement.warm_in import SETTLING_ROUNDS
from ..modes.tf_options import in_force
from .argument_sets import report
from .first_calls import compile_again
from .hidden_traces import Hidden, find_hidden
from .job import Job, Stopped
from .phases import common_phase
from .placement import tell_op_devices
from .preparation import Preparation
from .steady_call import break_down, doubt

ESTIMATE_EVERY_S = 0.25

ROUNDS_BEFORE_STOPPING_EARLY = 20


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
        self._preparation = Preparation(job)
        self._hidden: dict[str, Hidden] = {}
        self.found = False
        """Whether there are figures, of some mode that has not failed since."""

    @property
    def ran_on(self) -> str:
        """The device that outputs lay on; empty before there is one."""
        return self._preparation.ran_on

    def measure(self) -> None:
        """Run the case. Raises Stopped when asked to stop, PlanError where there is nothing to time."""
        self.verify()
        overhead_s = measure_overhead(self._synchronise)
        rounds = Rounds(self._calibrate(overhead_s), self._job.case.seed)
        if not rounds.series:
            return
        with no_garbage_collection() as collect_garbage:
            self._measure_rounds(rounds, collect_garbage)
            self._leave_out_unsteady(rounds)
            taken_off_s = 0.0 if self._alone else overhead_s
            modes, wrong = self._preparation.modes, self._preparation.wrong
            occupy = self._flush.start if self._flush else None
            break_down(self._job, rounds.series, modes, self._synchronise, taken_off_s, wrong=wrong, occupy=occupy)
        doubt(self._job, rounds.series)

    def verify(self) -> None:
        """Prepare every mode and tell which are right, without measuring. Raises Stopped, PlanError."""
        self._preparation.prepare()
        self._preparation.verify()
        tell_op_devices(self._job, self._preparation.modes)

    def _calibrate(self, overhead_s: float) -> list[Timed]:
        job = self._job
        common_phase(job, "calibrate")
        ready: list[Timed] = []
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
                    calls = choose_group_size(met, self._synchronise, overhead_s)
                    if watch.retraces():
                        self._hidden[mode] = find_hidden(job, mode, run.built)
                timed = replace(met, argument_sets=argument_sets)
                ready.append(timed.one_by_one() if self._alone else timed.in_groups_of(calls, overhead_s))
            except Stopped:
                raise
            except ERRORS as error:
                job.fail(mode, error)
        sizes = tuple((timed.mode, timed.calls_at_once) for timed in ready)
        job.channel.emit(Calibrated(case_id=job.case_id, overhead_s=overhead_s, group_sizes=sizes, alone=self._alone))
        return ready

    def _measure_rounds(self, rounds: Rounds, collect_garbage: Callable[[], None]) -> None:
        job = self._job
        common_phase(job, "rounds")
        machine = Machine(job.gpu, stops=job.stops)
        self._tell(machine.begin(), 0)
        start = estimated_at = job.stops.now()
        while True:
            visits = rounds.go_round(self._visit)
            job.channel.emit(Round(case_id=job.case_id, index=rounds.count - 1, visits=visits))
            if rounds.count == SETTLING_ROUNDS:
                warm_ins_s = tuple((mode, series.timed.warm_in_s) for mode, series in rounds.series.items())
                job.channel.emit(WarmInSettled(case_id=job.case_id, warm_ins_s=warm_ins_s))
            sample = machine.end_round(rounds.count - 1)
            if sample is not None:
                self._tell(sample, rounds.count)
            collect_garbage()
            now = job.stops.now()
            if rounds.count == 1 and any(visit.void for visit in visits):
                start = now  # compiling is no part of the budget
            spent_s = now - start
            done = not rounds.series or self._budget_spent(spent_s, rounds.count)
            if done or rounds.count == 1 or now - estimated_at >= ESTIMATE_EVERY_S:
                estimate = self._estimate(rounds, spent_s, machine.disturbed_rounds)
                job.channel.emit(estimate)
                self.found = bool(estimate.modes)
                if job.earlier and (done or rounds.count >= FEWEST_VALUES):
                    job.channel.emit(combine((*job.earlier, estimate), job.effect))
                estimated_at = now
                enough = precise_enough(estimate.modes, estimate.pairs, job.effort.target)
                if done or (enough and rounds.count >= ROUNDS_BEFORE_STOPPING_EARLY):
                    return

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

    def _budget_spent(self, spent_s: float, rounds: int) -> bool:
        budget_s = self._job.effort.budget_s
        return spent_s >= (budget_s if rounds >= FEWEST_VALUES else OVERRUN * budget_s)

    def _visit(self, timed: Timed) -> Visited | None:
        job = self._job
        job.go_on(timed.mode)
        try:
            with in_force(self._preparation.modes[timed.mode].built.options):
                return job.stops.without(lambda: self._try_visit(timed))
        except ERRORS as error:
            job.fail(timed.mode, error)
            return None

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
            if series.voided == rounds.count:
                words = "every round traced or compiled it again, so no call was steady"
                job.channel.emit(ModeFailed(case_id=job.case_id, mode=mode, status="failed", error=words))
                del rounds.series[mode]

    def _estimate(self, rounds: Rounds, spent_s: float, disturbed_rounds: int | None) -> Estimate:
        job, prepared = self._job, self._preparation
        estimates = (
            estimate_mode(mode, series, prepared.modes[mode].ready_after_s) for mode, series in rounds.series.items()
        )
        modes = tuple(estimate for estimate in estimates if estimate is not None)
        one_off_s = {mode.mode: mode.one_off_s or 0.0 for mode in modes}
        comparable = {mode: rounds.series[mode].latencies_s for mode in one_off_s if mode not in prepared.wrong}
        return Estimate(
            case_id=job.case_id,
            rounds=rounds.count,
            modes=modes,
            pairs=estimate_pairs(comparable, one_off_s, job.effect),
            spent_s=spent_s,
            left_s=max(job.effort.budget_s - spent_s, 0.0),
            disturbed_rounds=disturbed_rounds,
        )
