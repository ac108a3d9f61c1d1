"""One line: what is measured on the left, what the far side is doing on the right."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from ..presentation.fixed_width import whole_words
from .drawing.plain_text import PlainText
from .drawing.style_sheet import beside


class Subject(Widget):
    """What is measured: as many of its words as there is room for."""

    text: reactive[str] = reactive("")

    def render(self) -> Content:
        """The words."""
        return Content(whole_words(self.text, self.size.width))


class Header(Horizontal):
    """The program's name, the case and the state."""

    DEFAULT_CSS = beside(__file__)

    def compose(self) -> ComposeResult:
        """Both ends of the line."""
        yield Subject()
        yield PlainText(id="state")

    def show(self, what: str, state: str) -> None:
        """Write both ends; what has not changed is not drawn again, and what is as long as before moves nothing."""
        self.query_one(Subject).text = what
        part = self.query_one("#state", Static)
        if part.content != state:
            part.update(state, layout=len(str(part.content)) != len(state))
