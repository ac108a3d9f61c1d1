"""Asks which modes to measure beside those that the setup shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from bench.plan import MORE_MODES

from ...draft.mode_help import MEANINGS, NAME_WIDTH
from ...widgets.drawing.plain_text import PlainText
from ...widgets.setup.fields import ModeBox
from .base import Dialog

HOW = "Space ticks one, enter takes what is ticked."


class ModesScreen(Dialog[tuple[str, ...]]):
    """A line for each of the further modes; those that are measured already are ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Take", priority=True),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    def __init__(self, chosen: Collection[str]) -> None:
        super().__init__()
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The modes, how to choose, and the buttons."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = "more modes"
            for mode in MORE_MODES:
                words = f"{mode:<{NAME_WIDTH}}{MEANINGS[mode]}"
                yield ModeBox(mode, ticked=mode in self._chosen, words=words)
            yield PlainText(HOW, id="said")
            with Horizontal(id="buttons"):
                yield Button("Take", compact=True, id="take", variant="primary")
                yield Button("Back", compact=True, id="back")

    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        """Give back what is ticked; on the button that goes back, go back."""
        if self.focused is not None and self.focused.id == "back":
            self.dismiss(None)
            return
        self.dismiss(tuple(box.mode for box in self.query(ModeBox) if box.value))
