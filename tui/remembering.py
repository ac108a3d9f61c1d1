"""What the application remembers from one session to the next, and the colours among that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import on
from textual.app import App
from textual.theme import Theme

from bench.plan import MODES, Plan, short_name

from . import settings, theme
from .configuration import Configuration, Source
from .locations import LocationError, state_dir, user_themes
from .messages import Declined, Opened


class RememberingApp(App[None]):
    """Has the user's settings and themes, and keeps what the user chooses."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        self.settings = settings.Settings()
        self._configuration = configuration
        self._notices = list(configuration.troubles)
        self._load_settings()

    def on_mount(self) -> None:
        """Say what was found on the way here."""
        for notice in dict.fromkeys(self._notices):
            self.notify(notice, severity="warning", markup=False)
        self.theme_changed_signal.subscribe(self, self._remember_theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that Textual's own themes do not have."""
        return {f"mode-{mode}": "ansi_default" for mode in MODES}

    def _load_settings(self) -> None:
        try:
            user_folder: Path | None = user_themes()
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
        wanted = (self._configuration.settled("theme"), self.settings.theme, names[0])
        self.theme = next(name for name in wanted if name in names)
        for name in set(self.available_themes) - set(names):
            self.unregister_theme(name)

    def _remember_theme(self, chosen: Theme) -> None:
        if chosen.name != self.settings.theme:
            self._remember(replace(self.settings, theme=chosen.name), "The theme")
        settled = self._configuration.config.theme
        if chosen.name != settled and self._configuration.source("theme") in (Source.FILE, Source.VARIABLE):
            self.notify(f"The next start is {settled} again: {self._configuration.where('theme')} says so.")

    @on(Opened)
    def _remember_opened(self, message: Opened) -> None:
        self._remember(self.settings.with_opened(message.name, message.inputs), short_name(message.name))

    @on(Declined)
    def _remember_declined(self, message: Declined) -> None:
        self._remember(replace(self.settings, declined=message.session_id), "The answer")

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
