"""Ask whether a session's file may start a command or code that was never used here."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.widgets import Button, Static

from ...config.trust import Strangers
from .base import Dialog

HOW = "y starts it, from now on without a question · n, esc: no · j k scroll"


BESIDE_TOLD = 11
"""Lines of the screen that the text cannot have."""


class AdmittingScreen(Dialog[bool]):
    """A question whose default answer is no."""

    CSS_PATH = "trust.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Start it"),
        Binding("escape,n,q", "answer(False)", "No"),
        Binding("up", "scroll_told('scroll_up')", show=False),
        Binding("down", "scroll_told('scroll_down')", show=False),
        Binding("pageup", "scroll_told('scroll_page_up')", show=False),
        Binding("pagedown", "scroll_told('scroll_page_down')", show=False),
        Binding("home", "scroll_told('scroll_home')", show=False),
        Binding("end", "scroll_told('scroll_end')", show=False),
    ]

    def __init__(self, title: str, strangers: Strangers) -> None:
        super().__init__()
        self._title = title
        self._strangers = strangers
        self._is_shown = False

    def compose(self) -> ComposeResult:
        """Compose what would be started, and the question."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self._title
            with VerticalScroll(id="told", can_focus=False):
                for heading, parts in self._strangers.listed:
                    yield Static(heading, markup=False)
                    yield Static("\n".join(parts), markup=False, classes="stranger")
            yield Static(HOW, markup=False, id="how")
            with Horizontal(id="buttons"):
                yield Button("No", compact=True, id="no", variant="primary")
                yield Button("Start it", compact=True, id="yes", variant="warning")

    def on_resize(self, event: Resize) -> None:
        """Give the text the room that it needs, as far as the buttons stay visible."""
        told = self.query_one("#told", VerticalScroll)
        told.styles.height = min(told.virtual_size.height, max(event.size.height - BESIDE_TOLD, 1))
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Accept a yes from now on, and show that: earlier keys were typed before the question could be read."""
        self._is_shown = self.query_one("#how").visible = True

    def action_scroll_told(self, how: str) -> None:
        """Scroll what does not fit."""
        getattr(self.query_one("#told"), how)(animate=False)

    def action_answer(self, yes: bool) -> None:
        """Answer by a key."""
        if self._is_shown or not yes:
            self.dismiss(yes)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_answer(event.button.id == "yes")
