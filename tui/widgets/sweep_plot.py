"""Latency against what a sweep varies, where the screen has room for it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.color import Color
from textual.content import Content

from bench.results import CaseResult
from bench.sweep import Axis, main_axis, parse_axis

from .case_panel import CasePanel
from .plot import LEAST_SIZE, LETTERS, draw_sweep

Points = dict[str, list[tuple[float, float, float, float]]]
"""By mode: (size, latency, low, high), in the order of the axis."""


class SweepPlot(CasePanel):
    """The cases of one sweep that differ from the shown one in nothing but its axis."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._points: Points = {}

    def show(self, case: CaseResult | None) -> None:
        """One case is no sweep: `tell` says which there are."""

    def tell(self, case: CaseResult, cases: Iterable[CaseResult]) -> None:
        """Draw the sweep that a case is part of."""
        axes = [parse_axis(text) for text in case.plan.sweep]
        axis = main_axis(axes)
        points = points_along(axis, [other for other in cases if _differs_in_the_axis(other, case, axis)])
        if points != self._points:
            self._points = points
            self.border_title = f"latency by {axis.name}: " + ", ".join(f"{LETTERS[mode]} {mode}" for mode in points)
            self.refresh()

    def render(self) -> Content:
        """The plot."""
        width, height = self.size
        if not self._points or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
            return Content("")
        colours = {mode: self.mode_style(mode).foreground or Color(128, 128, 128) for mode in self._points}
        return Content.from_rich_text(Text.from_ansi(draw_sweep(self._points, colours, width, height)))


def points_along(axis: Axis, cases: Iterable[CaseResult]) -> Points:
    """What is known of each mode at each size; what came out wrong is left out."""
    points: Points = {}
    if not axis.is_numeric:
        return points
    for case in sorted(cases, key=lambda case: axis.values.index(axis.value_of(case.case))):
        for mode in case.modes:
            if mode.comparable and (estimate := mode.estimate):
                latency_s = estimate.latency_s
                ends = estimate.low_s or latency_s, estimate.high_s or latency_s
                points.setdefault(mode.mode, []).append((float(axis.value_of(case.case)), latency_s, *ends))
    return points


def _differs_in_the_axis(other: CaseResult, case: CaseResult, axis: Axis) -> bool:
    if other.plan.sweep != case.plan.sweep:
        return False
    value = axis.values[0]
    return axis.set(other.case, value) == axis.set(case.case, value)
