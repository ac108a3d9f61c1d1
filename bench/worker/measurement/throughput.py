"""Compare the throughputs of modes: by visit, since the visits of a pass lie next to each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from ...events import ThroughputRatio
from .estimate import estimate_pair, shared_confidence
from .median_interval import FEWEST_VALUES


def fewest_visits(modes: int) -> int:
    """Return how many visits of each of so many modes it takes until the extremes of a ratio are an interval."""
    visits = FEWEST_VALUES
    while 1 - 2 / 2**visits < shared_confidence(modes * (modes - 1) // 2):
        visits += 1
    return visits


def throughput_ratios(visits_s: Mapping[str, Sequence[float]], effect: float) -> dict[str, tuple[ThroughputRatio, ...]]:
    """Compare every mode with every simpler one; by mode, simplest first.

    `visits_s`: seconds a call among calls that are synchronised together, by visit, simplest mode first.
    """
    ratios: dict[str, tuple[ThroughputRatio, ...]] = dict.fromkeys(visits_s, ())
    pairs = list(combinations(visits_s, 2))
    confidence, fewest = shared_confidence(len(pairs)), fewest_visits(len(visits_s))
    for baseline, mode in pairs:
        together = list(zip(visits_s[mode], visits_s[baseline], strict=False))
        if len(together) < fewest:
            continue
        ours_s, theirs_s = np.array(together).T
        pair = estimate_pair(mode, baseline, ours_s, theirs_s, 0.0, effect, confidence)
        if pair is not None and pair.low is not None and pair.high is not None:
            ratios[mode] += (ThroughputRatio(baseline, pair.ratio, pair.low, pair.high, pair.verdict),)
    return ratios
