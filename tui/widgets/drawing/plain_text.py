"""Put text of files, far sides and user code on the screen: escapes and markup are shown, not obeyed.

It is made printable before it is laid out, so that all widths are those of what is drawn.
"""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static

from bench.printable import UNPRINTABLE, on_one_line, printable


def words(text: str) -> Content:
    """Return one line to draw, with no markup and no unprintable character in it."""
    return Content(on_one_line(text))


def shown(text: str | Content) -> Content:
    """Return text of several lines, or styled text, without unprintable characters."""
    if isinstance(text, str):
        return Content(printable(text))
    if text.plain.isprintable():
        return text
    parts, done = [], 0
    for found in UNPRINTABLE.finditer(text.plain):
        parts += [text[done : found.start()], Content(printable(found.group()))]
        done = found.end()
    return Content("").join([*parts, text[done:]]) if parts else text


class PlainText(Static):
    """A widget that shows any text as it is."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(printable(text), id=id, classes=classes, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show other text."""
        super().update(printable(content) if isinstance(content, str) else content, layout=layout)
