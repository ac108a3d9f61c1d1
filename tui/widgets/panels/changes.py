"""Two cases side by side: two bars for each mode, the change, and what it comes to."""

from __future__ import annotations

from textual.content import Content

from bench.analysis.comparison import Change, compare_cases, sentence
from bench.session.results import CaseResult

from ...presentation.comparison_text import change_text
from ...presentation.fixed_width import duration, plus_minus
from ..drawing.bars import bar
from ..drawing.prose import Prose
from .case_panel import CasePanel, name_width, short_mode

SIDE_WIDTH = 7
FIGURE_WIDTH = 15
CHANGE_WIDTH = 14

ROOM_FOR_CHANGES = 64
"""In less, the bars have the room: the sentence tells of the change anyway."""


class ChangesPanel(CasePanel):
    """What has changed from one case to another. The two bars of a mode share a scale, those of two modes do not."""

    def __init__(self, before: CaseResult, after: CaseResult) -> None:
        super().__init__()
        self._before, self._after = before, after
        self._changes = compare_cases(before, after, after.plan.effect, advice="")

    def render(self) -> Content:
        """Bars and sentences."""
        return Prose.of(Content("\n\n").join(self._mode(change) for change in self._changes))

    def _mode(self, change: Change) -> Content:
        before, after = self._side(self._before, change), self._side(self._after, change, change_text(change))
        return Content("\n").join((before, after, Content(sentence(change))))

    def _side(self, case: CaseResult, change: Change, note: str = "") -> Content:
        style = self.mode_style(change.mode)
        name = max(name_width(self._before), name_width(self._after))
        side = "before" if case is self._before else "after"
        lead = Content.assemble(
            (f"{short_mode(change.mode) if side == 'before' else '':<{name}}", style),
            (f"{side:<{SIDE_WIDTH}}", self.quiet),
        )
        mode = case.mode(change.mode)
        if mode is None or mode.estimate is None:
            return Content.assemble(lead, ("no figure", self.quiet))
        estimate = mode.estimate
        beside = CHANGE_WIDTH if self.size.width >= ROOM_FOR_CHANGES else 0
        width = self.size.width - name - SIDE_WIDTH - FIGURE_WIDTH - beside
        drawn = bar(estimate.latency_s, estimate.low_s, estimate.high_s, self._scale(change.mode), width)
        spread = plus_minus(estimate.latency_s, estimate.low_s, estimate.high_s)
        figure = f"{duration(estimate.latency_s)} {spread:<5}".rjust(FIGURE_WIDTH)
        said = f" {note}".ljust(beside) if beside else ""
        return Content.assemble(lead, (drawn.ljust(width), style), figure, (said, "bold"))

    def _scale(self, name: str) -> float:
        """What a whole bar of a mode stands for: twice its longer median, or as far as its intervals reach."""
        modes = [case.mode(name) for case in (self._before, self._after)]
        estimates = [mode.estimate for mode in modes if mode and mode.estimate]
        farthest_s = max(estimate.high_s or estimate.latency_s for estimate in estimates)
        return min(farthest_s, 2 * max(estimate.latency_s for estimate in estimates))
