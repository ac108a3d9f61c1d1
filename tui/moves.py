"""The keys that move, for those who know them from vim: each is another name for a key that every terminal sends."""

from __future__ import annotations

from collections.abc import Mapping

from textual.events import Key
from textual.widget import Widget

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


def as_arrow(event: Key, focused: Widget | None) -> Key:
    """The key that a letter of vim's stands for; the key itself where it stands for none, or is typed."""
    arrow = VIM.get(event.key)
    is_typed = focused is not None and focused.check_consume_key(event.key, event.character)
    return event if arrow is None or is_typed else Key(arrow, None)
