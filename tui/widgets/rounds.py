"""How the rounds went, one sparkline a mode: whether the machine was quiet shows here."""

from __future__ import annotations

from textual.content import Content

from bench.results import ModeResult

from ..format import duration, in_unit, unit_of
from .bars import sparkline
from .case_panel import NAME_WIDTH, CasePanel

RANGE_WIDTH = 16


class RoundsPanel(CasePanel):
    """A sparkline of the latest rounds for each mode, with the lowest and highest latency in it."""

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "latest rounds, lowest to highest"

    def render(self) -> Content:
        """The sparklines."""
        if self.case is None:
            return Content("")
        return Content("\n").join(self._line(mode) for mode in self.case.modes)

    def _line(self, mode: ModeResult) -> Content:
        width = self.size.width - NAME_WIDTH - RANGE_WIDTH
        style = self.mode_style(mode.mode)
        shown = mode.rounds[-width:] if width > 0 else ()
        return Content.assemble(
            (f"{mode.mode:<{NAME_WIDTH}}", style),
            (sparkline(shown, width).ljust(width), style),
            (_range(min(shown), max(shown)).rjust(RANGE_WIDTH) if shown else "", self.quiet),
        )


def _range(low_s: float, high_s: float) -> str:
    size, _ = unit_of(high_s)
    return f"{in_unit(low_s, size)}-{duration(high_s)}"
