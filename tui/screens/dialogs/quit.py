"""Asks before what is being measured is given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

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
