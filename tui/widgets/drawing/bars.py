"""Bars and sparklines made of block characters: one colour, one line, few bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...presentation.fixed_width import shorten

EIGHTHS = " ▏▎▍▌▋▊▉"
LEVELS = "▁▂▃▄▅▆▇█"
FILLED = " " + LEVELS
"""A character filled from below by so many eighths."""

VOID = "×"
GHOST, TOGETHER, LEADER = "┊", "┼", "·"
"""Where the bar of a value before ended, or both bars end; and what leads there from a shorter one."""

QUIET_RANGE = 0.2
"""A sparkline's height stands for at least this fraction of its lowest value, so that noise does not look like news."""


def bar(value: float, low: float | None, high: float | None, scale: float, width: int) -> str:
    """A bar for `value`, `width` characters standing for `scale`, with its interval: solid as far as `low`, shaded
    where the value may lie, and a mark at its end where the interval is too narrow to shade; where it is cut off at the
    bar's end, the mark is in it, at the value.
    """
    if scale <= 0 or width <= 0:
        return ""
    low, high = value if low is None else low, value if high is None else high
    first, last = (max(0, min(int(width * end / scale), width + 1)) for end in (low, high))
    if last > width > int(width * value / scale):
        middle = int(width * value / scale)
        return "█" * first + "▒" * (middle - first) + "┤" + "▒" * (width - middle - 1)
    if last > first:
        return ("█" * first + "▒" * (last - first))[:width]
    length = min(width * value / scale, width - 1)
    return "█" * int(length) + EIGHTHS[int(8 * (length % 1))].strip() + "┤"


def over_ghost(drawn: str, ghost: float, scale: float, width: int) -> tuple[str, str, str]:
    """A bar over the ghost of another value: the bar, the ghost's mark, and what of the bar is beyond that. Where the
    ghost reaches further than the bar, dots lead to its mark; where both end together, one mark stands for both.
    """
    at = _cell(ghost, scale, width)
    if at >= len(drawn):
        return drawn, LEADER * (at - len(drawn)) + GHOST, ""
    return drawn[:at], GHOST if at < len(drawn) - 1 else TOGETHER, drawn[at + 1 :]


def ghost_alone(words: str, ghost: float, scale: float, width: int) -> str:
    """The ghost of a value where there is no bar yet, and why there is none."""
    at = _cell(ghost, scale, width)
    if at > len(words):
        return f"{words} ".ljust(at, LEADER) + GHOST
    return shorten(f"{LEADER * at}{GHOST} {words}", width)


def _cell(value: float, scale: float, width: int) -> int:
    return max(min(int(width * value / scale), width - 1), 0) if scale > 0 else 0


def sparkline(values: Sequence[float | None], width: int, ends: tuple[float, float] | None = None) -> str:
    """The last `width` values, one character each, from the lowest of them to the highest, or from end to end of a
    range: what lies beyond it is as low or as high as a character can be. What is None is a cross.
    """
    shown = values[-width:] if width > 0 else ()
    known = [value for value in shown if value is not None]
    low, high = ends or (min(known, default=0.0), max(known, default=0.0))
    top = max(high, low * (1 + QUIET_RANGE))
    return "".join(VOID if value is None else _level(value, low, top) for value in shown)


def _level(value: float, low: float, top: float) -> str:
    height = min(max((value - low) / (top - low), 0), 1) if top > low else 0
    return LEVELS[round((len(LEVELS) - 1) * height)]


def hill(values: Sequence[float], width: int, height: int) -> list[str]:
    """How many of the values, which are in order, lie where between the first and the last: columns, the highest of
    them `height` lines high; a value alone among many still shows. There are about twice as many columns as the root
    of the number of values: more would show noise, fewer hide a second hill.
    """
    columns = min(max(round(2 * math.sqrt(len(values))), 1), width)
    if columns < 1:
        return [""] * height
    low, span = values[0], values[-1] - values[0]
    counts = [0] * columns
    for value in values:
        counts[min(int(columns * (value - low) / span), columns - 1) if span > 0 else columns // 2] += 1
    eighths = [max(round(8 * height * count / max(counts)), 1) if count else 0 for count in counts]
    spread = [eighths[columns * place // width] for place in range(width)]
    return ["".join(FILLED[min(max(each - 8 * below, 0), 8)] for each in spread) for below in reversed(range(height))]
