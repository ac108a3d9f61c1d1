"""What is there at once, until the main screen can take its place: its outlines, and nothing that takes time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static


class FirstFrame(Screen[None]):
    """The titles of the main screen, where they will stay."""

    def compose(self) -> ComposeResult:
        """The panels, top to bottom."""
        with Horizontal(id="first-line"):
            yield Static("tfjit")
            yield Static("● loading TensorFlow", id="first-state")
        for name in ("setup", "verdict", "results"):
            panel = Static(id=f"first-{name}", classes="panel")
            panel.border_title = name
            yield panel
