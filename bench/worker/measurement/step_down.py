"""The confidence at which each mode is judged, so that a case's verdicts are right 95 % of the time together. Pure.

A case asks one question of each mode but the simplest: how does it compare with the best of the simpler ones? Its
comparisons with the others decide nothing and are no questions. Of `n` open questions each is judged at `1 - 0.05 / n`.
Those that are told are closed, and the rest are judged anew among fewer (Holm 1979, A Simple Sequentially Rejective
Multiple Test Procedure; that it holds for the direction of a difference, too: Shaffer 1980, Annals of Statistics 8). So
the last one is judged at 95 %, as if nothing else had been asked.

Of two implementations a case asks how each mode of the new one compares with the old one's, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from ...events import PairEstimate
from ...implementations import are_two, is_old, old

CONFIDENCE = 0.95

UNCLEAR = "unclear"

Compare = Callable[[str, str, float], PairEstimate | None]
"""Compares a mode with a simpler one at a confidence; None where nothing can be said of the two."""


def shared_confidence(questions: int) -> float:
    """Return how often each of so many answers must be right for all of them to be so 95 % of the time."""
    return 1 - (1 - CONFIDENCE) / max(questions, 1)


def first_confidence(modes: Sequence[str]) -> float:
    """Return the confidence at which each mode is judged while all questions are open."""
    return shared_confidence(len({mode for mode, _ in compared(modes)}))


def compared(modes: Sequence[str]) -> list[tuple[str, str]]:
    """Return what is compared, each with its baseline: every mode with every simpler one, `modes` being simplest first.

    Of two implementations it is each mode of the new one with the old one's.
    """
    if are_two(modes):
        return [(mode, old(mode)) for mode in modes if not is_old(mode) and old(mode) in modes]
    return [(mode, baseline) for baseline, mode in combinations(modes, 2)]


def compare_all(modes: Sequence[str], compare: Compare) -> tuple[PairEstimate, ...]:
    """Compare all that is `compared`, all of a mode at one confidence."""
    both = compared(modes)
    confidences = dict.fromkeys((mode for mode, _ in both), first_confidence(modes))
    while True:
        pairs = {
            (mode, baseline): pair for mode, baseline in both if (pair := compare(mode, baseline, confidences[mode]))
        }
        open_ones = [mode for mode, pair in asked(modes, pairs).items() if pair is None or pair.verdict == UNCLEAR]
        confidence = shared_confidence(len(open_ones))
        looser = [mode for mode in open_ones if confidence < confidences[mode]]
        if not looser:
            return tuple(pairs.values())
        confidences.update(dict.fromkeys(looser, confidence))


def asked(modes: Sequence[str], pairs: Mapping[tuple[str, str], PairEstimate]) -> dict[str, PairEstimate | None]:
    """Each mode but the simplest, and how it compares with the best of the simpler ones: the last that was faster.

    Of two implementations: each mode of the new one, and how it compares with the old one's.
    """
    if are_two(modes):
        return {mode: pairs.get((mode, baseline)) for mode, baseline in compared(modes)}
    best, questions = modes[0] if modes else "", dict[str, PairEstimate | None]()
    for mode in modes[1:]:
        pair = questions[mode] = pairs.get((mode, best))
        if pair is not None and pair.verdict == "faster":
            best = mode
    return questions
