"""Whether every mode of a case leaves behind what eager does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...events import Noted, Suspicious, Verified
from ..checks.hidden_state import (
    drawing_outputs,
    draws_numbers,
    keeps_state_elsewhere,
    narrowest_epsilon,
    tossing_outputs,
)
from ..checks.reference import contraction_epsilon, reference_output
from ..checks.verify import (
    Key,
    Masks,
    Parts,
    beyond_epsilons,
    compare_shapes,
    epsilon_of,
    in_words,
    relative_error,
    remark,
    suspects_in,
)
from ..modes.build import Built, build
from ..modes.variables import Starts
from .job import Job
from .kept_elsewhere import why_elsewhere, why_not_variables
from .observation import Observation
from .phases import common_phase
from .prepared import Prepared
from .randomness import freezes, repeats_anew, varying_outputs
from .rounding_spread import RoundingSpread

FROZEN = (
    "eager's output changes from call to call and this one's does not: what Python draws, counts or reads is frozen as "
    "it was when the function was traced"
)

UNDEFINED = (
    "eager's output changes from call to call where it is not a number, as after a decomposition that fails, so what "
    "it should be cannot be told"
)

NOT_COMPARED = "values not compared, since eager's own vary from call to call"
"""Is said of what nothing draws: a GPU may add up in another order each time."""

DRAWN_OTHERWISE = (
    "it draws other random numbers from the same seed, as TensorFlow documents, so what depends on them is compared by "
    "shape and dtype alone"
)


class Verification:
    """Holds the modes of a case against the simplest that works, which is eager wherever that can be run."""

    def __init__(self, job: Job, modes: Mapping[str, Prepared], starts: Starts) -> None:
        self._job = job
        self._modes = modes
        self._starts = starts
        self._baseline_mode, self._baseline = next(iter(modes.items()))
        self._expected = self._baseline.observation.parts(self._baseline.built)
        self._spread = RoundingSpread(job, self._baseline.built, self._baseline.observation, None)
        self._varying: set[int] = set()
        self._repeats_anew = False
        """Whether what varies from call to call is the same again where eager is built anew."""
        self._kept_elsewhere: Sequence[str] = ()
        """Why what all modes keep outside of variables is not compared."""
        self._graphs = [each.concrete for each in modes.values() if each.concrete is not None]
        self._wrong_states: set[str] = set()
        """The modes of which a variable is wrong before any output."""

    def wrong_modes(self) -> set[str]:
        """Judge every mode, report each that was asked for, and return those that are wrong."""
        common_phase(self._job, "verify")
        if self._baseline_mode == "eager":
            self._varying = varying_outputs(self._baseline, self._starts)
            if self._varying:
                self._repeats_anew = repeats_anew(self._job, self._baseline, self._starts)
                baseline = self._baseline
                self._spread = RoundingSpread(self._job, baseline.built, baseline.observation, self._rebuild)
        reference_name, reference = self._reference()
        self._kept_elsewhere = why_elsewhere(self._modes)
        first_asked = next(filter(self._job.asked, self._modes), "")
        for reason in self._kept_elsewhere:
            self._note(first_asked, reason)
        return {mode for mode in self._modes if self._tell(mode, reference_name, reference)}

    def _tell(self, mode: str, reference_name: str, reference: Sequence[NDArray[Any]]) -> str:
        """Judge a mode and report it; return how it is wrong."""
        prepared, case_id = self._modes[mode], self._job.case_id
        is_frozen = self._is_frozen(mode)
        if is_frozen:
            reason = UNDEFINED if self._is_undefined() else FROZEN
            self._report(Suspicious(case_id=case_id, mode=mode, reason=reason))
        wrong = self._judge(mode, prepared, is_frozen=is_frozen)
        not_variables = why_not_variables(prepared.observation, self._baseline.observation, self._baseline_mode)
        self._note(mode, not_variables)
        outputs = prepared.observation.outputs[0]
        comparable = not (self._varying or _shapes_differ(outputs, reference))
        self._report(
            Verified(
                case_id=case_id,
                mode=mode,
                reference=reference_name,
                max_rel_error=relative_error(outputs, reference) if comparable else None,
                wrong=wrong,
                outputs_only=bool(self._kept_elsewhere or not_variables),
                wrong_state=mode in self._wrong_states,
            )
        )
        return wrong

    def _is_frozen(self, mode: str) -> bool:
        """Tell whether a mode repeats what changes from call to call in eager.

        A table that modes share is no sign of it: the first call in eager has filled it for the others.
        """
        if mode == self._baseline_mode or (self._job.may_share and any(map(keeps_state_elsewhere, self._graphs))):
            return False
        return freezes(self._modes[mode], self._starts, self._varying)

    def _is_undefined(self) -> bool:
        """Tell whether everything that varies in eager holds NaN: the rest of such an output may be left unwritten."""
        outputs = self._baseline.observation.outputs[0]
        return all(number < len(outputs) and _has_nan(outputs[number]) for number in self._varying)

    def _rebuild(self) -> Built:
        """Build the simplest mode anew: what its calls move on that is no variable begins again."""
        return build(self._job.workload, self._job.case, self._baseline_mode, starts=self._starts.copy())

    def _reference(self) -> tuple[str, Sequence[NDArray[Any]]]:
        """Return what errors are told against, and its name: float64 where there is such a form."""
        job, outputs = self._job, self._baseline.observation.outputs[0]
        if "eager" not in job.without:  # where eager ended a worker, so would this
            sets = self._baseline.built.argument_sets
            exact = reference_output(job.workload, job.case, self._starts, sets)
            if exact is not None and not _shapes_differ(exact, outputs):
                return "float64", exact
        return self._baseline_mode, outputs

    def _judge(self, mode: str, prepared: Prepared, *, is_frozen: bool) -> str:
        """Return how a mode is wrong, in words; empty if it is not."""
        if mode == self._baseline_mode:
            return ""
        observation, baseline = prepared.observation, self._baseline.observation
        parts = observation.parts(prepared.built)
        if mismatch := _mismatch(observation, baseline):
            reshaped = _reshaped(parts, self._expected) if self._baseline_mode == "eager" else set()
            if not (reshaped and self._spread.decides_shapes(reshaped)):
                return mismatch
            self._note(mode, f"rounding decides how many values there are: {mismatch}")
            parts = {key: part for key, part in parts.items() if key not in reshaped}
        if observation.signature != baseline.signature:
            parts = {key: part for key, part in parts.items() if key.kind == "output"}
        suspects = self._without_random(mode, prepared, suspects_in(parts, self._expected), is_frozen=is_frozen)
        if not suspects:
            return ""
        wrong = self._spread.unexplained(parts, suspects) if self._baseline_mode == "eager" else suspects
        if self._baseline_mode != "eager" or not self._spread.is_known:
            coarse = contraction_epsilon(self._job.case)

            def narrowest(key: Key) -> float:
                output = key.number if key.kind == "output" else None
                return max((narrowest_epsilon(graph, output, coarse) for graph in self._graphs), default=0.0)

            wrong = beyond_epsilons(parts, self._expected, suspects, narrowest)
        if wrong:
            key = next(iter(wrong))
            if key.kind == "variable":
                self._wrong_states.add(mode)
            return in_words(parts[key], self._expected[key].array, wrong[key])
        told = (remark(parts[key], self._expected[key].array, mask) for key, mask in suspects.items())
        self._note(mode, next(filter(None, told), ""))
        return ""

    def _without_random(self, mode: str, prepared: Prepared, suspects: Masks, *, is_frozen: bool) -> Masks:
        """Leave out what is random: what changes from call to call by chance, and what is drawn otherwise from a seed.

        What changes as it does every time, as the elements of an iterator, is compared where no graph draws it.
        """
        by_chance = is_frozen or not self._repeats_anew or prepared.concrete is None
        draws = by_chance or draws_numbers(prepared.concrete)
        left = {key: mask for key, mask in suspects.items() if not (draws and self._varies(key))}
        if len(left) < len(suspects) and not (is_frozen or any(map(draws_numbers, self._graphs))):
            self._note(mode, NOT_COMPARED)
        if not left or prepared.concrete is None:
            return left
        left = {key: mask for key, mask in left.items() if not _depends(key, tossing_outputs(prepared.concrete))}
        drawing = drawing_outputs(prepared.concrete)
        drawn = {key for key in left if _depends(key, drawing)}
        if drawn:
            self._note(mode, DRAWN_OTHERWISE)
        return {key: mask for key, mask in left.items() if key not in drawn}

    def _varies(self, key: Key) -> bool:
        """Tell whether a part changes from call to call; variables may where an output does."""
        return key.number in self._varying if key.kind == "output" else bool(self._varying)

    def _note(self, mode: str, note: str) -> None:
        if note:
            self._report(Noted(case_id=self._job.case_id, mode=mode, note=note))

    def _report(self, event: Noted | Suspicious | Verified) -> None:
        if self._job.asked(event.mode):
            self._job.channel.emit(event)


def _mismatch(observation: Observation, baseline: Observation) -> str:
    """Say how the outputs differ in number, shapes or dtypes; empty if they do not."""
    for ours, theirs in zip(observation.outputs, baseline.outputs, strict=True):
        if mismatch := compare_shapes(ours, theirs):
            return mismatch
    mismatch = compare_shapes(observation.last, baseline.last) if observation.last and baseline.last else ""
    return f"{mismatch}, for the last argument set" if mismatch else ""


def _reshaped(parts: Parts, expected: Parts) -> set[Key]:
    """Return the outputs that have other numbers of values; none if they differ in number, rank or dtype, too."""
    outputs = {key: part.array for key, part in parts.items() if key.kind == "output"}
    theirs = {key: part.array for key, part in expected.items() if key.kind == "output"}
    if outputs.keys() != theirs.keys() or any(
        (each.dtype, each.ndim) != (theirs[key].dtype, theirs[key].ndim) for key, each in outputs.items()
    ):
        return set()
    return {key for key, each in outputs.items() if each.shape != theirs[key].shape}


def _depends(key: Key, outputs: set[int] | None) -> bool:
    """Tell whether a part is among outputs; None are all, and the variables."""
    return outputs is None or (key.kind == "output" and key.number in outputs)


def _has_nan(array: NDArray[Any]) -> bool:
    return epsilon_of(array) is not None and bool(np.isnan(array).any())


def _shapes_differ(outputs: Sequence[NDArray[Any]], reference: Sequence[NDArray[Any]]) -> bool:
    """Tell whether two lists of arrays differ in shapes; the reference may have other dtypes."""
    return [each.shape for each in outputs] != [each.shape for each in reference]
