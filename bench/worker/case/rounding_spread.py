"""How far rounding moves each value that eager computes, as seen in calls whose operations are given random errors."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checks.reference import contraction_epsilon
from ..checks.rounding_noise import rounding_noise
from ..checks.verify import EXCESS, LAST, Key, Masks, Parts, beyond_amplified, beyond_spread, distance
from ..errors import ERRORS
from ..modes.build import Built
from ..modes.tf_options import in_force
from .job import Job
from .observation import CALLS, Observation, observe

MOST, PATIENCE = 16, 6
"""Runs at most; suspects are given up as wrong once so many have cleared less than half of them."""

MOST_AMPLIFIED, AMPLIFIED_PATIENCE = 40, 8
"""The same for runs with larger errors: each clears about half of the decisions that rounding makes."""

LONGEST_S = 60.0
"""Seconds after which a case has no more runs."""

MANY = 1_000
"""Of so many suspects chance leaves no half: a run that leaves them counts as three."""

Spread = dict[Key, NDArray[Any]]


class RoundingSpread:
    """Runs eager with errors as often as it takes to tell what rounding explains.

    A value is explained that lies within EXCESS times as far as errors of one rounding move it. Where they have not
    moved it at all, it may hang on a decision that rounding makes, as integers do that floats are rounded to: then it
    is explained if errors EXCESS times as large move it as far.
    """

    def __init__(self, job: Job, built: Built, observation: Observation, rebuild: Callable[[], Built] | None) -> None:
        """Take eager as it was built; `rebuild` builds it anew, where a call does not begin as the one before did."""
        self._job = job
        self._built = built
        self._rebuild = rebuild
        self._with_last = observation.last is not None
        self._calls = 1 if observation.repeats else CALLS
        self._expected = observation.parts(built)
        self._spread = self._nothing()
        self._amplified = self._nothing()
        self._reshaped: set[Key] = set()
        self._runs = self._amplified_runs = 0
        self._spent_s = 0.0
        self.is_known = True
        """Whether eager can be run so: a function that fails now says nothing of rounding."""

    def decides_shapes(self, keys: set[Key]) -> bool:
        """Tell whether rounding decides how many values each of these parts has."""
        while self.is_known and not keys <= self._reshaped and self._runs < PATIENCE:
            self._run()
        return keys <= self._reshaped

    def unexplained(self, parts: Parts, suspects: Masks) -> Masks:
        """Return which of a mode's suspect values rounding does not explain."""

        def beyond(left: Masks) -> Masks:
            return beyond_spread(parts, self._expected, left, self._spread)

        def beyond_decisions(left: Masks) -> Masks:
            return beyond_amplified(parts, self._expected, left, self._spread, self._amplified)

        if not self._runs:
            self._run()
        left = self._narrowed(beyond(suspects), beyond, self._run, lambda: self._runs < MOST, PATIENCE)
        return self._narrowed(
            beyond_decisions(left),
            beyond_decisions,
            self._run_amplified,
            lambda: self._amplified_runs < MOST_AMPLIFIED and not self._all_moved(left),
            AMPLIFIED_PATIENCE,
        )

    def _narrowed(
        self,
        left: Masks,
        beyond: Callable[[Masks], Masks],
        run: Callable[[], None],
        may_run: Callable[[], bool],
        patience: int,
    ) -> Masks:
        """Run until nothing is left, or runs no longer clear anything."""
        idle = 0
        while left and self.is_known and may_run() and idle < patience and self._spent_s < LONGEST_S:
            run()
            before, left = left, beyond(left)
            remain = _count(left)
            idle = 0 if remain <= _count(before) / 2 else idle + (3 if remain >= MANY else 1)
        return left

    def _all_moved(self, suspects: Masks) -> bool:
        """Tell whether rounding has told of every suspect how far it moves it, so that none hangs on a decision."""
        return all(bool(np.all(self._spread[key][mask] > 0)) for key, mask in suspects.items())

    def _run(self) -> None:
        self._runs += 1
        self._widen(self._spread, self._runs, 1)

    def _run_amplified(self) -> None:
        self._amplified_runs += 1
        self._widen(self._amplified, MOST + self._amplified_runs, EXCESS)

    def _widen(self, spread: Spread, seed: int, size: float) -> None:
        self._job.go_on()
        start = perf_counter()
        try:
            built = self._rebuild() if self._rebuild else self._built
            noise = rounding_noise(seed, size, contraction_epsilon(self._job.case))
            with in_force(built.options), built.variables.recorded(), noise:
                noisy = observe(built, calls=self._calls, with_last=self._with_last).parts(built)
        except (*ERRORS, AttributeError):
            traceback.print_exc()
            self.is_known = False
            return
        self._spent_s += perf_counter() - start
        for key, expected in self._expected.items():
            part = noisy.get(key if self._calls > 1 or key.call == LAST else key._replace(call=0))
            if part is None or part.array.shape != expected.array.shape:  # rounding decides how many values there are
                self._reshaped.add(key)
                spread[key] = np.full(expected.array.shape, np.inf)
            else:
                spread[key] = np.maximum(spread[key], distance(part.array, expected.array))

    def _nothing(self) -> Spread:
        return {key: np.zeros(part.array.shape, np.float32) for key, part in self._expected.items()}


def _count(suspects: Masks) -> int:
    return sum(int(np.count_nonzero(mask)) for mask in suspects.values())
