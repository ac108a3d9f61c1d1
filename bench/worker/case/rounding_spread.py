"""How far rounding moves each value that eager computes, as seen in calls whose operations are given random errors."""

from __future__ import annotations

import traceback

import numpy as np
from numpy.typing import NDArray

from ...plan import Case
from ..checks.reference import contraction_epsilon
from ..checks.rounding_noise import rounding_noise
from ..checks.verify import Key, Masks, Parts, beyond_spread, distance
from ..errors import ERRORS
from ..modes.build import Built
from ..modes.tf_options import in_force
from .observation import Observation, observe

FEWEST, MOST = 3, 16
"""Runs before anything is judged, and at most."""

PATIENCE = 4
"""Suspects are given up as wrong once so many runs have cleared none of them."""


class RoundingSpread:
    """Runs eager with errors as often as it takes to tell what rounding explains."""

    def __init__(self, case: Case, built: Built, observation: Observation) -> None:
        self._case = case
        self._built = built
        self._with_last = observation.last is not None
        self._expected = observation.parts(built)
        self._spread: dict[Key, NDArray[np.float64]] = {
            key: np.zeros(part.array.shape) for key, part in self._expected.items()
        }
        self._runs = 0
        self.is_known = True
        """Whether eager can be run so: a function that fails now says nothing of rounding."""

    def unexplained(self, parts: Parts, suspects: Masks) -> Masks:
        """Return which of a mode's suspect values rounding does not explain."""
        left, idle = suspects, 0
        while left and self.is_known and self._runs < FEWEST:
            self._run()
        left = self._beyond(parts, suspects)
        while left and self.is_known and self._runs < MOST and idle < PATIENCE:
            self._run()
            before, left = left, self._beyond(parts, left)
            idle = idle + 1 if _count(left) == _count(before) else 0
        return left

    def _beyond(self, parts: Parts, suspects: Masks) -> Masks:
        return beyond_spread(parts, self._expected, suspects, self._spread)

    def _run(self) -> None:
        self._runs += 1
        try:
            with in_force(self._built.options), rounding_noise(self._runs, contraction_epsilon(self._case)):
                noisy = observe(self._built, with_last=self._with_last).parts(self._built)
        except (*ERRORS, AttributeError):
            traceback.print_exc()
            self.is_known = False
            return
        for key, expected in self._expected.items():
            part = noisy.get(key)
            if part is None or part.array.shape != expected.array.shape:  # rounding decides how many values there are
                self._spread[key] = np.full(expected.array.shape, np.inf)
            else:
                self._spread[key] = np.maximum(self._spread[key], distance(part.array, expected.array))


def _count(suspects: Masks) -> int:
    return sum(int(np.count_nonzero(mask)) for mask in suspects.values())
