"""What the oracle says of a program: for each mode whether it agrees with the truth, or why it cannot run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.oracle.judge import EPSILONS, Judged, Outcome, Truth, judge
from tests.oracle.observe import MODES, Failed, Observed, observe
from tests.oracle.program import Program

NUDGES = 3
"""How often inputs are moved to see what the truth makes of it."""


@dataclass(frozen=True)
class Verdict:
    """What is said of one mode: an outcome with its words, or that it cannot run."""

    outcome: Outcome | str
    words: str = ""


CANNOT_RUN = "cannot run"


def verdicts(program: Program) -> Mapping[str, Verdict]:
    """Run a program in each mode and judge what came out, simplest mode first."""
    observed = {mode: observe(program, mode) for mode in MODES}
    simplest = next((each for each in observed.values() if isinstance(each, Observed)), None)
    truth = None if simplest is None else _truth(program, simplest)
    return {mode: _verdict(program, each, truth) for mode, each in observed.items()}


def _verdict(program: Program, observed: Observed | Failed, truth: Truth | None) -> Verdict:
    if isinstance(observed, Failed) or truth is None:
        return Verdict(CANNOT_RUN, getattr(observed, "reason", "").splitlines()[0][:200])
    if program.draws():
        alike = [each.shape for each in observed.arrays] == [each.shape for each in truth.eager]
        return Verdict("agrees" if alike else "differs", "shapes")
    judged: Judged = judge(observed.arrays, truth)
    return Verdict(judged.outcome, judged.words)


def _truth(program: Program, simplest: Observed) -> Truth:
    other = program.other_dtype
    twin = observe(program, "eager", other) if other else simplest
    twin = twin if isinstance(twin, Observed) and len(twin.arrays) == len(simplest.arrays) else simplest
    exact = simplest.arrays if other == "float32" else twin.arrays
    if (right := program.truth()) is not None:
        exact = (*map(np.asarray, right), *exact[len(right) :])
    widest = "float64" if other else ""
    moved = [observe(program, "eager", widest, nudge) for nudge in range(1, NUDGES + 1)]
    known = [each.arrays for each in moved if isinstance(each, Observed) and len(each.arrays) == len(exact)]
    return Truth(
        simplest.arrays,
        exact,
        known,
        EPSILONS.get(program.dtype, 0.0),
        narrow=twin.arrays if other == "float32" else None,
    )
