"""Every key and action, and how the screen is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.keys import format_key
from textual.widgets import Static

from ...actions.actions import ACTIONS
from ...actions.base import LOOK, SECTIONS, Action
from ...actions.vim_keys import MOVES
from ...draft.mode_help import MEANINGS, NAME_WIDTH
from ...widgets.drawing.plain_text import PlainText
from ..closing import ModalScreen
from .base import SCROLLS

READING = """\
A bar ends at the median call. Its shaded end is the 95 % interval, ┤ one too narrow to shade. \
┊ is where it ended in the case before, ┼ where both end; what is in parentheses is that case's figure. \
Rounds visit the modes in random order, so that a machine that slows down slows them all; a sparkline \
runs from the lowest round to the highest, at least 20 % apart. Dim rounds are warm-up and count for nothing; \
shaded or underlined ones were disturbed, and count. "Pays after" is the number of calls that repay the best \
mode's tracing and compiling. A best mode with a question mark is not certain yet, or suspicious.

What is marked in a field gives way to the first digit. \
Every letter is a command, wherever the cursor is. A row of the table under the cursor is shown above again."""

KEYS_WIDTH = 8
"""As wide as most of what is pressed, so that the sections stand under each other."""


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
            dialog.border_subtitle = SCROLLS
            for section in SECTIONS:
                told = [action for action in ACTIONS if action.section == section]
                lines = [(key_words(each), f"{each.title()}: {each.help()}") for each in told]
                yield from _section(section, lines) if lines else ()
                if section == LOOK:
                    yield from _section("move", MOVES.items())
            modes = "\n".join(f"{mode:<{NAME_WIDTH}}{meaning}" for mode, meaning in MEANINGS.items())
            yield PlainText(modes, id="modes")
            yield PlainText(READING, id="reading")
            if self._session_path is not None:
                yield PlainText(f"This session is kept in {self._session_path}", id="kept")

    def on_click(self) -> None:
        """A click goes back, for those who use the mouse alone."""
        self.dismiss(None)


def key_words(action: type[Action]) -> str:
    """Return an action's keys as they stand on the keyboard; a dash where the palette alone has it."""
    return " ".join(map(format_key, action.key_names())) or "–"


def _section(heading: str, lines: Iterable[tuple[str, str]]) -> Iterator[Static]:
    """A heading, and under it keys and what they do, in two columns."""
    columns = Table.grid(padding=(0, 2, 0, 0))
    columns.add_column(style="bold", min_width=KEYS_WIDTH, no_wrap=True)
    columns.add_column()
    for keys, words in lines:
        columns.add_row(Text(keys), Text(words))
    yield PlainText(heading, classes="heading")
    yield Static(columns)
