"""What the application remembers from one session to the next, and the colours among that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import on

from bench.plan import short_name

from . import settings
from .locations import LocationError, config_dir, state_dir
from .messages import Opened, ThemeChosen
from .themed import ThemedApp


class RememberingApp(ThemedApp):
    """Has the user's settings and themes, and keeps what the user chooses."""

    def __init__(self, *, ascii: bool = False) -> None:  # noqa: A002 - as in ThemedApp
        super().__init__(ascii=ascii)
        self.settings = settings.Settings()
        self._notices: list[str] = []
        self._load_settings()

    def on_mount(self) -> None:
        """Say what was found on the way here."""
        for notice in self._notices:
            self.notify(notice, severity="warning")

    def _load_settings(self) -> None:
        try:
            user_folder: Path | None = config_dir() / "themes"
            self.settings, trouble = settings.load(state_dir())
        except LocationError as error:
            user_folder, trouble = None, str(error)
        self._notices += [*filter(None, [trouble]), *self.load_themes(user_folder)]
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        elif self.settings.theme:
            self._notices.append(f"There is no theme {self.settings.theme!r} any more.")

    @on(ThemeChosen)
    def _remember_theme(self, message: ThemeChosen) -> None:
        if message.name != self.settings.theme:
            self._remember(replace(self.settings, theme=message.name), "The theme")

    @on(Opened)
    def _remember_opened(self, message: Opened) -> None:
        self._remember(self.settings.with_opened(message.name, message.inputs), short_name(message.name))

    def _remember(self, new: settings.Settings, what: str) -> None:
        self.settings = new
        try:
            settings.save(state_dir(), new)
        except (OSError, LocationError) as error:
            self.notify(f"{what} will not be remembered: {error}", severity="warning")
