"""What the panels share that draw one case: the case itself, and a colour for each mode."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from bench.implementations import is_old, plain
from bench.plan import DEFAULT_MODES, EVERY_MODE
from bench.session.results import CaseResult

from ...presentation.fixed_width import shorten
from ..drawing.style_sheet import beside

USUAL_MODES = len(DEFAULT_MODES)

LEAST_NAME_WIDTH, LONGEST_NAME = 7, 11
"""The column of the modes' names is as wide as it must be, and longer names are cut."""


MODE_COLOURS = "".join(
    f"CasePanel .mode--{mode} {{ color: $mode-{plain(mode)}; {'text-style: dim; ' if is_old(mode) else ''}}}\n"
    for mode in EVERY_MODE
)


class CasePanel(Widget):
    """Draws `case`, whenever it changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"mode--{mode}" for mode in EVERY_MODE), "quiet", "trouble"}

    DEFAULT_CSS = beside(__file__) + MODE_COLOURS

    case: reactive[CaseResult | None] = reactive(None, layout=False)

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        self.case = case

    def make_room(self, case: CaseResult | None) -> None:
        """Be a line high for each mode and one for the title, where there are more than the style sheet expects."""
        modes = len(case.modes) if case else 0
        self.set_class(modes > USUAL_MODES, "-more")
        self.set_class(modes > USUAL_MODES + 1, "-many")
        if modes > USUAL_MODES:
            self.styles.height = 1 + modes
        elif self.styles.has_rule("height"):
            self.styles.clear_rule("height")

    def mode_style(self, mode: str) -> Style:
        """The colour of a mode."""
        return self.get_visual_style(f"mode--{mode}", partial=True)

    @property
    def quiet(self) -> Style:
        """The colour of what is said beside the figures."""
        return self.get_visual_style("quiet", partial=True)

    @property
    def trouble(self) -> Style:
        """The colour of what went wrong."""
        return self.get_visual_style("trouble", partial=True)


def name_width(case: CaseResult) -> int:
    """How wide the column of the modes' names is, the space after them among it."""
    return max(LEAST_NAME_WIDTH, 1 + max(len(short_mode(mode.mode)) for mode in case.modes))


def short_mode(mode: str) -> str:
    """A mode's name where there is little room."""
    return shorten(mode, LONGEST_NAME)
