"""What is there at once, until the main screen can take its place: its outlines, and nothing that takes time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static


class FirstFrame(Screen[None]):
    """The titles of the main screen, where they will stay."""

    def __init__(self, *, read_only: bool) -> None:
        super().__init__()
        self._read_only = read_only

    def compose(self) -> ComposeResult:
        """The panels, top to bottom."""
        with Horizontal(id="first-line"):
            yield Static("tfjit")
            yield Static("recording" if self._read_only else "● loading TensorFlow", id="first-state")
        for place, name in (
            ("top", "" if self._read_only else "setup"),
            ("verdict", "verdict"),
            ("results", "results"),
        ):
            panel = Static(id=f"first-{place}", classes="panel")
            panel.border_title = name
            yield panel
