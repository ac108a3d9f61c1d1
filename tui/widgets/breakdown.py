"""Where the time of a call goes: a line for each figure, a column for each mode."""

from __future__ import annotations

from textual.content import Content

from bench.results import CaseResult

from ..breakdown import MEANINGS, figures_of
from ..format import duration
from .case_panel import CasePanel

FIGURE_WIDTH = 9


class BreakdownPanel(CasePanel):
    """The figures that are known of the case, and what each of them means where there is room to say so."""

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "where the time goes"

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        height = len(self._names())
        super().show(case)
        if len(self._names()) != height:
            self.refresh(layout=True)

    def render(self) -> Content:
        """The table."""
        if self.case is None or not (names := self._names()):
            return Content("")
        figures = [figures_of(mode, duration) for mode in self.case.modes]
        first = max(map(len, names)) + 1
        heads = [Content.styled(f"{mode.mode:>{FIGURE_WIDTH}}", self.mode_style(mode.mode)) for mode in self.case.modes]
        lines = [Content.assemble(" " * first, *heads)]
        room = self.size.width - first - FIGURE_WIDTH * len(figures)
        for name in names:
            told = "".join(f"{of_mode.get(name, ''):>{FIGURE_WIDTH}}" for of_mode in figures)
            meaning = f"  {MEANINGS[name]}"
            lines.append(
                Content.assemble(
                    (f"{name:<{first}}", self.quiet), told, (meaning if len(meaning) <= room else "", self.quiet)
                )
            )
        return Content("\n").join(lines)

    def _names(self) -> list[str]:
        """The figures that are known of any mode."""
        known = {name for mode in (self.case.modes if self.case else ()) for name in figures_of(mode, duration)}
        return [name for name in MEANINGS if name in known]
