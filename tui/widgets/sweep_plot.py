"""Latency against what a sweep varies, where the screen has room for it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text
from textual.color import Color
from textual.content import Content

from bench.plan import Case
from bench.results import CaseResult
from bench.sweep import Axis, main_axis, parse_axis

from .case_panel import CasePanel
from .plot import LEAST_SIZE, LETTERS, draw_sweep

Points = dict[str, list[tuple[float, float, float, float]]]
"""By mode: (size, latency, low, high), in the order of the axis."""

OfCase = dict[str, tuple[float, float, float]]
"""By mode: (latency, low, high)."""

Stretch = dict[int, tuple[int | str, OfCase]]
"""By the place along the axis: the size there, and what is known."""


class SweepPlot(CasePanel):
    """The cases of one sweep that differ from the shown one in nothing but its axis. There may be thousands."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._points: Points = {}
        self._stretches: dict[Case, Stretch] = {}
        self._drawn: dict[str, CaseResult] = {}
        self._sweep: tuple[str, ...] = ()
        self._shown: Case | None = None

    def show(self, case: CaseResult | None) -> None:
        """One case is no sweep: `tell` says which there are."""

    def tell(self, case: CaseResult, cases: Mapping[str, CaseResult]) -> bool:
        """Draw the sweep that a case is part of, if that has sizes; whether it has. Looks at what has changed alone."""
        axis = main_axis([parse_axis(text) for text in case.plan.sweep])
        if not axis.is_numeric:
            return False
        if self._sweep != case.plan.sweep:
            self._sweep, self._stretches, self._drawn = case.plan.sweep, {}, {}
        sizes, is_new = list(axis.places), False
        for case_id, other in cases.items():
            if self._drawn.get(case_id) is not other and other.plan.sweep == self._sweep:
                self._drawn[case_id] = other
                place = axis.place_of(other.case)
                if place is not None and (found := points_of(other)):
                    self._stretches.setdefault(_elsewhere(other, axis), {})[place] = (sizes[place], found)
                    is_new = True
        elsewhere = _elsewhere(case, axis)
        if is_new or elsewhere != self._shown:
            self._shown, self._points = elsewhere, points_along(self._stretches.get(elsewhere, {}))
            modes = ", ".join(f"{LETTERS[mode]} {mode}" for mode in self._points)
            self.border_title = f"latency by {axis.name}: {modes}"
            self.refresh()
        return True

    def render(self) -> Content:
        """The plot."""
        width, height = self.size
        if not self._points or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
            return Content("")
        points = {mode: of_mode[:: 1 + len(of_mode) // width] for mode, of_mode in self._points.items()}
        colours = {mode: self.mode_style(mode).foreground or Color(128, 128, 128) for mode in self._points}
        return Content.from_rich_text(Text.from_ansi(draw_sweep(points, colours, width, height)))


def points_of(case: CaseResult) -> OfCase:
    """What is known of each mode; what came out wrong is left out."""
    found: OfCase = {}
    for mode in case.modes:
        if mode.comparable and (estimate := mode.estimate):
            latency_s = estimate.latency_s
            found[mode.mode] = latency_s, estimate.low_s or latency_s, estimate.high_s or latency_s
    return found


def points_along(stretch: Stretch) -> Points:
    """A stretch's points in the order of the axis."""
    points: Points = {}
    for place in sorted(stretch):
        size, found = stretch[place]
        for mode, figures in found.items():
            points.setdefault(mode, []).append((float(size), *figures))
    return points


def _elsewhere(case: CaseResult, axis: Axis) -> Case:
    """What does not vary along the axis: all cases with the same are one stretch."""
    return axis.set(case.case, axis.values[0])
