"""The last guard before the terminal: remove unprintable characters from everything that widgets draw.

Text is made printable where it is put on the screen, before it is laid out (`words.py`). What has been forgotten there,
and what is typed or pasted, is made harmless here, cell by cell.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from bench.printable import UNPRINTABLE

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class PrintableOnly(LineFilter):
    """Replaces unprintable characters by as many cells as they were laid out in, mostly none."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the same segments, if all of them are printable."""
        if all(text.isprintable() for text, _, _ in segments):
            return segments
        return [Segment(harmless(text), style, control) for text, style, control in segments]


def harmless(text: str) -> str:
    """Return text of the same width without unprintable characters."""
    return UNPRINTABLE.sub(lambda found: REPLACEMENT * cell_len(found.group()), text.replace("\n", ""))
