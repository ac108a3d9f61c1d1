"""Screens that close once, whatever is pressed while they do.

Textual's `dismiss` closes whatever is on top: two keys at once closed a dialog and what was beneath it, or gave an
answer twice.
"""

from __future__ import annotations

from textual import on
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen as TextualsModalScreen
from textual.screen import Screen, ScreenResultType
from textual.widgets import Input


class ClosingScreen(Screen[ScreenResultType]):
    """Closes itself alone, while it is on top."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close, and give the result to the one who asked; nothing if it is not on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class ModalScreen(ClosingScreen[ScreenResultType], TextualsModalScreen[ScreenResultType]):
    """Closes itself alone, and lies above another."""


class Palette(CommandPalette):
    """Textual's palette, which searches no more once it is closed."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close; nothing if it is not on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        if not self.is_active:
            event.prevent_default()  # its list has been taken away
