"""Questions with a yes and a no: whether to quit while measuring, whether to go on with a session that broke off."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from bench.session.history import Outline

from ...presentation.session_rows import left_of, what_of
from ...widgets.drawing.plain_text import PlainText
from .base import Dialog


class QuitScreen(Dialog[None]):
    """Whether to leave: `leave` is called, or it goes back. The key that asked leaves, pressed again.

    It stays where it is while the application ends: over a slow line, what is beneath it would take a second to draw.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,q", "leave", "Quit", priority=True),
        Binding("n,escape", "dismiss(None)", "Stay", priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, leave: Callable[[], None]) -> None:
        super().__init__()
        self._leave = leave

    def compose(self) -> ComposeResult:
        """The question, and the answers."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "quit"
            yield Label("Stop measuring and quit?\nWhat was measured is kept.\n")
            with Horizontal(id="buttons"):
                yield Button("Quit (y)", compact=True, id="leave", variant="primary")
                yield Button("Stay (n)", compact=True, id="stay")

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Leave."""
        self._leave()

    @on(Button.Pressed, "#stay")
    def _stay(self) -> None:
        self.dismiss(None)


class GoingOnScreen(Dialog[bool]):
    """Whether to go on with a session that broke off. Escape is no."""

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
