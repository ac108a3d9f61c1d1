"""The palette of themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual.command import CommandListItem, SimpleProvider
from textual.screen import Screen

from ..closing import Palette


class ThemePalette(Palette):
    """Textual's palette, of themes: a name that is chosen is told. It wears what the application wears meanwhile."""

    def __init__(self, below: Screen[object], names: Iterable[str], choose: Callable[[str], None]) -> None:
        commands: list[CommandListItem] = [(name, partial(choose, name), None) for name in names]
        provider = SimpleProvider(below, commands)
        super().__init__(providers=[provider], placeholder="Search for themes…")  # type: ignore[list-item]

    def on_mount(self) -> None:
        """Change with the theme: Textual leaves its palette as it was."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.app.stylesheet.update(self))
