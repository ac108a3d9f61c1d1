"""The controls of the setup: each a line high, and each leaves the letters to the commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, Select

from bench.catalogue import Dim

from ...presentation.fixed_width import shorten
from ..drawing.plain_text import words
from ..drawing.style_sheet import beside

NUMBER_KEYS = "0123456789"

STAR = "★"
"""Beside a workload that the user has starred."""


def field_line(name: str, *controls: Widget) -> Horizontal:
    """A line of the setup: what it is called, and its controls."""
    return Horizontal(Label(words(name), classes="name"), *controls, classes="field")


class Choice(Select[str]):
    """A list to choose from. Up and down move along the setup; enter opens the list, in which letters move, too."""

    def __init__(self, name: str, options: list[tuple[str, str]], chosen: str) -> None:
        super().__init__(_drawn(options), value=chosen, allow_blank=False, compact=True, type_to_search=False, id=name)

    def offer(self, options: list[tuple[str, str]], chosen: str) -> None:
        """Offer other options, of which `chosen` is one, and say nothing of it: it is no choice of the user's."""
        # Or a choice that stays would keep its old words.
        self.set_reactive(Choice.value, Select.NULL)  # type: ignore[misc]
        with self.prevent(Select.Changed):
            self.set_options(_drawn(options))
            self.value = chosen


def _drawn(options: Iterable[tuple[str, str]]) -> list[tuple[Content, str]]:
    """Return options as Textual takes them: it would read markup in a string, and a device's name comes from afar."""
    return [(words(text), value) for text, value in options]


class OpField(Widget, can_focus=True):
    """The workload chosen. Enter or a click asks for another."""

    DEFAULT_CSS = beside(__file__)
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the letters that come with it, which are for what it opens.
        Binding("enter,space", "screen.pick", show=False, priority=True)
    ]

    def __init__(self) -> None:
        super().__init__(id="op")
        self._text = ""

    def show(self, name: str, *, is_starred: bool) -> None:
        """Have this name stand there."""
        text = f"{name} {STAR}" if is_starred else name
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        """The name, and that it opens."""
        return Content(f"{shorten(self._text, self.size.width - 2):<{self.size.width - 1}}▼")

    async def on_click(self) -> None:
        """Ask for another."""
        await self.run_action("screen.pick")


class DimInput(Input):
    """A dimension's size. Only digits are typed into it: every other key is a command."""

    def __init__(self, dim: Dim, text: str) -> None:
        super().__init__(text, restrict=r"\d*", max_length=9, compact=True)
        self.dim = dim

    def show(self, text: str) -> None:
        """Have this text, in place of which the next digit is typed."""
        if text != self.value:
            self.value = text
            self.select_all()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here, rather than being a command."""
        return character is not None and character in NUMBER_KEYS

    async def on_key(self, event: events.Key) -> None:
        """Leave commands to the screen; delete a digit at once."""
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()  # it bubbles up to the commands instead of being typed
        elif event.key == "backspace":
            event.stop()  # by way of the bindings, a digit that follows closely would come before it
            self.action_delete_left()


class ModeBox(Checkbox):
    """A mode to measure or not; the box itself says which, not its colour. `words` stand in place of its name."""

    def __init__(self, mode: str, *, ticked: bool = True, words: str = "") -> None:
        super().__init__(mode, value=ticked, compact=True)
        self.mode = mode
        self._words = words or mode

    def render(self) -> Content:
        """A box and the words."""
        label = Content.styled(self._words, self.get_visual_style("toggle--label"))
        return Content.assemble("☑" if self.value else "☐", label)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as what is drawn."""
        return 1 + len(self._words)
