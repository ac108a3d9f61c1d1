"""Every key and command, and how the screen is read."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ..commands import COMMANDS
from ..mode_meanings import MEANINGS, NAME_WIDTH

READING = """\
A bar ends at the median call. Its shaded end is the 95 % interval, ┤ one too narrow to shade. \
Rounds visit the modes in random order, so that a machine that slows down slows them all; a sparkline \
runs from the lowest round to the highest, at least 20 % apart. Dim rounds are warm-up and count for nothing; \
shaded or underlined ones were disturbed, and count. "Pays after" is the number of calls that repay the best \
mode's tracing and compiling. A best mode with a question mark is not certain yet, or suspicious.

Digits change a dimension, tab or the arrows move, enter opens a list, space ticks a mode. \
Every letter is a command, wherever the cursor is. A row of the table can be looked at again with the arrows."""

KEY_WIDTH = 8


class HelpScreen(ModalScreen[None]):
    """The help, made from the commands."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark", "dismiss(None)", "Back")]

    def __init__(self, session_path: Path | None) -> None:
        super().__init__()
        self._session_path = session_path

    def compose(self) -> ComposeResult:
        """The keys, then the rest."""
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = "help"
            dialog.border_subtitle = "esc goes back"
            for command in COMMANDS:
                key = {"escape": "esc", "comma": ",", "": "–"}.get(command.key, command.key)
                line = Content.assemble((f"{key:<{KEY_WIDTH}}", "bold"), f"{command.title()}: {command.help()}")
                yield Static(line, classes="command")
            modes = "\n".join(f"{mode:<{NAME_WIDTH}}{meaning}" for mode, meaning in MEANINGS.items())
            yield Static(modes, markup=False, id="modes")
            yield Static(READING, markup=False, id="reading")
            if self._session_path is not None:
                yield Static(f"This session is kept in {self._session_path}", markup=False, id="kept")

    def on_click(self) -> None:
        """A click goes back, for those who use the mouse alone."""
        self.dismiss(None)
