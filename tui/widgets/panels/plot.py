"""The rounds as a plot, where the screen has room: the only file that imports plotext, and only once it is shown.

Each mode is drawn with its own letter, so that the plot reads without colours and costs few bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from textual.color import Color
from textual.content import Content

from bench.implementations import old
from bench.session.results import CaseResult, ModeResult

from ...presentation.fixed_width import duration
from ..drawing.colour_runs import in_few_runs
from .case_panel import CasePanel

LETTERS = {
    "eager": "e",
    "as-written": "w",
    "graph": "g",
    "concrete": "c",
    "reduce-retracing": "r",
    "no-grappler": "n",
    "autocluster": "a",
    "xla": "x",
    "predict": "p",
}
LETTERS |= {old(mode): {"w": "v"}.get(letter, chr(ord(letter) + 1)) for mode, letter in LETTERS.items()}
UNCOUNTED = "·"
"""Stands for a round that was warm-up or is void; a capital letter, for one that was disturbed."""

LEAST_SIZE = (30, 6)
REDRAW_S = 2.0
CELLS_A_SECOND = 1500
"""A large plot is drawn less often: its points cost some 50 bytes each."""

FIFTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)
LOG_FROM = 8.0
"""Latencies that differ by more than this factor are drawn on a logarithmic axis."""


class RoundsPlot(CasePanel):
    """Latency by round, redrawn every REDRAW_S at most while a case runs, and CELLS_A_SECOND: a plot is many bytes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._drawn_at, self._drawn_rounds = 0.0, 0

    def show(self, case: CaseResult | None) -> None:
        """Draw a case, unless it was drawn a moment ago and goes on."""
        going_on = case is not None and self.case is not None and case.case_id == self.case.case_id and not case.ended
        rest_s = max(REDRAW_S, self.size.area / CELLS_A_SECOND)
        if not going_on or not self._drawn_rounds or monotonic() - self._drawn_at >= rest_s:
            self._drawn_at, self._drawn_rounds = monotonic(), case.rounds if case else 0
            self.case = case

    def render(self) -> Content:
        """The plot."""
        width, height = self.size
        series = {mode.mode: mode.latency_by_round_s for mode in self.case.modes if mode.rounds} if self.case else {}
        if not series or width < LEAST_SIZE[0] or height < LEAST_SIZE[1]:
            return Content("")
        marks = {mode.mode: _marks(self.case, mode) for mode in self.case.modes} if self.case else {}
        title = "latency by round: " + ", ".join(f"{LETTERS[mode]} {mode}" for mode in series) + _legend(marks)
        if title != self.border_title:
            self.border_title = title
        colours = {mode: self.mode_style(mode).foreground or Color(128, 128, 128) for mode in series}
        colours[UNCOUNTED] = self.quiet.foreground or Color(128, 128, 128)
        return in_few_runs(draw(series, colours, width, height, marks))


def _marks(case: CaseResult, mode: ModeResult) -> dict[int, str]:
    """What stands for a mode's visits that are not like the others, by the number of their round."""
    stretches = (mode.places_between(each.first, each.last) for each in case.disturbances)
    marks = {place: LETTERS[mode.mode].upper() for stretch in stretches for place in stretch}
    marks |= dict.fromkeys((*mode.warm_up_rounds, *mode.void_rounds), UNCOUNTED)
    return {mode.round_numbers[place]: mark for place, mark in marks.items()}


def _legend(marks: Mapping[str, Mapping[int, str]]) -> str:
    used = {mark for of_mode in marks.values() for mark in of_mode.values()}
    capitals = [letter.upper() for letter in LETTERS.values() if letter.upper() in used]
    disturbed = f"; {' '.join(capitals)} disturbed" if capitals else ""
    return f"{disturbed}; {UNCOUNTED} not counted" if UNCOUNTED in used else disturbed


