"""When the rounds of a case end: on precision or when their time is spent, never because of a difference. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...events import ModeEstimate, PairEstimate
from ...plan import LONGEST_OVERRUN, OVERRUN, Effort

ROUNDS_BEFORE_STOPPING_EARLY = 20

REFINED = 0.5
"""A case is refined until its ranges reach at most this share of the smallest effect to either side."""


@dataclass(frozen=True)
class Stopping:
    """Tells when the rounds of a case are enough. `least_rounds`: how many its verdict needs."""

    effort: Effort
    effect: float
    least_rounds: int

    def left_s(self, rounds: int, spent_s: float, round_s: float) -> float:
        """Seconds until the time of the rounds is spent, as far as is known; 0 once it is.

        `round_s`: what a round takes. Rounds of slow calls go on until they are enough for a verdict, where that is
        within LONGEST_OVERRUN times the budget.
        """
        budget_s = self.effort.budget_s
        needed_s = (self.least_rounds - rounds) * round_s
        if needed_s <= 0:
            return max(budget_s - spent_s, 0.0)
        most_s = (LONGEST_OVERRUN if spent_s + needed_s <= LONGEST_OVERRUN * budget_s else OVERRUN) * budget_s
        return max(min(max(budget_s - spent_s, needed_s), most_s - spent_s), 0.0)

    def is_precise(self, rounds: int, modes: Sequence[ModeEstimate], pairs: Sequence[PairEstimate]) -> bool:
        """Tell whether the figures are known as well as was asked for."""
        return rounds >= ROUNDS_BEFORE_STOPPING_EARLY and all_within(modes, pairs, self.effort.target)

    def is_refined(self, modes: Sequence[ModeEstimate], pairs: Sequence[PairEstimate]) -> bool:
        """Tell whether more rounds would tell nothing more."""
        return all_within(modes, pairs, REFINED * self.effect)


def all_within(modes: Sequence[ModeEstimate], pairs: Sequence[PairEstimate], fraction: float) -> bool:
    """Tell whether every ratio's range (with one mode, the latency's) reaches at most `fraction` to either side."""
    ranges = [(pair.low, pair.high) for pair in pairs] or [(mode.low_s, mode.high_s) for mode in modes]
    return all(low and high and math.log(high / low) / 2 <= math.log1p(fraction) for low, high in ranges)
