"""How long a mode is warmed in after the others: found in its own first visits. Pure; numpy alone.

The mode before has left caches, memory and threads to its own liking. On one core every mode tried is steady after 6
to 8 ms; where the kernel takes its time to spread threads over cores, some get quicker for 40 ms, and warming all of
them in for as long would leave a fifth of the rounds. So some visits are longer, and a mode whose calls are evidently
slower at first than at the end of these is warmed in until they are not. Its visits that were warmed in for less no
longer count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

SETTLING_VISITS = range(7, 18, 2)
"""Numbers the long ones of a mode's visits: not before there are rounds enough for a first verdict."""

FEWEST_SETTLING = 3
"""With fewer long visits nothing is evident."""

STARTS_S = (0.006, 0.012)
"""Lists where windows of a visit begin: the warm-ins that there are to choose from. The first one suffices until long
visits have shown that it does not."""

LONGEST_S = 0.024

FINAL_S = 0.008
"""The end of a visit, which earlier windows are held against."""

LEAST_EXCESS = 0.01
EVIDENT = 2.5
"""A window is evidently slower by so much of the final latency, and by so many standard errors."""

LONG_CALL_S = 0.5
"""A call so long outlasts any warm-in: if it ran a fifth slower for all of LONGEST_S, that were 1 % of it."""

LONG_VISITS = 2

MOST_COLD = 0.05

Trace = Sequence[tuple[float, float]]
"""A visit's groups of calls: seconds from its beginning to the group's, and seconds a call."""


def settled_after(traces: Sequence[Trace]) -> float:
    """Seconds of warm-in: the beginning of the first window that is not evidently slower than the visits' ends."""
    for start_s, end_s in pairwise((*STARTS_S, LONGEST_S)):
        if not _is_slow([ratio for trace in traces if (ratio := _log_ratio(trace, start_s, end_s)) is not None]):
            return start_s
    return LONGEST_S


def is_warm_at_once(visits: Sequence[tuple[float, float]]) -> bool:
    """Tell whether calls are so long, and the cold ones so like the others, that a cold one may be timed.

    `visits`: seconds of the cold call and of the one after it, of each of the first LONG_VISITS visits.
    """
    long = all(warm_s >= LONG_CALL_S for _, warm_s in visits)
    return long and not all(cold_s > (1 + MOST_COLD) * warm_s for cold_s, warm_s in visits)


def _is_slow(log_ratios: Sequence[float]) -> bool:
    if len(log_ratios) < FEWEST_SETTLING:
        return False
    error = float(np.std(log_ratios, ddof=1)) / math.sqrt(len(log_ratios))
    return float(np.mean(log_ratios)) > max(math.log1p(LEAST_EXCESS), EVIDENT * error)


def _log_ratio(trace: Trace, start_s: float, end_s: float) -> float | None:
    """What calls in a window take over those at the visit's end; None where no group began in it."""
    within = [call_s for begun_s, call_s in trace if start_s <= begun_s < end_s]
    final = [call_s for begun_s, call_s in trace if begun_s >= trace[-1][0] - FINAL_S]
    return math.log(float(np.median(within)) / float(np.median(final))) if within else None
