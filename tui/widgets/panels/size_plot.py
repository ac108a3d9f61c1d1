"""Latency against what varies from case to case, where the screen has room for it."""

from __future__ import annotations

from textual.color import Color
from textual.content import Content

from bench.analysis.series import Points, points_along
from bench.session.results import CaseResult

from ...presentation.related_cases import Sizes
from ..drawing.colour_runs import in_few_runs
from ..drawing.plain_text import words
from .case_panel import CasePanel
from .plot import LEAST_SIZE, LETTERS, draw_sweep


class SizePlot(CasePanel):
    """The cases that differ from the shown one in one thing alone. There may be thousands."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._points: Points = {}
        self._sizes: Sizes | None = None

    def show(self, case: CaseResult | None) -> None:
        """One case is no curve: `tell` says which there are."""

    def tell(self, sizes: Sizes) -> None:
        """Draw what is known at each size."""
        self._sizes = sizes
        points = points_along(sizes.thinned(max(1, self.size.width)))
        if points != self._points:  # of thousands few are drawn: what ends is seldom one of these
            self._points = points
            modes = ", ".join(f"{LETTERS[mode]} {mode}" for mode in points)
            self.border_title = words(f"latency by {sizes.name}: {modes}")
            self.refresh()

    def on_resize(self) -> None:
        """Draw as many points as there is room for."""
        if self._sizes is not None:
            self.tell(self._sizes)

    def render(self) -> Content:
        """The plot."""
        width, height = self.size
        if not self._points or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
            return Content("")
        colours = {mode: self.mode_style(mode).foreground or Color(128, 128, 128) for mode in self._points}
        return in_few_runs(draw_sweep(self._points, colours, width, height))
