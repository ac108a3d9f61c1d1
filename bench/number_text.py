"""Figures in words: rounded for people, with the digits that tell two ends of a range apart and no more.

Both sides of the wire read this file, so it needs nothing but the standard library.
"""

from __future__ import annotations

import math
from decimal import Decimal

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))

PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))

MEMORY_UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))

MOST_DECIMALS = 4

UNKNOWN = "–"
"""Stands where there is no figure."""


def number(value: float, digits: int = 6) -> str:
    """Return a number as people type it, to so many significant digits, without an exponent: `1000000`, `0.00002`."""
    return _written_out(value, digits, "f")


def percent(fraction: float, digits: int = 6) -> str:
    """Return a fraction in percent, without an exponent: `2 %`, `1,000 %`, `0.00002 %`."""
    return f"{_written_out(100 * fraction, digits, ',f')} %"


def whole_percent(fraction: float) -> str:
    """Return a share in whole percent: `42 %`."""
    return f"{100 * fraction:.0f} %"


def times(ratio: float) -> str:
    """Return a ratio with two decimals, as columns have it: `0.83×`."""
    return f"{ratio:.2f}×"


def counted(number: int, noun: str) -> str:
    """Return how many there are of a thing, named in the singular: `1 case`, `12,300 cases`."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"


def duration(seconds: float, digits: int = 3) -> str:
    """A time with its unit: `24.2 ms`, `3 µs`."""
    return f"{_plain(_rounded(seconds, digits) / _unit(seconds, digits)[0], digits)} {_unit(seconds, digits)[1]}"


def duration_range(low_s: float, high_s: float, digits: int = 3) -> str:
    """Two times in one unit: `23.9-24.5 ms`."""
    scale, unit = _unit(high_s, digits)
    return f"{spread(low_s / scale, high_s / scale, _decimals(high_s / scale, digits))} {unit}"


def spread(low: float, high: float, decimals: int) -> str:
    """A range between two positive numbers: `0.53-0.59`."""
    decimals = telling_decimals(low, high, decimals)
    return f"{low:,.{decimals}f}-{high:,.{decimals}f}"


def signed_spread(low: float, high: float, decimals: int) -> str:
    """A range that may lie on both sides of zero: `−0.8 to +1.1`."""
    decimals = telling_decimals(low, high, decimals)
    return f"{signed(low, decimals)} to {signed(high, decimals)}"


def signed(value: float, decimals: int) -> str:
    """Return a number with its sign: `+1.1`, `−0.8`, and `0.0` without one."""
    shown = f"{abs(value):,.{decimals}f}"
    if float(shown.replace(",", "")) == 0:
        return shown
    return f"{'−' if value < 0 else '+'}{shown}"


def telling_decimals(low: float, high: float, least: int) -> int:
    """How many decimals, `least` or more, keep the ends apart and an end that is not zero from showing as zero."""
    for decimals in range(least, MOST_DECIMALS + 1):
        ends = [f"{abs(end):.{decimals}f}" if decimals else str(round(abs(end))) for end in (low, high)]
        hidden = any(float(shown) == 0 and abs(end) >= 0.05 for shown, end in zip(ends, (low, high), strict=True))
        if not hidden and (ends[0] != ends[1] or low * high < 0):
            return decimals
    return least


def times_decimals(ratio: float) -> int:
    """Decimals of a ratio: `0.56`, `4.2`, `42`."""
    return _decimals(ratio, 2)


def percent_decimals(low: float, high: float) -> int:
    """Decimals of percentages in a range: one where it is narrower than two points, else none."""
    return telling_decimals(low, high, 1 if abs(high - low) < 2 else 0)


def count(calls: int) -> str:
    """A number of calls: `51`, `12,300`, `1.4 million`."""
    if _rounded(calls, 3) < 10**6:
        return f"{round(_rounded(calls, 3)):,}"
    rounded = _rounded(calls, 2)
    scales = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
    scale, name = next((scale, name) for scale, name in scales if rounded >= scale)
    return f"{_plain(rounded / scale, 2)} {name}"


def count_range(low: int, high: int) -> str:
    """Two numbers of calls: `40-70`, `1.2-1.5 million`."""
    (low_words, _, low_scale), (high_words, _, high_scale) = count(low).partition(" "), count(high).partition(" ")
    return f"{low_words if low_scale == high_scale else count(low)}-{high_words} {high_scale}".rstrip()


def memory(size_bytes: int) -> str:
    """Bytes with their unit: `310 MiB`, `1.4 GiB`."""
    scale, unit = next(((scale, unit) for scale, unit in MEMORY_UNITS if size_bytes >= scale), MEMORY_UNITS[-1])
    return f"{_plain(_rounded(size_bytes / scale, 3), 3)} {unit}"


def rate(per_s: float, unit: str) -> str:
    """Return a rate to two digits: `5.1 TFLOP/s`, `120 GB/s`."""
    rounded = _rounded(per_s, 2)
    scale, prefix = next((scale, prefix) for scale, prefix in PREFIXES if rounded >= scale or scale == 1)
    return f"{rounded / scale:.{1 if rounded < 10 * scale else 0}f} {prefix}{unit}"


def _written_out(value: float, digits: int, form: str) -> str:
    return format(Decimal(f"{value:.{digits}g}"), form) if math.isfinite(value) else str(value)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _unit(seconds: float, digits: int) -> tuple[float, str]:
    rounded = abs(_rounded(seconds, digits))
    return next(((scale, unit) for scale, unit in UNITS if rounded >= scale), UNITS[-1] if rounded else UNITS[0])


def _decimals(value: float, digits: int) -> int:
    return max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else 0


def _plain(value: float, digits: int) -> str:
    text = f"{value:,.{min(_decimals(value, digits), 12)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
