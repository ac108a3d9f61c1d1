"""How the rounds went, one sparkline a mode: whether the machine was quiet shows here, and which rounds count."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style

from bench.session.results import CaseResult, ModeResult

from ...presentation.fixed_width import duration, in_unit, unit_of
from ..drawing.bars import sparkline
from ..drawing.style_sheet import beside
from .case_panel import CasePanel, name_width, short_mode

RANGE_WIDTH = 16


class RoundsPanel(CasePanel):
    """A sparkline of the latest rounds for each mode, with the lowest and highest latency of those that count.

    Rounds discarded as warm-up are dimmed, disturbed ones shaded, void ones crossed out.
    """

    COMPONENT_CLASSES = {*CasePanel.COMPONENT_CLASSES, "discarded", "disturbed"}  # noqa: RUF012 - as Textual declares it

    DEFAULT_CSS = beside(__file__)

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = _title(None)

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        self.make_room(case)
        super().show(case)
        title = _title(case)
        if title != self.border_title:
            self.border_title = title

    def render(self) -> Content:
        """The sparklines."""
        if self.case is None:
            return Content("")
        width = max(self.size.width - name_width(self.case) - RANGE_WIDTH, 0)
        return Content("\n").join(self._line(self.case, mode, width) for mode in self.case.modes)

    def _line(self, case: CaseResult, mode: ModeResult, width: int) -> Content:
        style = self.mode_style(mode.mode)
        first = max(len(mode.rounds) - width, 0)
        void = [number for number in mode.void_rounds if number >= first]
        shown = [None if number in void else mode.rounds[number] for number in range(first, len(mode.rounds))]
        warm_up = mode.warm_up_rounds
        known = {number: latency_s for number, latency_s in enumerate(shown, first) if latency_s is not None}
        counted = [latency_s for number, latency_s in known.items() if number not in warm_up] or [*known.values()]
        ends = (min(counted), max(counted)) if counted else None
        line = Content(sparkline(shown, width, ends)).stylize(style)
        for start, end in mode.warm_ups:
            if end > first:
                line = line.stylize(self._mark("discarded"), max(start - first, 0), end - first)
        shade = self._mark("disturbed")
        for disturbed in case.disturbances:
            places = mode.places_between(disturbed.first, disturbed.last)
            if places.stop > first:
                line = line.stylize(shade, max(places.start - first, 0), places.stop - first)
        for number in void:
            line = line.stylize(self.trouble, number - first, number + 1 - first)
        return Content.assemble(
            (f"{short_mode(mode.mode):<{name_width(case)}}", style),
            line.pad_right(width - len(shown)),
            (_range(*ends).rjust(RANGE_WIDTH) if ends else "", self.quiet),
        )

    def _mark(self, kind: str) -> Style:
        return self.get_visual_style(kind, partial=True)


def _title(case: CaseResult | None) -> str:
    """What is drawn, and how many of all rounds are marked: most of them are no longer among the latest."""
    warm_up = max((mode.discarded_rounds for mode in case.modes), default=0) if case else 0
    disturbed = (case.disturbed_rounds or 0) if case else 0
    void = max((len(mode.void_rounds) for mode in case.modes), default=0) if case else 0
    counts = (warm_up, "warm-up"), (disturbed, "disturbed"), (void, "void")
    marked = [f"{count:,} {kind}" for count, kind in counts if count]
    return " · ".join(("latest rounds", *marked)) if marked else "latest rounds, lowest to highest"


def _range(low_s: float, high_s: float) -> str:
    size, _ = unit_of(high_s)
    return f"{in_unit(low_s, size)}-{duration(high_s)}"
