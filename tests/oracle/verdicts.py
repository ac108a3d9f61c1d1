"""What the oracle says of a program: for each mode whether it agrees with the truth, or why it cannot run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tests.oracle.judge import EPSILONS, NEAR, Arrays, Outcome, Truth, judge
from tests.oracle.observe import MODES, Failed, Move, Observed, dtypes_within, observe
from tests.oracle.program import Program

MOVES, MANY_MOVES = 3, 24
"""How often inputs are moved to see what the truth makes of it: at first, and where a mode does not agree."""


@dataclass(frozen=True)
class Verdict:
    """What is said of one mode: an outcome with its words, or that it cannot run."""

    outcome: Outcome | str
    words: str = ""


CANNOT_RUN = "cannot run"

FROZEN = "frozen"
"""A mode repeats the random numbers of its trace, where eager draws new ones in each call."""


def verdicts(program: Program) -> Mapping[str, Verdict]:
    """Run a program in each mode and judge what came out, simplest mode first."""
    crashes = program.ends_process()
    observed = {mode: Failed("ends the process") if mode in crashes else observe(program, mode) for mode in MODES}
    simplest = next((each for each in observed.values() if isinstance(each, Observed)), None)
    if simplest is None:
        return {mode: Verdict(CANNOT_RUN, each.reason) for mode, each in observed.items() if isinstance(each, Failed)}
    known = Known(program, simplest)
    return {mode: verdict_on(each, known) for mode, each in observed.items()}


class Known:
    """The truth about a program, which is looked for more closely only once a mode does not agree with it."""

    def __init__(self, program: Program, simplest: Observed) -> None:
        self._program = program
        self.simplest = simplest
        self.draws = program.draws()

    @cached_property
    def quick(self) -> Truth:
        """Return what is right, with few moves."""
        program, simplest = self._program, self.simplest
        other = program.other_dtype
        twin = observe(program, "eager", other) if other else simplest
        twin = twin if isinstance(twin, Observed) and len(twin.arrays) == len(simplest.arrays) else simplest
        exact = simplest.arrays if other == "float32" else twin.arrays
        if (right := program.truth()) is not None:
            exact = (*map(np.asarray, right), *exact[len(right) :])
        return Truth(
            simplest.arrays,
            exact,
            self._moved(exact, MOVES, 1.0),
            EPSILONS.get(program.dtype, 0.0),
            narrow=twin.arrays if other == "float32" else None,
        )

    @cached_property
    def thorough(self) -> Truth:
        """Return the same, with the narrowest dtype within the program and where its steps are."""
        narrowest = max((EPSILONS[dtype] for dtype in dtypes_within(self._program)), default=0.0)
        quick = self.quick
        epsilon = max(quick.epsilon, narrowest)
        return replace(quick, epsilon=epsilon, steps=self._moved(quick.exact, MANY_MOVES, NEAR))

    def _moved(self, exact: Arrays, number: int, epsilons: float) -> list[Arrays]:
        widest = "float64" if self._program.other_dtype else ""
        moved = (observe(self._program, "eager", widest, Move(seed, epsilons)) for seed in range(1, number + 1))
        return [each.arrays for each in moved if isinstance(each, Observed) and fit(each.arrays, exact)]


def fit(arrays: Arrays, others: Arrays) -> bool:
    """Tell whether arrays have the shapes of others."""
    return [each.shape for each in arrays] == [each.shape for each in others]


def verdict_on(observed: Observed | Failed, known: Known) -> Verdict:
    """Judge what a mode left behind."""
    if isinstance(observed, Failed):
        return Verdict(CANNOT_RUN, observed.reason)
    if known.draws:
        if not fit(observed.arrays, known.simplest.arrays):
            return Verdict("differs", "shapes")
        frozen = known.simplest.second_differs and not observed.second_differs
        return Verdict(FROZEN, "eager's second call returns other numbers") if frozen else Verdict("agrees", "shapes")
    judged = judge(observed.arrays, known.quick)
    if judged.outcome != "agrees":
        judged = judge(observed.arrays, known.thorough)
    return Verdict(judged.outcome, judged.words)
