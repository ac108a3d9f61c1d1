"""A table that fills a screen of its own."""

from __future__ import annotations

from textual.events import Click
from textual.message import Message

from .row_table import ResultsTable


class ListTable(ResultsTable):
    """Rows to choose one of, by a double click too. Its screen lays it out whenever it has another width."""

    class Resized(Message):
        """There is another width to lay it out for."""

    class Entered(Message):
        """The row under the cursor is chosen."""

    def on_resize(self) -> None:
        """Tell of the width."""
        self.post_message(self.Resized())

    def on_click(self, event: Click) -> None:
        """Choose what was clicked twice."""
        if event.chain == 2:
            self.post_message(self.Entered())
