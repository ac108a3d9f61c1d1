"""Find out whether a call waits for the device inside, as a loop does whose condition the host reads.

Such a call returns when the device has nearly finished. So does one for whose launches the device has waited: on an
idle device the two look alike. On an occupied one the first returns late, and the second as soon as ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice
from time import perf_counter
from typing import Any

from .timing import Timed

TRIES = 3

LEAST_LEFT = 4.0
"""The device must be occupied for so many times as long as a call takes to return, or lateness is not told."""

LONGEST_S = 0.25
"""For longer the device is not occupied."""


def waits_inside(
    timed: Timed, synchronise: Callable[[], Any], occupy: Callable[[], Any], enqueue_s: float
) -> bool | None:
    """Tell whether calls wait for the device, or return None if that cannot be told.

    `occupy` gives the device some work and does not wait for it. `enqueue_s`: until a call returns on an idle device.
    """
    synchronise()
    one_s = _occupied_s(occupy, synchronise, 1)
    works = math.ceil(2 * LEAST_LEFT * enqueue_s / one_s) + 1
    if works * one_s > LONGEST_S:
        return None
    found = [_returns_late(timed, synchronise, occupy, works, enqueue_s) for _ in range(TRIES)]
    return found[0] if found.count(found[0]) == TRIES else None


def _occupied_s(occupy: Callable[[], Any], synchronise: Callable[[], Any], works: int) -> float:
    start = perf_counter()
    for _ in range(works):
        occupy()
    synchronise()
    return perf_counter() - start


def _returns_late(
    timed: Timed, synchronise: Callable[[], Any], occupy: Callable[[], Any], works: int, enqueue_s: float
) -> bool | None:
    """Tell whether a call that begins while the device is occupied returns late; None if it is not occupied enough."""
    occupied_s = _occupied_s(occupy, synchronise, works)
    (arguments,) = islice(timed.turns, 1)
    start = perf_counter()
    for _ in range(works):
        occupy()
    begun = perf_counter()
    timed.call(*arguments)
    returned = perf_counter()
    synchronise()
    timed.ended(1)
    left_s = occupied_s - (begun - start)
    if left_s < LEAST_LEFT * enqueue_s:
        return None
    return returned - begun > (enqueue_s + left_s) / 2
