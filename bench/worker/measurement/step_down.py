"""The confidence at which each mode is judged, so that a case's verdicts are right 95 % of the time together. Pure.

A case asks one question of each mode but the simplest: how does it compare with the best of the simpler ones? Its
comparisons with the others decide nothing and are no questions. Of `n` open questions each is judged at `1 - 0.05 / n`.
Those that are told are closed, and the rest are judged anew among fewer (Holm 1979, A Simple Sequentially Rejective
Multiple Test Procedure; that it holds for the direction of a difference, too: Shaffer 1980, Annals of Statistics 8). So
the last one is judged at 95 %, as if nothing else had been asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from ...events import PairEstimate

CONFIDENCE = 0.95

UNCLEAR = "unclear"

Compare = Callable[[str, str, float], PairEstimate | None]
"""Compares a mode with a simpler one at a confidence; None where nothing can be said of the two."""


def shared_confidence(questions: int) -> float:
    """How often each of so many answers must be right for all of them to be so 95 % of the time."""
    return 1 - (1 - CONFIDENCE) / max(questions, 1)


def compare_all(modes: Sequence[str], compare: Compare) -> tuple[PairEstimate, ...]:
    """Compare every mode with every simpler one, `modes` being simplest first, all of a mode at one confidence."""
    confidences = dict.fromkeys(modes[1:], shared_confidence(len(modes) - 1))
    while True:
        pairs = {
            (mode, baseline): pair
            for baseline, mode in combinations(modes, 2)
            if (pair := compare(mode, baseline, confidences[mode]))
        }
        open_ones = [mode for mode, pair in asked(modes, pairs).items() if pair is None or pair.verdict == UNCLEAR]
        confidence = shared_confidence(len(open_ones))
        looser = [mode for mode in open_ones if confidence < confidences[mode]]
        if not looser:
            return tuple(pairs.values())
        confidences.update(dict.fromkeys(looser, confidence))


def asked(modes: Sequence[str], pairs: Mapping[tuple[str, str], PairEstimate]) -> dict[str, PairEstimate | None]:
    """Each mode but the simplest, and how it compares with the best of the simpler ones: the last that was faster."""
    best, questions = modes[0] if modes else "", dict[str, PairEstimate | None]()
    for mode in modes[1:]:
        pair = questions[mode] = pairs.get((mode, best))
        if pair is not None and pair.verdict == "faster":
            best = mode
    return questions
