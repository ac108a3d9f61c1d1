"""Which outputs change from call to call, and which modes freeze them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checks.verify import epsilon_of, wide
from ..errors import ERRORS
from ..modes.build import build
from ..modes.tf_options import in_force
from ..modes.variables import Starts
from .job import Job
from .observation import Arrays, Observer
from .prepared import Prepared

REPEATS_WITHIN = 32
"""Epsilons of its largest value by which an output may change from call to call, as sums in another order do."""

PAUSE_S = 0.05
"""How long to wait for a clock to go on by more than that: its seconds may be few epsilons of the time of day."""


def varying_outputs(prepared: Prepared, starts: Starts) -> set[int]:
    """Return which outputs change from call to call, though each call has the same arguments and variables."""
    first, again = prepared.observation.outputs[0], _once_more(prepared, starts)
    if again is None:
        return set()
    if len(again) != len(first):
        return set(range(len(first)))
    if any(_repeats(*pair) and not _is_same(*pair) for pair in zip(again, first, strict=True)):
        time.sleep(PAUSE_S)  # a clock goes on meanwhile, and sums in another order do not
        again = _call_again(prepared) or again
    return {number for number, pair in enumerate(zip(again, first, strict=True)) if not _repeats(*pair)}


def repeats_anew(job: Job, prepared: Prepared, starts: Starts) -> bool:
    """Tell whether eager gives the same in its first calls where it is built anew, from the same seed."""
    try:
        built = build(job.workload, job.case, "eager", starts=starts.copy())
        with in_force(built.options), built.variables.recorded():
            anew = Observer(built).observation()
    except ERRORS:
        return False
    pairs = zip(anew.outputs, prepared.observation.outputs, strict=True)
    return all(len(ours) == len(theirs) and all(map(_repeats, ours, theirs)) for ours, theirs in pairs)


def freezes(prepared: Prepared, starts: Starts, varying: set[int]) -> bool:
    """Tell whether a mode gives exactly the same in each call for one of the outputs that vary in eager."""
    if not varying:
        return False
    first, again = prepared.observation.outputs[0], _once_more(prepared, starts)
    if again is None or len(again) != len(first):
        return False
    return any(number < len(first) and _is_same(again[number], first[number]) for number in varying)


def _once_more(prepared: Prepared, starts: Starts) -> Arrays | None:
    """Return the outputs of another call from the start, generators of random numbers going on; None if it fails."""
    observation = prepared.observation
    if not observation.changes_state([*starts]):
        return observation.outputs[1]
    return _call_again(prepared)


def _call_again(prepared: Prepared) -> Arrays | None:
    """Return the outputs of another call, now; None if it fails."""
    built = prepared.built
    built.variables.begin_again()
    built.variables.draw_otherwise()
    try:
        with in_force(built.options):
            return Observer(built).first()
    except ERRORS:
        return None
    finally:
        built.variables.begin_again()


def _repeats(again: NDArray[Any], first: NDArray[Any]) -> bool:
    epsilon = epsilon_of(first)
    if (again.shape, again.dtype) != (first.shape, first.dtype):
        return False
    if epsilon is None or _is_same(again, first):
        return _is_same(again, first)
    ours, theirs = wide(again), wide(first)
    if not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        return False
    finite = np.isfinite(theirs)
    largest = np.max(np.abs(theirs[finite]), initial=0.0)
    return bool(np.max(np.abs(ours[finite] - theirs[finite]), initial=0.0) <= REPEATS_WITHIN * epsilon * largest)


def _is_same(again: NDArray[Any], first: NDArray[Any]) -> bool:
    return np.array_equal(again, first, equal_nan=epsilon_of(first) is not None)
