"""Screens that close once, whatever keys are pressed meanwhile.

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
    """A screen whose `dismiss` closes itself and no other."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close and return the result to the caller. Does nothing if another screen is on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class ModalScreen(ClosingScreen[ScreenResultType], TextualsModalScreen[ScreenResultType]):
    """A modal screen whose `dismiss` closes itself and no other."""


class Palette(CommandPalette):
    """Textual's palette, without searches after it was closed."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close. Does nothing if another screen is on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        if not self.is_active:
            event.prevent_default()  # its list has been taken away
