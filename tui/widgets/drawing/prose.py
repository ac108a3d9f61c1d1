"""Sentences as they are drawn: no line ends between a figure and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.segment import Segment
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions

from .plain_text import shown

BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=(?:%|[nµm]?s|min|[KMG]iB|MHz|cores?|[mbtr]+illion)(?!\w))")

JOINT = "\ue000"
"""In place of such a space while lines are broken: Textual breaks them at a no-break space, too. No text has it."""


class Prose(Content):
    """Drawn as the same content is otherwise, and the same where it is selected."""

    @classmethod
    def of(cls, *parts: str | Content) -> Prose:
        """Paragraphs, each on a line of its own."""
        text = Content("\n").join(shown(part) for part in parts)
        return cls(text.plain, list(text.spans))

    @property
    def _joined(self) -> Content:
        return Content(BEFORE_A_UNIT.sub(JOINT, self.plain), list(self.spans))

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines it takes."""
        return self._joined.get_height(rules, width)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Its lines."""
        strips = self._joined.render_strips(width, height, style, options)
        return [Strip(list(_with_spaces(strip)), strip.cell_length) for strip in strips]


def _with_spaces(segments: Iterable[Segment]) -> Iterable[Segment]:
    return (Segment(text.replace(JOINT, " "), style, control) for text, style, control in segments)