def draw(
    series: Mapping[str, Mapping[int, float]],
    colours: Mapping[str, Color],
    width: int,
    height: int,
    marks: Mapping[str, Mapping[int, str]] | None = None,
) -> str:
    """Draw a scatter of latencies by round, as text with colours; `marks` stand for some points, by round."""
    import plotext

    figure = _figure(width, height)
    latencies_s = [latency_s for by_round in series.values() for latency_s in by_round.values()]
    low, high = min(latencies_s), max(latencies_s)
    place = _rule(figure, "y", low, high)
    last = max(map(max, series.values()))
    figure.ruler("x").ticks([1 + round(last * part) for part in FIFTHS])
    for mode, by_round in series.items():
        places = {number: place(latency_s) for number, latency_s in by_round.items()}
        points = seen(places, last, (place(low), place(high)), width, height)
        marked = (marks or {}).get(mode, {})
        for mark in dict.fromkeys((LETTERS[mode], *marked.values())):
            alike = {number + 1: point for number, point in points.items() if marked.get(number, LETTERS[mode]) == mark}
            marker = plotext.marker(mark, plotext.pixel(foreground=colours.get(mark, colours[mode]).rgb))
            if alike:
                figure.draw(figure.signal(list(alike), list(alike.values()), marker=marker))
    return str(figure.build().string()).rstrip("\n")


def draw_sweep(
    points: Mapping[str, Sequence[tuple[float, float, float, float]]],
    colours: Mapping[str, Color],
    width: int,
    height: int,
) -> str:
    """Each mode's latencies at some sizes, as text with colours: points are (size, latency, low, high)."""
    import plotext

    figure = _figure(width, height)
    every = [point for of_mode in points.values() for point in of_mode]
    place = _rule(figure, "y", min(low for *_, low, _ in every), max(high for *_, high in every))
    sizes = sorted({size for size, *_ in every})
    across: Callable[[float], float] = math.log10 if sizes[-1] > LOG_FROM * sizes[0] > 0 else float
    figure.ruler("x").ticks([across(size) for size in sizes], [f"{size:g}" for size in sizes])
    for mode, of_mode in points.items():
        medians = [(size, latency_s) for size, latency_s, _, _ in of_mode]
        ends = [(size, end_s) for size, _, low_s, high_s in of_mode for end_s in (low_s, high_s)]
        for mark, spots in ((UNCOUNTED, ends), (LETTERS[mode], medians)):
            marker = plotext.marker(mark, plotext.pixel(foreground=colours[mode].rgb))
            xs, ys = [across(size) for size, _ in spots], [place(latency_s) for _, latency_s in spots]
            figure.draw(figure.signal(xs, ys, marker=marker))
    return str(figure.build().string()).rstrip("\n")


def _figure(width: int, height: int) -> Any:
    import plotext

    plotext.terminal.limit(False, False)
    figure: Any = plotext.figure.clear()
    figure.plot_size(width, height)
    figure.theme("colorless")
    figure.canvas("default")
    return figure


def _rule(figure: Any, axis: str, low: float, high: float) -> Callable[[float], float]:
    """Mark latencies along an axis; returns where on it a latency lies."""
    place, value = (math.log10, _power_of_ten) if high > LOG_FROM * low else (float, float)
    levels = [place(low) + (place(high) - place(low)) * part for part in FIFTHS]
    figure.ruler(axis).ticks(levels, [duration(value(level)) for level in levels])
    return place


def seen(
    places: Mapping[int, float], last: int, ends: tuple[float, float], columns: int, rows: int
) -> dict[int, float]:
    """Return the points, by round, that show on so many columns, up to round `last`, and rows, from end to end.

    Of those that lie on one spot: the first, and those that mark the ends. plotext takes its time for every point,
    seen or not.
    """
    if len(places) <= columns:
        return dict(places)
    low, high = ends
    spots: dict[tuple[int, int], int] = {}
    for number, place in places.items():
        row = round(rows * (place - low) / (high - low)) if high > low else 0
        spots.setdefault((columns * number // (last + 1), row), number)
    shown = {*spots.values(), max(places), min(places, key=places.__getitem__), max(places, key=places.__getitem__)}
    return {number: places[number] for number in sorted(shown)}


def _power_of_ten(exponent: float) -> float:
    return float(10**exponent)
