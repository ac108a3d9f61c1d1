"""The last line of the screen: which keys do something now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

from .drawing.style_sheet import beside


@dataclass(frozen=True)
class Entry:
    """What is shown or left out as one: keys, each with what is drawn for it, and what they do."""

    keys: tuple[tuple[str, str], ...]
    label: str

    @property
    def width(self) -> int:
        """In columns, with the space after it."""
        return sum(len(drawn) + 1 for _, drawn in self.keys) + len(self.label) + 1


class ActionFooter(Widget):
    """As many keys as there is room for, the first first.

    Textual's own footer cuts them off in the middle of a word, and makes a widget for each whenever they change.
    """

    DEFAULT_CSS = beside(__file__)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key"}
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self.app.screen_change_signal.subscribe(self, self._see_what_is_on_top)

    def _see_what_is_on_top(self, top: Screen[object]) -> None:
        """Keys that a dialog hears first are drawn as what they are: not to be had."""
        self.set_class(top is not self.screen, "-beneath")

    def _follow(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen and self.app.app_focus:
            self._fit()

    def on_resize(self) -> None:
        """Show what there is room for now."""
        self._fit()

    def _fit(self) -> None:
        room, shown = self.size.width + 1, []  # the last has no space after it
        for entry in self._entries_of(self.screen.active_bindings.values()):
            room -= entry.width
            if room < 0:
                break
            shown.append(entry)
        if tuple(shown) != self._entries:
            self._entries = tuple(shown)
            self.refresh()

    def _entries_of(self, active: Iterable[ActiveBinding]) -> Iterator[Entry]:
        by_action: dict[str, Binding] = {}
        for each in active:
            if each.binding.show:
                by_action.setdefault(each.binding.action, each.binding)
        for group, members in groupby(by_action.values(), lambda binding: binding.group or binding.action):
            bindings = list(members)
            label = group.description if isinstance(group, Binding.Group) else bindings[0].description
            yield Entry(tuple((binding.key, self.app.get_key_display(binding)) for binding in bindings), label)

    def render(self) -> Content:
        """The keys, and what they do."""
        key_style = self.get_visual_style("footer--key")
        parts: list[Content] = []
        for entry in self._entries:
            parts += [Content.styled(drawn, key_style) for _, drawn in entry.keys]
            parts.append(Content(entry.label))
        return Content(" ").join(parts)

    def on_click(self, event: Click) -> None:
        """Press the key that is clicked: of several with one label, the one under the mouse, or else the first."""
        left = 0
        for entry in self._entries:
            start, pressed = left, entry.keys[0][0]
            for key, drawn in entry.keys:
                if start <= event.x <= start + len(drawn):
                    pressed = key
                start += len(drawn) + 1
            if left <= event.x < left + entry.width:
                self.app.simulate_key(pressed)
                return
            left += entry.width
