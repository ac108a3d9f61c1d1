"""Compare the throughputs of modes: by visit, since the visits of a pass lie next to each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...events import PairEstimate, ThroughputRatio
from .estimate import estimate_pair
from .median_interval import median_interval
from .randomised_interval import fewest_values
from .step_down import compare_all, first_confidence


def fewest_visits(modes: Sequence[str]) -> int:
    """Return how many visits of each of these modes it takes until the extremes of a ratio are an interval."""
    return fewest_values(first_confidence(modes))


def throughput_ratios(visits_s: Mapping[str, Sequence[float]], effect: float) -> dict[str, tuple[ThroughputRatio, ...]]:
    """Compare every mode with every simpler one; by mode, simplest first.

    `visits_s`: seconds a call among calls that are synchronised together, by visit, simplest mode first.
    """
    fewest = fewest_visits([*visits_s])

    def compare(mode: str, baseline: str, confidence: float) -> PairEstimate | None:
        together = list(zip(visits_s[mode], visits_s[baseline], strict=False))
        if len(together) < fewest:
            return None
        ours_s, theirs_s = np.array(together).T
        # The modes of a pass have always the same order.
        return estimate_pair(mode, baseline, ours_s, theirs_s, 0.0, effect, confidence, ratio_interval=median_interval)

    ratios: dict[str, tuple[ThroughputRatio, ...]] = dict.fromkeys(visits_s, ())
    for pair in compare_all([*visits_s], compare):
        if pair.low is not None and pair.high is not None:
            ratios[pair.mode] += (ThroughputRatio(pair.baseline, pair.ratio, pair.low, pair.high, pair.verdict),)
    return ratios
