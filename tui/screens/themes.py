"""The palette of themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual.command import CommandPalette, SimpleProvider
from textual.screen import Screen


class ThemePalette(CommandPalette):
    """Textual's palette, of themes: a name that is chosen is told. It wears what the application wears meanwhile."""

    def __init__(self, below: Screen[object], names: Iterable[str], choose: Callable[[str], None]) -> None:
        commands = [(name, partial(choose, name), None) for name in names]
        super().__init__(providers=[SimpleProvider(below, commands)], placeholder="Search for themes…")

    def on_mount(self) -> None:
        """Change with the theme: Textual leaves its palette as it was."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.app.stylesheet.update(self))
