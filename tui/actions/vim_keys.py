"""The keys that move, for those who know them from vim: each is another name for a key that every terminal sends."""

from __future__ import annotations

from collections.abc import Mapping

from textual.events import Key
from textual.screen import Screen
from textual.widgets import OptionList, Select

VIM: Mapping[str, str] = {"j": "down", "k": "up", "h": "left", "l": "right", "g": "home", "G": "end"}
"""What each stands for, wherever letters are not typed."""

MOVES: Mapping[str, str] = {
    "↑ ↓ k j": "The field, row or line before and after; tab and shift+tab, too.",
    "← → h l": "Within a number.",
    "g G": "The first and the last row, line or digit, as home and end.",
    "0-9": "Type a dimension.",
    "enter": "Open a list; choose.",
    "space": "Tick a mode.",
}
"""What moves, for the help."""


PAGES = ("pageup", "pagedown")


def as_arrow(event: Key, screen: Screen[object]) -> Key:
    """The key that a letter of vim's stands for; the key itself where it stands for none, or is typed."""
    arrow, focused = VIM.get(event.key), screen.focused
    is_typed = focused is not None and focused.check_consume_key(event.key, event.character)
    if arrow is None or is_typed:
        return event
    return Key(arrow, None)


def pages_too_soon(event: Key, screen: Screen[object]) -> bool:
    """Whether a list is to turn a page that is not drawn yet, where it would fail; fields draw theirs as they open."""
    lists = screen.query(OptionList) if event.key in PAGES else ()
    return any(
        each.option_count and not each.scrollable_content_region
        for each in lists
        if not isinstance(each.parent, Select)
    )
