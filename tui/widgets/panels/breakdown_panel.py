"""Where the time of a call goes: a line for each figure, a column for each mode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from bench.analysis.breakdown import MEANINGS, figures_of
from bench.session.results import CaseResult, ModeResult

from ...actions.actions import Details
from ...presentation.fixed_width import duration
from .case_panel import CasePanel, short_mode

FIGURE_WIDTH = 9

TITLE = "where the time goes"
TITLE_OF_SOME = f"{TITLE} · {Details.key} shows all"


class BreakdownPanel(CasePanel):
    """The figures that are known of the case, and what each of them means where there is room to say so."""

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = TITLE

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        before = self._extent()
        super().show(case)
        if self._extent() != before:
            self.refresh(layout=True)

    def _extent(self) -> tuple[int, int]:
        return len(self._names()), len(self.case.modes) if self.case else 0

    def render(self) -> Content:
        """The table; modes for which there is no room beside the others stand below them."""
        if self.case is None or not (names := self._names()):
            return Content("")
        first = max(map(len, names)) + 1
        lines: list[Content] = []
        title = TITLE
        for modes in side_by_side(self.case.modes, self.size.width - first):
            block = self._block(names, modes, first)
            if lines and self._has_no_room_for(len(lines) + len(block)):
                title = TITLE_OF_SOME
                break
            lines += block
        if title != self.border_title:
            self.border_title = title
        return Content("\n").join(lines)

    def _has_no_room_for(self, lines: int) -> bool:
        """Whether so many lines are too many; a panel that is as high as its content has room for all."""
        height = self.styles.height
        return height is not None and not height.is_auto and lines > self.size.height

    def _block(self, names: list[str], modes: Sequence[ModeResult], first: int) -> list[Content]:
        """A line for each figure, under the modes' names; `first` is how wide the figures' names are."""
        widths = [_width(mode) for mode in modes]
        heads = [
            Content.styled(short_mode(mode.mode).rjust(width), self.mode_style(mode.mode))
            for mode, width in zip(modes, widths, strict=True)
        ]
        lines = [Content.assemble(" " * first, *heads)]
        figures = [figures_of(mode, duration) for mode in modes]
        room = self.size.width - first - sum(widths)
        for name in names:
            cells = zip(figures, widths, strict=True)
            told = "".join(f"{of_mode.get(name, ''):>{width}}" for of_mode, width in cells)
            meaning = f"  {MEANINGS[name]}"
            shown = meaning if len(meaning) <= room else ""
            lines.append(Content.assemble((f"{name:<{first}}", self.quiet), told, (shown, self.quiet)))
        return lines

    def _names(self) -> list[str]:
        """The figures that are known of any mode."""
        known = {name for mode in (self.case.modes if self.case else ()) for name in figures_of(mode, duration)}
        return [name for name in MEANINGS if name in known]


def side_by_side(modes: Sequence[ModeResult], room: int) -> Iterator[Sequence[ModeResult]]:
    """As many modes at a time, at least one, as have room for their columns."""
    start, taken = 0, 0
    for index, mode in enumerate(modes):
        if index > start and taken + _width(mode) > room:
            yield modes[start:index]
            start, taken = index, 0
        taken += _width(mode)
    yield modes[start:]


def _width(mode: ModeResult) -> int:
    return max(FIGURE_WIDTH, 1 + len(short_mode(mode.mode)))
