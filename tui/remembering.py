"""What the application remembers from one session to the next, and the colours among that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import App
from textual.theme import Theme

from bench.plan import MODES, Plan, short_name

from . import settings, theme
from .locations import LocationError, config_dir, state_dir
from .messages import Opened


class RememberingApp(App[None]):
    """Has the user's settings and themes, and keeps what the user chooses."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = settings.Settings()
        self._notices: list[str] = []
        self._load_settings()

    def on_mount(self) -> None:
        """Say what was found on the way here."""
        for notice in self._notices:
            self.notify(notice, severity="warning")
        self.theme_changed_signal.subscribe(self, self._remember_theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that Textual's own themes do not have."""
        return {f"mode-{mode}": "ansi_default" for mode in MODES}

    def _load_settings(self) -> None:
        try:
            user_folder: Path | None = config_dir() / "themes"
            self.settings, trouble = settings.load(state_dir())
        except LocationError as error:
            user_folder, trouble = None, str(error)
        themes, troubles = theme.load(user_folder)
        self._notices += [*filter(None, [trouble]), *troubles]
        for own in themes:
            self.register_theme(own)
        names = [own.name for own in themes]
        if self.settings.theme not in names:
            self._notices.append(f"There is no theme {self.settings.theme!r} any more.")
        self.theme = self.settings.theme if self.settings.theme in names else names[0]
        for name in set(self.available_themes) - set(names):
            self.unregister_theme(name)

    def _remember_theme(self, chosen: Theme) -> None:
        if chosen.name != self.settings.theme:
            self._remember(replace(self.settings, theme=chosen.name), "The theme")

    @on(Opened)
    def _remember_opened(self, message: Opened) -> None:
        self._remember(self.settings.with_opened(message.name, message.inputs), short_name(message.name))

    def turn_star(self, name: str) -> None:
        """Star a workload, or no longer."""
        self._remember(self.settings.with_star_turned(name), "The star")

    def remember_measured(self, plan: Plan) -> None:
        """Offer what a plan measures before other workloads."""
        new = self.settings.with_measured(*(case.workload for case in plan.cases))
        if new != self.settings:
            self._remember(new, "What was measured")

    def _remember(self, new: settings.Settings, what: str) -> None:
        self.settings = new
        try:
            settings.save(state_dir(), new)
        except (OSError, LocationError) as error:
            self.notify(f"{what} will not be remembered: {error}", severity="warning")
