"""Which modes may rest, so that the time of a case goes to the questions that are open. Pure.

An eager call of 58 ms takes nine tenths of a round in which graph (2 ms) and XLA (0.6 ms) are the question. A mode
whose own questions are settled rests: it is visited in every n-th round only. When nothing is open, every mode is
visited again. Who rests is decided anew at each estimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ...events import PairEstimate
from .step_down import UNCLEAR, asked

SPARE = 2.0
"""A verdict is settled if it would be the same with each end of its interval moved out by so many of its widths."""

LEAST_REST, MOST_REST = 4, 32
"""Of how many rounds a resting mode is visited in one: more where its visits are long."""


def resting(
    modes: Sequence[str], pairs: Sequence[PairEstimate], visit_s: Mapping[str, float], effect: float
) -> dict[str, int]:
    """Return the modes that may rest, and in every how many rounds each is visited.

    `modes` are those that are compared, simplest first. `visit_s`: what a visit takes, also of modes that are compared
    with nothing. A mode rests so long that its visits take at most half of the time.
    """
    questions = asked(modes, {(pair.mode, pair.baseline): pair for pair in pairs})
    if all(pair is not None and pair.verdict != UNCLEAR for pair in questions.values()):
        return {}
    busy = {name for mode, pair in questions.items() if not _is_settled(pair, effect) for name in _compared(mode, pair)}
    busy_s = sum(visit_s[mode] for mode in busy)
    return {mode: _every(visit_s[mode], busy_s) for mode in visit_s if mode not in busy}


def _compared(mode: str, pair: PairEstimate | None) -> tuple[str, ...]:
    return (pair.mode, pair.baseline) if pair else (mode,)


def _every(visit_s: float, busy_s: float) -> int:
    return min(max(LEAST_REST, math.ceil(visit_s / busy_s) if busy_s > 0 else MOST_REST), MOST_REST)


def _is_settled(pair: PairEstimate | None, effect: float) -> bool:
    """Tell whether a question is told with room to spare."""
    if pair is None or not pair.low or not pair.high:
        return False
    low, high, bound = math.log(pair.low), math.log(pair.high), math.log1p(effect)
    spare = SPARE * (high - low)
    return {
        "faster": high + spare < -bound,
        "slower": low - spare > bound,
        "same": max(-low, high) + spare <= bound,
    }.get(pair.verdict, False)
