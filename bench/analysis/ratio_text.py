"""Put the ratio of two times into words: as a percentage near 1, else as so many times."""

from __future__ import annotations

from ..number_text import percent, percent_decimals, spread, telling_decimals, times_decimals

TIMES_FROM = 1.5
"""From here on a ratio is easier to picture than a percentage."""


def ratio_text(ratio: float, low: float, high: float, *, than: str, time: str, base: str) -> str:
    """Return what follows `takes`; the whole interval lies on the ratio's side of 1.

    What it is compared with, after `less time than`: `than`; after `0.4×`: `time`; after `as long as`: `base`.
    """
    if 1 / TIMES_FROM <= ratio <= TIMES_FROM:
        near, far = sorted(100 * abs(end - 1) for end in (low, high))
        decimals = percent_decimals(near, far)
        change = f"{100 * abs(ratio - 1):.{decimals}f} % {'less' if ratio < 1 else 'more'} time"
        return f"{change} than {than} (likely range {spread(near, far, decimals)} %)"
    decimals = telling_decimals(low, high, times_decimals(ratio))
    likely = spread(low, high, decimals)
    if ratio < 1:
        return f"{ratio:.{decimals}f}× {time} (likely range {likely})"
    return f"{ratio:,.{decimals}f}× as long as {base} (likely range {likely}×)"


def may_be(low: float, high: float, effect: float, base: str) -> str:
    """What follows `may`, for an interval that settles nothing; `{than}` stands where the other mode can be named.

    `base`: the time that is 1×, in words.
    """
    if low < 1 / TIMES_FROM or high > TIMES_FROM:
        return f"take anything from {low:.{times_decimals(low)}f}× to {high:,.{times_decimals(high)}f}× {base}"
    quicker, slower = 100 * (1 - low), 100 * (high - 1)
    decimals = percent_decimals(-quicker, slower)
    quick, slow = (f"{abs(each):.{decimals}f}" for each in (quicker, slower))
    counts = f"and less than {percent(effect)} does not count"
    if float(slow) == 0:
        return f"be up to {quick} % quicker{{than}}"
    if float(quick) == 0:
        return f"be up to {slow} % slower{{than}}"
    if slower < 0:
        return f"be {slow} to {quick} % quicker{{than}}, {counts}"
    if quicker < 0:
        return f"be {quick} to {slow} % slower{{than}}, {counts}"
    return f"be {quick} % quicker or {slow} % slower{{than}}"
