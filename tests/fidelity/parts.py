"""Every part, in the order of the table."""

from __future__ import annotations

from . import aa, bias, cancelling, coverage, first_frame, known_truth, seed_script
from .part import Part

PARTS: tuple[Part, ...] = (
    aa.PART,
    aa.VERDICTS_PART,
    coverage.PART,
    known_truth.PART,
    bias.PART,
    first_frame.PART,
    seed_script.PART,
    cancelling.PART,
)
