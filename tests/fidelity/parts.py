"""Every part, in the order of the table."""

from __future__ import annotations

from . import aa, cancelling, first_frame, known_truth, seed_script
from .part import Part

PARTS: tuple[Part, ...] = (
    aa.PART,
    aa.VERDICTS_PART,
    known_truth.PART,
    first_frame.PART,
    seed_script.PART,
    cancelling.PART,
)
