"""Every part, in the order of the table."""

from __future__ import annotations

from . import cancelling, first_frame, seed_script
from .part import Part

PARTS: tuple[Part, ...] = (first_frame.PART, seed_script.PART, cancelling.PART)
