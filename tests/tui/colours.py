"""Colours as an eye sees them: the contrast of two, how far two are apart, and what colour blindness makes of one."""

from __future__ import annotations

import math
from collections.abc import Sequence

Rgb = Sequence[float]

BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009)."""


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG 2's contrast of two sRGB colours, 1 to 21."""
    dark, light = sorted((_luminance(_linear(one)), _luminance(_linear(other))))
    return (light + 0.05) / (dark + 0.05)


def distance(one: Rgb, other: Rgb, blindness: str = "none") -> float:
    """How far two sRGB colours are apart (CIE 1976): about 2 can just be told apart side by side."""
    return math.dist(_lab(one, blindness), _lab(other, blindness))


def _linear(colour: Rgb) -> list[float]:
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)]


def _luminance(linear: Rgb) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: Rgb, blindness: str) -> tuple[float, float, float]:
    linear = _linear(colour)
    seen = [sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in BLINDNESS[blindness]]
    red, green, blue = (min(max(part, 0.0), 1.0) for part in seen)
    x = _response((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
    y = _response(_luminance((red, green, blue)))
    z = _response((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.0888)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _response(part: float) -> float:
    return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
