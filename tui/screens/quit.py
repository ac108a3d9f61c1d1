"""Asks before what is being measured is given up."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label


class QuitScreen(ModalScreen[bool]):
    """Whether to leave. The key that asked leaves, pressed again."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,q", "dismiss(True)", "Quit", priority=True),
        Binding("n,escape", "dismiss(False)", "Stay", priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The question, and the answers."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "quit"
            yield Label("Stop measuring and quit?\nWhat was measured is kept.\n")
            with Horizontal(id="buttons"):
                yield Button("Quit (y)", compact=True, id="leave", variant="primary")
                yield Button("Stay (n)", compact=True, id="stay")

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "leave")
