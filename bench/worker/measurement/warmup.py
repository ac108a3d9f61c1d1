"""From which round on a mode is warm. Pure; numpy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_ROUNDS = 10
"""With fewer, there is no steady half to hold the first rounds against."""

SLOW = 98
"""A round is slow when it takes longer than this percentage of the second half's: not just slow, but never so again.

With 90, a mode that switches between two speeds lost its slow first rounds, and the interval its coverage."""

LEAST_EXCESS = 2
"""By how many the slow rounds must outnumber the others; three in a thousand series of 100 independent rounds do."""


def warm_from(latencies_s: NDArray[np.float64]) -> int:
    """How many rounds at the start are warm-up, for latencies by round (not a number: void); at most half of them.

    The changepoint is where the slow rounds outnumber the others the most (a cumulative sum: Page 1954, Continuous
    Inspection Schemes).
    """
    count = len(latencies_s)
    steady_s = latencies_s[count // 2 :]
    steady_s = steady_s[~np.isnan(steady_s)]
    if count < FEWEST_ROUNDS or len(steady_s) < FEWEST_ROUNDS // 2:
        return 0
    head_s = latencies_s[: count // 2]
    slow = np.isnan(head_s) | (head_s > np.percentile(steady_s, SLOW))
    excess = np.cumsum(np.where(slow, 1, -1))
    last = int(np.argmax(excess))
    return last + 1 if excess[last] >= LEAST_EXCESS else 0
