"""How the rounds of each mode are distributed: whether a median stands for one speed or lies between two."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from textual.content import Content

from bench.session.results import CaseResult, ModeResult

from ...presentation.fixed_width import duration
from ..drawing.bars import hill
from .case_panel import CasePanel, name_width, short_mode

LEAST_ROUNDS = 8
"""Fewer say nothing about a distribution."""

REDRAW_S = 2.0

HIGHEST = 6
"""Lines of a hill; higher ones tell no more."""

FAR = 3
"""Rounds beyond so many times the spread of the middle half above it are counted at the end, not drawn to scale."""


class DistributionPanel(CasePanel):
    """A hill for each mode: rounds that count, from the quickest to the slowest; redrawn every REDRAW_S at most."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._drawn_at = 0.0

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "distribution of the rounds that count, by mode"

    def show(self, case: CaseResult | None) -> None:
        """Draw a case, unless it was drawn a moment ago and goes on."""
        going_on = case is not None and self.case is not None and case.case_id == self.case.case_id and not case.ended
        if not going_on or monotonic() - self._drawn_at >= REDRAW_S:
            self._drawn_at = monotonic()
            self.case = case

    def render(self) -> Content:
        """The hills, each with a line for its ends."""
        if self.case is None:
            return Content("")
        height = min(max(self.size.height // len(self.case.modes) - 1, 1), HIGHEST)
        return Content("\n").join(self._hill(self.case, mode, height) for mode in self.case.modes)

    def _hill(self, case: CaseResult, mode: ModeResult, height: int) -> Content:
        before = name_width(case)
        width = max(self.size.width - before, 0)
        style = self.mode_style(mode.mode)
        rounds = sorted(mode.counted_rounds)
        if len(rounds) < LEAST_ROUNDS:
            name = Content.styled(f"{short_mode(mode.mode):<{before}}", style)
            return name + Content.styled("too few rounds yet" if mode.comparable else "–", self.quiet)
        drawn = _drawn(rounds)
        rows = hill(drawn, width, height)
        names = [short_mode(mode.mode), *[""] * (height - 1)]
        lines = [Content.styled(f"{name:<{before}}{row}", style) for name, row in zip(names, rows, strict=True)]
        ends = _ends(drawn, len(rounds) - len(drawn), rounds[-1], width)
        return Content("\n").join([*lines, Content.styled(" " * before + ends, self.quiet)])


def _drawn(rounds: Sequence[float]) -> Sequence[float]:
    """Of rounds in order those that are drawn to scale: one that took ten times as long would flatten all others."""
    count = len(rounds)
    low, high = rounds[count // 4], rounds[3 * count // 4]
    return [latency_s for latency_s in rounds if latency_s <= high + FAR * (high - low)]


def _ends(drawn: Sequence[float], beyond: int, slowest_s: float, width: int) -> str:
    right = duration(drawn[-1]) + (f", {beyond} beyond, to {duration(slowest_s)}" if beyond else "")
    return f"{duration(drawn[0])}{right.rjust(width - len(duration(drawn[0])))}"
