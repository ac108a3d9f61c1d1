"""From a workload to modes that have been called once: what that cost, and whether what came out is right."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...events import Noted, Suspicious
from ...plan import MIXED, MODES, PlanError
from ..checks.compilable import check_compilable
from ..checks.dropped_assertions import describe_dropped_assertions, describe_unchecked
from ..checks.graph_canaries import suspicions_of_graph
from ..checks.hidden_state import keeps_state_elsewhere
from ..checks.precision import check_precision
from ..checks.recompiles import Compilations
from ..errors import ERRORS
from ..machine.memory import MemoryWatch, watch
from ..modes.build import ArgumentSets, Built, build, to_arrays
from ..modes.modes import forget_conversions, mode_of
from ..modes.shared_objects import uses
from ..modes.tf_options import check_unswitched, in_force
from ..modes.variables import Starts
from .argument_sets import meet_argument_sets
from .first_calls import first_calls
from .first_use import pay_for_first_use
from .job import Job, Stopped
from .kept_elsewhere import named
from .observation import last_of_all_sets
from .phases import phase
from .prepared import Prepared
from .verification import Verification


class ReadOnceError(Exception):
    """The user's code turned out not to be readable twice: what was built before is worth nothing."""


class Preparation:
    """Prepares and verifies the modes of a case: `modes` are those that work, simplest first, `wrong` among them."""

    def __init__(self, job: Job) -> None:
        self.job = self._job = job
        self._starts = job.shared.starts()
        self._argument_sets: ArgumentSets | None = None
        self._refusal: BaseException | None = None
        """Of eager, if it failed."""
        self._failed: set[str] = set()
        self._leave_out: set[str] = set()
        """Modes that leave out assertions."""
        self.modes: dict[str, Prepared] = {}
        self.wrong: set[str] = set()

    @property
    def ran_on(self) -> str:
        """The device that outputs lay on; empty before there is one."""
        return next((run.ran_on for run in self.modes.values() if run.ran_on), "")

    @property
    def argument_sets(self) -> ArgumentSets | None:
        """Return the arguments of the mode that was prepared first; None before that."""
        return self._argument_sets

    @property
    def starts(self) -> Starts:
        """Return what the modes' variables begin with."""
        return self._starts

    def prepare(self, argument_sets: ArgumentSets | None = None) -> None:
        """Prepare every mode, and eager even when it is not asked for: it says what the others should compute.

        `argument_sets`: what they are called with, as far as they take such arguments; else the first mode's own.

        In each process another mode is the first, since that one pays for what any mode's first use costs; but eager is
        where modes share objects, which a trace may leave useless to it.
        """
        job = self._job
        self._argument_sets = argument_sets
        self._note(job.case.modes[0], pay_for_first_use(job))
        modes = list(dict.fromkeys(("eager", *job.case.modes)))
        first = 0 if job.may_share else (job.process - 1) % len(modes)
        try:
            self._attempt_all([*modes[first:], *modes[:first]])
        except ReadOnceError:
            self._attempt_all(modes)
        self._note(job.case.modes[0], job.shared.in_words())
        self.modes = {mode: self.modes[mode] for mode in MODES if mode in self.modes}
        for mode in self.modes.keys() - self._leave_out:
            self._note(mode, describe_unchecked(mode, self._refusal))
        graph_is_told = self.modes.keys() != {"eager"} or not self._failed
        if self.modes and graph_is_told and not any(map(self._does_something, self.modes.values())):
            raise PlanError(
                f"it returns no tensor and changes no variable{self._instead()}, so a graph would compute nothing"
            )

    def _does_something(self, prepared: Prepared) -> bool:
        """Tell whether a mode returns a tensor, changes a variable, or keeps what it does elsewhere."""
        observation, concrete = prepared.observation, prepared.concrete
        keeps = concrete is not None and keeps_state_elsewhere(concrete)
        return observation.returns_tensors or keeps or observation.changes_state([*self._starts])

    def _attempt_all(self, modes: Sequence[str]) -> None:
        self._starts = self._job.shared.starts()
        self.modes = {}
        for mode in modes:
            if self._job.asked(mode) or mode not in self._job.without:
                self._attempt(mode)

    def _instead(self) -> str:
        """Return what it changes that is no variable: objects of Python's."""
        changed = [name for each in self.modes.values() for name in each.observation.python_changes]
        return f" but only {named(changed)} in Python" if changed else ""

    def _attempt(self, mode: str) -> None:
        try:
            self.modes[mode] = self._prepare(mode)
        except (Stopped, PlanError, ReadOnceError):
            raise
        except ERRORS as error:
            self._failed.add(mode)
            self._refusal = error if mode == "eager" else self._refusal
            self._job.fail(mode, error)

    def _prepare(self, mode: str) -> Prepared:
        import tensorflow as tf

        job = self._job
        memory = watch(tf, job.device, fresh=job.fresh and not self.modes)
        with phase(job, mode, "build"):
            known = job.shared.once
            built = build(job.workload, job.case, mode, starts=self._starts)
            if job.shared.once and not known:
                raise ReadOnceError
            job.calls[mode] = built.calls
            self._argument_sets = self._argument_sets or built.argument_sets
            built = replace(built, argument_sets=_with_shared(built.argument_sets, self._argument_sets))
        self._note(mode, built.note)
        with in_force(built.options), built.variables.recorded():
            built, concrete, trace_s = self._trace(mode, built)
            others = [prepared.built.variables for prepared in self.modes.values()]
            built.variables.share_with(others, partial(uses, concrete or built.function))
            built.variables.begin()
            with phase(job, mode, "first_call") as span:
                ran_on, observer = first_calls(job, mode, built, span, memory)
            memory.first_called()
            is_told = self._tell_memory(mode, memory)
            observation = observer.observation(through=memory.call)
            if not is_told:
                self._tell_memory(mode, memory)
            prepared = Prepared(built, concrete, trace_s, span.duration_s, observation, ran_on)
            compiled = span.compiled + self._meet_argument_sets(mode, prepared)
            if mode != "eager" and mode_of(mode).options is not None:
                check_unswitched(built.options)
        if not compiled.count:
            self._note(mode, mode_of(mode).uncompiled)
        return prepared

    def _tell_memory(self, mode: str, memory: MemoryWatch) -> bool:
        """Report the most memory that the mode took, and return whether that is known."""
        peak = memory.event(self._job.case_id, mode)
        if peak is not None and self._job.asked(mode):
            self._job.channel.emit(peak)
        return peak is not None

    def _trace(self, mode: str, built: Built) -> tuple[Built, Any, float]:
        """What is to be called, the concrete function that this ends in if it has one, and what tracing it took."""
        job = self._job
        trace = getattr(built.function, "get_concrete_function", None)
        if trace is None:
            return built, None, 0.0
        forget_conversions()
        with phase(job, mode, "trace") as span:
            concrete = trace(*built.arguments)
        if job.case.dtype in MIXED:
            check_precision(job.workload.name, job.case.dtype, concrete)
        self._suspect(mode, concrete)
        check_compilable(mode, concrete)
        if mode_of(mode).is_concrete:
            return built.by_its_only(concrete), None, span.duration_s
        return built, concrete, span.duration_s

    def _meet_argument_sets(self, mode: str, prepared: Prepared) -> Compilations:
        """Call the mode with its other argument sets, and note what the last returns."""
        built = prepared.built
        if len(built.argument_sets) == 1:
            return Compilations()
        meeting = meet_argument_sets(self._job, mode, built)
        prepared.met = meeting.met
        if meeting.met == len(built.argument_sets):
            changes = prepared.observation.changes_state([*self._starts])
            last = last_of_all_sets(built) if changes else tuple(to_arrays(meeting.output))
            prepared.observation = replace(prepared.observation, last=last)
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
            if dropped := describe_dropped_assertions(concrete):
                self._leave_out.add(mode)
            self._note(mode, dropped)
            reasons = suspicions_of_graph(concrete)
        except Exception:  # a graph that is not understood is not suspected
            traceback.print_exc()
            return
        for reason in reasons:
            job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=reason))

    def verify(self) -> None:
        """Hold what every mode leaves behind against the simplest."""
        if self.modes:
            self.wrong = Verification(self._job, self.modes, self._starts).wrong_modes()


def _with_shared(argument_sets: ArgumentSets, first: ArgumentSets) -> ArgumentSets:
    """Return a mode's own arguments, with the tensors of the first mode's: other objects may not be shared.

    An iterator gives each of its elements to one mode alone. An old implementation may take other tensors.
    """
    import tensorflow as tf

    def shared(own: Any, of_first: Any) -> Any:
        are_tensors = isinstance(own, tf.Tensor) and isinstance(of_first, tf.Tensor)
        return of_first if are_tensors and (own.shape, own.dtype) == (of_first.shape, of_first.dtype) else own

    try:
        return tuple(
            tuple(tf.nest.map_structure(shared, *pair) for pair in zip(*both, strict=True))
            for both in zip(argument_sets, first, strict=True)
        )
    except (TypeError, ValueError):  # their structures differ
        return argument_sets
