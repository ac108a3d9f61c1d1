"""Asks whether to go on with a session that broke off."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from bench.session.history import Outline

from ...presentation.session_rows import left_of, what_of
from ...widgets.drawing.plain_text import PlainText
from .base import Dialog


class GoingOnScreen(Dialog[bool]):
    """A question with a yes and a no. Escape is no."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,n", "dismiss(False)", "Not now")]

    def __init__(self, outline: Outline) -> None:
        super().__init__()
        self._outline = outline

    def compose(self) -> ComposeResult:
        """The question."""
        found = self._outline
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "go on?"
            text = f"The session of {found.when} broke off: {what_of(found)}."
            yield PlainText(f"{text}\nLeft to measure: {left_of(found)}.", id="what")
            yield PlainText("Going on measures what is left, into its own file.\nLater: b, then o.", id="how")
            with Horizontal(id="buttons"):
                yield Button("Go on", compact=True, id="yes", variant="primary")
                yield Button("Not now", compact=True, id="no")

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
