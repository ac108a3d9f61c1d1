"""Figures as people read them: three digits, a unit, and no more."""

from __future__ import annotations

import math

from bench.number_text import UNITS, UNKNOWN
from bench.printable import on_one_line

SHOWN_UNITS = tuple(unit for unit in UNITS if unit[1] != "ns")
"""Columns show nothing shorter than a microsecond: a call takes longer."""


def unit_of(seconds: float) -> tuple[float, str]:
    """The unit in which a duration reads best: its length in seconds and its name."""
    return next(((size, name) for size, name in SHOWN_UNITS if seconds >= 0.9995 * size), SHOWN_UNITS[-1])


def in_unit(seconds: float, size: float) -> str:
    """A duration in a unit of `size` seconds, to three digits, without the unit's name."""
    value = seconds / size
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def duration(seconds: float | None) -> str:
    """`24.2 ms`, `380 µs`, `1.08 s`."""
    if seconds is None:
        return UNKNOWN
    size, name = unit_of(seconds)
    return f"{in_unit(seconds, size)} {name}"


def plus_minus(middle_s: float, low_s: float | None, high_s: float | None) -> str:
    """How far an interval reaches from its middle, to its farther end: `±0.3`; empty where there is none.

    Two processes may leave it open by powers of ten: that is said without a figure.
    """
    if low_s is None or high_s is None:
        return ""
    if high_s > 10 * middle_s:
        return "±>10×"
    reach = float(f"{max(middle_s - low_s, high_s - middle_s) / unit_of(middle_s)[0]:.1g}")
    if reach <= 0:
        return "±0"
    decimals = min(max(0, -math.floor(math.log10(reach))), 3)
    return f"±{reach:.{decimals}f}"


def shorten(text: str, width: int) -> str:
    """The text in at most `width` characters, its end cut where it must be; what a terminal would act on is shown."""
    text = on_one_line(text)
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def whole_words(text: str, width: int) -> str:
    """The text in at most `width` characters, cut between words unless that leaves less than a third."""
    text = on_one_line(text)
    if len(text) <= width:
        return text
    kept = text[:width].rpartition(" ")[0].rstrip(" ·")
    return f"{kept}…" if 3 * len(kept) >= width else shorten(text, width)
