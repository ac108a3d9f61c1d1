"""What the panels share that draw one case: the case itself, and a colour for each mode."""

from __future__ import annotations

from typing import ClassVar

from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from bench.results import CaseResult

NAME_WIDTH = 7
"""The column of the modes' names."""


class CasePanel(Widget):
    """Draws `case`, whenever it changes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"mode--eager", "mode--graph", "mode--xla", "quiet", "trouble"}

    DEFAULT_CSS = """
    CasePanel {
        height: auto;
        .mode--eager { color: $mode-eager; }
        .mode--graph { color: $mode-graph; }
        .mode--xla { color: $mode-xla; }
        .quiet { color: $foreground-muted; }
        .trouble { color: $text-error; }
    }
    """

    case: reactive[CaseResult | None] = reactive(None, layout=False)

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        self.case = case

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
