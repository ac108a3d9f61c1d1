"""Two cases, before and after."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from bench.analysis.pairing import Pair
from bench.session.results import CaseResult

from ...presentation.comparison_text import hints_about, said_differences, sides
from ...presentation.status_text import describe_case
from ...widgets.drawing.plain_text import PlainText
from ...widgets.panels.changes import ChangesPanel
from ..closing import ModalScreen
from ..dialogs.base import SCROLLS


class CompareScreen(ModalScreen[None]):
    """What two cases took in each mode, and how that has changed."""

    CSS_PATH = "compare_cases.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,c", "dismiss(None)", "Back")]

    def __init__(self, before: CaseResult, after: CaseResult) -> None:
        super().__init__()
        self._before, self._after = before, after

    def compose(self) -> ComposeResult:
        """What was measured, when and where, and what has changed."""
        before, after = self._before, self._after
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = "before and after"
            dialog.border_subtitle = SCROLLS
            yield PlainText("\n".join((describe_case(after.case), *sides(before, after))), id="sides")
            if differing := said_differences(before, after):
                yield PlainText(f"Not the same: {', '.join(differing)}.", id="differences")
            yield ChangesPanel(before, after)
            for hint in hints_about(Pair(before, after)):
                yield PlainText(hint, id="hint")

    def on_click(self) -> None:
        """A click goes back, for those who use the mouse alone."""
        self.dismiss(None)
