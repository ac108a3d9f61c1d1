"""One line: what is measured on the left, what the far side is doing on the right."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static


class Header(Horizontal):
    """The program's name, the case and the state."""

    DEFAULT_CSS = """
    Header {
        height: 1;
        background: $panel;
        padding: 0 1;
        #what { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
        #state { width: auto; padding: 0 0 0 2; }
    }
    """

    def compose(self) -> ComposeResult:
        """Both ends of the line."""
        yield Static(id="what", markup=False)
        yield Static(id="state", markup=False)

    def show(self, what: str, state: str) -> None:
        """Write both ends; what has not changed is not drawn again, and what is as long as before moves nothing."""
        for name, text in (("#what", what), ("#state", state)):
            part = self.query_one(name, Static)
            if part.content != text:
                part.update(text, layout=len(str(part.content)) != len(text))
