"""Latency against what a sweep varies, where the screen has room for it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.color import Color
from textual.content import Content

from bench.results import CaseResult
from bench.series import Series

from .case_panel import CasePanel
from .colour_runs import in_few_runs
from .plot import LEAST_SIZE, LETTERS, draw_sweep

Points = dict[str, list[tuple[float, float, float, float]]]
"""By mode: (size, latency, low, high), in the order of the axis."""


class SweepPlot(CasePanel):
    """The cases of one sweep that differ from the shown one in nothing but its axis. There may be thousands."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._points: Points = {}
        self._series: Series | None = None

    def show(self, case: CaseResult | None) -> None:
        """One case is no sweep: `tell` says which there are."""

    def tell(self, series: Series) -> bool:
        """Draw a series if that is one of sizes; whether it is."""
        if not series.axis.is_numeric:
            return False
        self._series = series
        points = points_along(series.thinned(max(1, self.size.width)))
        if points != self._points:  # of thousands few are drawn: what ends is seldom one of these
            self._points = points
            modes = ", ".join(f"{LETTERS[mode]} {mode}" for mode in points)
            self.border_title = f"latency by {series.axis.name}: {modes}"
            self.refresh()
        return True

    def on_resize(self) -> None:
        """Draw as many points as there is room for."""
        if self._series is not None:
            self.tell(self._series)

    def render(self) -> Content:
        """The plot."""
        width, height = self.size
        if not self._points or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
            return Content("")
        colours = {mode: self.mode_style(mode).foreground or Color(128, 128, 128) for mode in self._points}
        return in_few_runs(draw_sweep(self._points, colours, width, height))


def points_along(cases: Iterable[tuple[int | str, CaseResult]]) -> Points:
    """What is known of each mode at each size; what came out wrong is left out."""
    points: Points = {}
    for size, case in cases:
        for mode in case.modes:
            if mode.comparable and (estimate := mode.estimate):
                ends = estimate.low_s or estimate.latency_s, estimate.high_s or estimate.latency_s
                points.setdefault(mode.mode, []).append((float(size), estimate.latency_s, *ends))
    return points
