"""Where the time of a call goes, how the rounds went, and what the machine did meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from bench.analysis.breakdown import machine_told, messages_told, times_told, tracebacks_told
from bench.analysis.remarks import doubts_about
from bench.session.results import CaseResult

from ...presentation.status_text import describe_case
from ...widgets.drawing.plain_text import PlainText
from ...widgets.drawing.prose import Prose
from ...widgets.panels.breakdown_panel import BreakdownPanel
from ..closing import ModalScreen
from .base import SCROLLS

DRAWN_EVERY_S = 1.0

NOTHING_YET = "Nothing beside the latencies is known yet: it is found out after the rounds."
NOTHING_KNOWN = "Nothing beside the latencies was found out."


class DetailsScreen(ModalScreen[None]):
    """What is known of a case beside its latencies; it follows a case that is being measured."""

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,d", "dismiss(None)", "Back")]

    def __init__(self, case: Callable[[], CaseResult | None]) -> None:
        super().__init__()
        self._case = case

    def compose(self) -> ComposeResult:
        """The case, its figures, and sentences."""
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = "where the time of a call goes"
            dialog.border_subtitle = SCROLLS
            yield PlainText(id="what")
            yield BreakdownPanel()
            yield PlainText(id="doubts")
            yield PlainText(id="notes")

    def on_mount(self) -> None:
        """Draw the case, now and while it is measured."""
        self._draw()
        self.set_interval(DRAWN_EVERY_S, self._draw)

    def on_click(self) -> None:
        """A click goes back, for those who use the mouse alone."""
        self.dismiss(None)

    def _draw(self) -> None:
        case = self._case()
        if case is None:
            return
        self.query_one(BreakdownPanel).show(case)
        doubts = "\n".join(doubt.sentence for doubt in doubts_about(case))
        told = "\n".join(notes(case))
        if not (told or doubts or case.is_explained):
            told = NOTHING_KNOWN if case.ended else NOTHING_YET
        for name, text in (("#what", describe_case(case.case)), ("#doubts", doubts), ("#notes", told)):
            part = self.query_one(name, Static)
            if part.content != (prose := Prose.of(text)):
                part.update(prose)
        self.query_one("#doubts").display = bool(doubts)


def notes(case: CaseResult) -> Iterator[str]:
    """What is to be said of the rounds and the machine, a line each."""
    yield from tracebacks_told(case)
    yield from times_told(case)
    if case.machine is not None and (state := machine_told(case.machine)):
        yield f"The machine, when last looked at: {state}."
    sources = {mode.peak_memory.source for mode in case.modes if mode.peak_memory}
    if "rss" in sources:
        yield "Memory is how far a fresh process grew: only the mode that was prepared first can tell."
    yield from messages_told(case)
