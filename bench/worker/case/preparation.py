"""From a workload to modes that have been called once: what that cost, and whether what came out is right."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from ...events import Noted, Suspicious, Verified
from ...plan import MODES, PlanError
from ..checks.compilable import check_compilable
from ..checks.graph_canaries import suspicions_of_graph
from ..checks.recompiles import Compilations
from ..checks.reference import reference_output, same_again, working_epsilon
from ..checks.verify import compare_shapes, judge_output, largest_magnitude
from ..errors import ERRORS
from ..machine.devices import device_of
from ..machine.memory import watch
from ..modes.build import Built, Start, build, seed, to_arrays
from ..modes.modes import forget_conversions, mode_of
from ..modes.tf_options import in_force
from .argument_sets import meet_argument_sets
from .first_calls import first_calls
from .job import Job, Stopped
from .phases import common_phase, phase


@dataclass
class Prepared:
    """A mode that has been called once: what that cost, what came out, and on which device it lay.

    `concrete` is the traced function that a wrapper calls; None where there is no wrapper, and for what Keras traces by
    itself. `outputs`: what there is to verify, by the number of the argument set: the first's, and the last's where it
    has been called with it. `met`: how many of the sets it has.
    """

    built: Built
    concrete: Callable[..., Any] | None
    trace_s: float
    first_call_s: float
    outputs: Mapping[int, Sequence[NDArray[Any]]]
    ran_on: str
    met: int = 1

    @property
    def ready_after_s(self) -> float:
        """What tracing and the first call took together."""
        return self.trace_s + self.first_call_s


@dataclass(frozen=True)
class Expected:
    """What should come out for one argument set: as the simplest mode computes it, and in float64 where that is known.

    `input_scale` is the largest magnitude that went in.
    """

    baseline: Sequence[NDArray[Any]]
    reference: Sequence[NDArray[Any]] | None
    input_scale: float


class Preparation:
    """Prepares and verifies the modes of a case: `modes` are those that work, simplest first, `wrong` among them."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._start: Start | None = None
        self.modes: dict[str, Prepared] = {}
        self.wrong: set[str] = set()

    @property
    def ran_on(self) -> str:
        """The device that outputs lay on; empty before there is one."""
        return next((run.ran_on for run in self.modes.values() if run.ran_on), "")

    def prepare(self) -> None:
        """Prepare every mode, and eager even when it is not asked for: it says what the others should compute.

        In each process another mode is the first, since that one pays for what any mode's first use costs.
        """
        job = self._job
        modes = list(dict.fromkeys(("eager", *job.case.modes)))
        first = (job.process - 1) % len(modes)
        for mode in (*modes[first:], *modes[:first]):
            if job.asked(mode) or mode not in job.without:
                self._attempt(mode)
        self.modes = {mode: self.modes[mode] for mode in MODES if mode in self.modes}

    def _attempt(self, mode: str) -> None:
        try:
            self.modes[mode] = self._prepare(mode)
        except (Stopped, PlanError):
            raise
        except ERRORS as error:
            self._job.fail(mode, error)

    def _prepare(self, mode: str) -> Prepared:
        import tensorflow as tf

        job = self._job
        peak_memory = watch(tf, job.device, fresh=job.fresh and not self.modes)
        with phase(job, mode, "build"):
            built = build(job.workload, job.case, mode)
            if self._start is None:
                self._start = built.start()
            else:
                built = built.starting_from(self._start)
        self._note(mode, built.note)
        with in_force(built.options):
            built, concrete, trace_s = self._trace(mode, built)
            with phase(job, mode, "first_call") as span:
                called = first_calls(job, mode, built, span)
            output = called[0]
            if not built.variables and not any(map(tf.is_tensor, tf.nest.flatten(output, expand_composites=True))):
                raise PlanError("the function returns no tensor, so a graph would compute nothing")
            peak = peak_memory(job.case_id, mode)
            if peak is not None and job.asked(mode):
                job.channel.emit(peak)
            first = {0: built.outputs(*called)}
            prepared = Prepared(built, concrete, trace_s, span.duration_s, first, device_of(output))
            compiled = span.compiled + self._meet_argument_sets(mode, prepared)
        if not compiled.count:
            self._note(mode, mode_of(mode).uncompiled)
        return prepared

    def _trace(self, mode: str, built: Built) -> tuple[Built, Callable[..., Any] | None, float]:
        """What is to be called, the concrete function that this ends in if it has one, and what tracing it took."""
        job = self._job
        trace = getattr(built.function, "get_concrete_function", None)
        if trace is None:
            return built, None, 0.0
        forget_conversions()
        with phase(job, mode, "trace") as span:
            concrete = trace(*built.arguments)
        self._suspect(mode, concrete)
        check_compilable(mode, concrete)
        if mode_of(mode).is_concrete:
            return built.by_its_only(concrete), None, span.duration_s
        return built, concrete, span.duration_s

    def _meet_argument_sets(self, mode: str, prepared: Prepared) -> Compilations:
        """Call the mode with its other argument sets; what has state has left it behind, and shows nothing more."""
        built = prepared.built
        if len(built.argument_sets) == 1:
            return Compilations()
        meeting = meet_argument_sets(self._job, mode, built)
        prepared.met = meeting.met
        if meeting.met == len(built.argument_sets) and not built.variables:
            prepared.outputs = {**prepared.outputs, meeting.met - 1: to_arrays(meeting.output)}
        return meeting.compiled

    def _note(self, mode: str, note: str) -> None:
        """Report what there is to know of a mode, if there is anything."""
        job = self._job
        if note and job.asked(mode):
            job.channel.emit(Noted(case_id=job.case_id, mode=mode, note=note))

    def _suspect(self, mode: str, concrete: Any) -> None:
        """Report what the graph does not compute in each call though eager does."""
        job = self._job
        if not job.asked(mode):
            return
        try:
            reasons = suspicions_of_graph(concrete)
        except Exception:  # a graph that is not understood is not suspected
            traceback.print_exc()
            return
        for reason in reasons:
            job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=reason))

    def verify(self) -> None:
        """Hold every mode's outputs against the reference."""
        if self._start is None or not self.modes:
            return
        job = self._job
        common_phase(job, "verify")
        baseline_mode, baseline = next(iter(self.modes.items()))
        expected = {index: self._expect(index, output) for index, output in baseline.outputs.items()}
        growth = job.workload.error_growth
        epsilon = working_epsilon(job.case) * (growth(**dict(job.workload.complete(job.case.dims))) if growth else 1)
        repeatable = not job.workload.draws and self._repeats(baseline_mode, baseline, epsilon)
        for mode, run in self.modes.items():
            max_error, wrong = _judge(run, expected, epsilon if repeatable else None)
            if wrong:
                self.wrong.add(mode)
            if job.asked(mode):
                name = baseline_mode if expected[0].reference is None else "float64"
                job.channel.emit(
                    Verified(case_id=job.case_id, mode=mode, reference=name, max_rel_error=max_error, wrong=wrong)
                )

    def _expect(self, index: int, output: Sequence[NDArray[Any]]) -> Expected:
        job, start = self._job, self._start
        assert start is not None
        # The reference runs eagerly: where that ended a worker, so would this.
        safe = "eager" not in job.without
        reference = reference_output(job.workload, job.case, start, index) if safe else None
        return Expected(output, reference, largest_magnitude(to_arrays((start.argument_sets[index], start.state))))

    def _repeats(self, mode: str, run: Prepared, epsilon: float) -> bool:
        """Whether values can be compared: another seed shows what is drawn at random in each call."""
        assert self._start is not None
        seed(self._job.case.seed + 1)
        fresh = run.built.starting_from(self._start)
        fresh.draw_otherwise()
        try:
            with in_force(fresh.options):
                return same_again(run.outputs[0], fresh.outputs(fresh()), epsilon)
        except ERRORS as error:
            self._job.fail(mode, error)
            del self.modes[mode]
            return False


def _judge(run: Prepared, expected: Mapping[int, Expected], epsilon: float | None) -> tuple[float | None, str]:
    """The largest error of a mode's outputs (None: not a number) and how they are wrong, in words.

    Where `epsilon` is None, values mean nothing and shapes are all that is compared.
    """
    errors: list[float | None] = []
    for index in sorted(run.outputs.keys() & expected.keys()):
        output, right = run.outputs[index], expected[index]
        if epsilon is None:
            error, wrong = None, compare_shapes(output, right.baseline)
        else:
            error, wrong = judge_output(output, right.baseline, right.reference, epsilon, right.input_scale)
        if wrong:
            return error, f"{wrong}, for argument set {index + 1}" if index else wrong
        errors.append(error)
    return None if None in errors else max(error for error in errors if error is not None), ""
