"""One case from build to verdict, each step leaving its events."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from time import perf_counter

from ..catalogue import Workload
from ..events import Calibrated, Estimate, ModeFailed, Round, Verified, Visit
from ..plan import OVERRUN, Case, Effort, PlanError
from .channel import Channel
from .devices import device_of
from .estimate import FEWEST_ROUNDS, estimate_mode, estimate_pairs, precise_enough
from .failures import ERRORS, describe_failure
from .machine import Disturbance
from .modes import Start, build, forget_conversions, seed
from .phases import Phases, Prepared, Stopped
from .reference import reference_output, same_again, working_epsilon
from .rounds import Block, Timed, choose_group_size, measure_overhead, no_garbage_collection, visit
from .verify import compare_shapes, judge_output, largest_magnitude, to_arrays

ESTIMATE_EVERY_S = 0.25

ROUNDS_BEFORE_STOPPING_EARLY = 20


@dataclass
class Series:
    """What the rounds have given for one mode."""

    timed: Timed
    blocks: list[Block] = field(default_factory=list)

    @property
    def latencies_s(self) -> list[float]:
        """The median call, by round."""
        return [block.latency_s for block in self.blocks]

    @property
    def single_calls_s(self) -> list[float] | None:
        """Every timed call; None where they were timed in groups."""
        grouped = self.timed.group_size > 1
        return None if grouped else list(chain.from_iterable(block.calls_s for block in self.blocks))


class CaseRun:
    """Measures one case. The caller has entered the device's scope. Modes `without` ended an earlier worker."""

    def __init__(
        self,
        channel: Channel,
        case_id: str,
        case: Case,
        workload: Workload,
        effort: Effort,
        effect: float,
        without: Sequence[str] = (),
    ) -> None:
        import tensorflow as tf

        self._channel = channel
        self._case_id = case_id
        self._case = case
        self._workload = workload
        self._effort = effort
        self._effect = effect
        self._without = without
        self._synchronise = tf.raw_ops.SyncDevice
        self._phases = Phases(channel, case_id, case.modes)
        self._start: Start | None = None
        self._prepared: dict[str, Prepared] = {}
        self._wrong: set[str] = set()
        self._series: dict[str, Series] = {}

    @property
    def ran_on(self) -> str:
        """The device that outputs lay on; empty before there is one."""
        return next((run.ran_on for run in self._prepared.values() if run.ran_on), "")

    def measure(self) -> None:
        """Run the case. Raises Stopped when asked to stop, PlanError where there is nothing to time."""
        # Eager runs once even when it is not asked for: it says what the others should compute.
        for mode in dict.fromkeys(("eager", *self._case.modes)):
            if mode in self._case.modes or mode not in self._without:
                self._attempt(mode)
        self._verify()
        self._calibrate({mode: run for mode, run in self._prepared.items() if mode in self._case.modes})
        if self._series:
            with no_garbage_collection() as collect_garbage:
                self._measure_rounds(collect_garbage)

    def _attempt(self, mode: str) -> None:
        try:
            self._prepared[mode] = self._prepare(mode)
        except (Stopped, PlanError):
            raise
        except ERRORS as error:
            self._fail(mode, error)

    def _prepare(self, mode: str) -> Prepared:
        import tensorflow as tf

        trace_s = 0.0
        with self._phases.phase(mode, "build"):
            built = build(self._workload, self._case, mode)
            if self._start is None:
                self._start = built.start()
            else:
                built = built.starting_from(self._start)
        if mode != "eager":
            forget_conversions()
            with self._phases.phase(mode, "trace") as span:
                built.function.get_concrete_function(*built.arguments)  # type: ignore[attr-defined]
            trace_s = span.duration_s
        with self._phases.phase(mode, "first_call") as span:
            output = built()
            self._synchronise()
        if not built.variables and not any(map(tf.is_tensor, tf.nest.flatten(output, expand_composites=True))):
            raise PlanError("the function returns no tensor, so a graph would compute nothing")
        return Prepared(built, trace_s, span.duration_s, built.outputs(output), device_of(output))

    def _fail(self, mode: str, error: BaseException) -> None:
        if mode in self._case.modes:
            status, words = describe_failure(error, mode)
            self._channel.emit(ModeFailed(case_id=self._case_id, mode=mode, status=status, error=words))

    def _verify(self) -> None:
        if self._start is None or not self._prepared:
            return
        self._phases.common("verify")
        baseline_mode, baseline_run = next(iter(self._prepared.items()))
        baseline = baseline_run.output
        # The reference runs eagerly: where that ended a worker, so would this.
        safe = "eager" not in self._without
        reference = reference_output(self._workload, self._case, self._start) if safe else None
        input_scale = largest_magnitude(to_arrays((self._start.arguments, self._start.state)))
        epsilon = working_epsilon(self._case)
        # Another seed shows what is drawn at random in each call: there only shapes can be compared.
        seed(self._case.seed + 1)
        fresh = baseline_run.built.starting_from(self._start)
        try:
            repeatable = same_again(baseline, fresh.outputs(fresh()), epsilon)
        except ERRORS as error:
            self._fail(baseline_mode, error)
            del self._prepared[baseline_mode]
            repeatable = False
        for mode, run in self._prepared.items():
            if repeatable:
                max_error, wrong = judge_output(run.output, baseline, reference, epsilon, input_scale)
            else:
                max_error, wrong = None, compare_shapes(run.output, baseline)
            if wrong:
                self._wrong.add(mode)
            if mode in self._case.modes:
                self._channel.emit(
                    Verified(
                        case_id=self._case_id,
                        mode=mode,
                        reference=baseline_mode if reference is None else "float64",
                        max_rel_error=max_error,
                        wrong=wrong,
                    )
                )

    def _calibrate(self, runs: Mapping[str, Prepared]) -> None:
        self._phases.common("calibrate")
        overhead_s = measure_overhead(self._synchronise)
        for mode, run in runs.items():
            if self._channel.stop_requested():
                raise Stopped
            self._channel.running(mode)
            timed = Timed(mode, run.built.function, run.built.arguments)
            try:
                group_size = choose_group_size(timed, self._synchronise, overhead_s)
            except ERRORS as error:
                self._fail(mode, error)
            else:
                self._series[mode] = Series(replace(timed, group_size=group_size))
        sizes = tuple((mode, series.timed.group_size) for mode, series in self._series.items())
        self._channel.emit(Calibrated(case_id=self._case_id, overhead_s=overhead_s, group_sizes=sizes))

    def _measure_rounds(self, collect_garbage: Callable[[], None]) -> None:
        self._phases.common("rounds")
        shuffle = random.Random(self._case.seed).shuffle
        disturbance = Disturbance()
        start = estimated_at = perf_counter()
        for index in count():
            order = list(self._series)
            shuffle(order)
            self._measure_round(index, order)
            disturbance.end_round()
            collect_garbage()
            now = perf_counter()
            done = not self._series or self._budget_spent(now - start, index + 1)
            if done or index == 0 or now - estimated_at >= ESTIMATE_EVERY_S:
                estimate = self._estimate(index + 1, now - start, disturbance.rounds)
                self._channel.emit(estimate)
                estimated_at = now
                enough = precise_enough(estimate.modes, estimate.pairs, self._effort.target)
                if done or (enough and index + 1 >= ROUNDS_BEFORE_STOPPING_EARLY):
                    return

    def _budget_spent(self, spent_s: float, rounds: int) -> bool:
        budget_s = self._effort.budget_s
        return spent_s >= (budget_s if rounds >= FEWEST_ROUNDS else OVERRUN * budget_s)

    def _measure_round(self, index: int, order: list[str]) -> None:
        blocks: dict[str, Block] = {}
        for mode in order:
            if self._channel.stop_requested():
                raise Stopped
            self._channel.running(mode)
            try:
                blocks[mode] = visit(self._series[mode].timed, self._synchronise)
            except ERRORS as error:
                self._fail(mode, error)
                del self._series[mode]
        for mode, block in blocks.items():
            self._series[mode].blocks.append(block)
        visits = tuple(Visit(mode, block.latency_s, block.calls) for mode, block in blocks.items())
        self._channel.emit(Round(case_id=self._case_id, index=index, visits=visits))

    def _estimate(self, rounds: int, spent_s: float, disturbed_rounds: int | None) -> Estimate:
        modes = tuple(
            estimate_mode(
                mode,
                series.latencies_s,
                series.single_calls_s,
                calls_per_block=series.blocks[-1].calls,
                ready_after_s=self._prepared[mode].ready_after_s,
            )
            for mode, series in self._series.items()
        )
        latencies_s = {mode: series.latencies_s for mode, series in self._series.items() if mode not in self._wrong}
        one_off_s = {mode.mode: mode.one_off_s or 0.0 for mode in modes}
        return Estimate(
            case_id=self._case_id,
            rounds=rounds,
            modes=modes,
            pairs=estimate_pairs(latencies_s, one_off_s, self._effect),
            spent_s=spent_s,
            left_s=max(self._effort.budget_s - spent_s, 0.0),
            disturbed_rounds=disturbed_rounds,
        )
