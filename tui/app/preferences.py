"""What the application remembers from one session to the next, and the colours among that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from bench.plan import is_own, short_name

from ..actions.messages import CodeOpened, Declined, ThemeChosen
from ..config import remembered
from ..config.loader import ConfigSource, Configuration
from ..config.locations import LocationError, state_dir, state_place, user_themes
from ..config.trust import Trust, code_key
from .theming import ThemedApp

if TYPE_CHECKING:
    from bench.plan import Plan

NOTICE_S = 20.0
"""For so long it is told what was found before the first frame: nobody looks at once."""

MOST_TROUBLES = 2
"""What is settled wrongly is told as far as a small screen has room for."""


class RememberingApp(ThemedApp):
    """Has the user's settings and themes, and keeps what the user chooses."""

    def __init__(
        self,
        configuration: Configuration,
        trust: Trust | None = None,
        *,
        ascii: bool = False,  # noqa: A002 - as in ThemedApp
    ) -> None:
        super().__init__(ascii=ascii)
        self.trust = trust or Trust(configuration)
        self.settings = remembered.Settings()
        self._configuration = configuration
        self._notices = _few(configuration.troubles)
        self._load_settings()

    def on_mount(self) -> None:
        """Say what was found on the way here."""
        for notice in dict.fromkeys(self._notices):
            self.notify(notice, severity="warning", timeout=NOTICE_S)

    def tell(self, notices: Iterable[str]) -> None:
        """Have something else said when the screen opens."""
        self._notices += [notice[:1].upper() + notice[1:] for notice in notices]

    def _load_settings(self) -> None:
        try:
            user_folder: Path | None = user_themes()
            self.settings, trouble = remembered.load(state_place())
        except LocationError as error:
            user_folder, trouble = None, str(error)
        self._notices += [*filter(None, [trouble]), *self.load_themes(user_folder)]
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        elif self.settings.theme:
            self._notices.append(f"There is no theme {self.settings.theme!r} any more.")
        if (settled := self._configuration.settled("theme")) in self.available_themes:
            self.theme = settled  # else a trouble has told why its file cannot be used

    @on(ThemeChosen)
    def _remember_theme(self, message: ThemeChosen) -> None:
        if message.name != self.settings.theme:
            self._remember(lambda kept: replace(kept, theme=message.name), "The theme")
        settled, source = self._configuration.config.theme, self._configuration.source("theme")
        if message.name != settled and source in (ConfigSource.FILE, ConfigSource.VARIABLE):
            self.notify(f"The next start is {settled} again: {self._configuration.where('theme')} says so.")

    @on(CodeOpened)
    def _remember_opened(self, message: CodeOpened) -> None:
        key = code_key(message.name)

        def opened(kept: remembered.Settings) -> remembered.Settings:
            return kept.with_opened(message.name, message.inputs).with_known(code=(key,))

        self._remember(opened, short_name(message.name))

    @on(Declined)
    def _remember_declined(self, message: Declined) -> None:
        self._remember(lambda kept: replace(kept, declined=message.session_id), "The answer")

    def admit(self, what: str, fars: Iterable[str], workloads: Iterable[str], then: Callable[[], object]) -> None:
        """Call `then`; ask first if some of these commands or workloads were never used here. `what`: the title."""
        strangers = self.trust.strangers(fars, workloads)
        if not strangers:
            then()
            return
        from ..screens.dialogs.trust import AdmittingScreen

        def answer(yes: bool | None) -> None:
            if yes:
                self.trust.agree(strangers)
                then()

        self.push_screen(AdmittingScreen(what, strangers), answer)

    def trust_named(self, name: str) -> None:
        """Trust code from now on, since the user has named it."""
        self.trust.name(name)

    def turn_star(self, name: str) -> None:
        """Star a workload, or no longer."""
        is_starred = name in self.settings.starred

        def turned(kept: remembered.Settings) -> remembered.Settings:
            return kept.with_star_turned(name) if (name in kept.starred) == is_starred else kept

        self._remember(turned, "The star")

    def remember_measured(self, plan: Plan) -> None:
        """Offer what a plan measures before other workloads, and know its code from now on."""
        names = tuple(dict.fromkeys(case.workload for case in plan.cases))
        code = tuple(map(code_key, filter(is_own, (name for case in plan.cases for name in case.code))))

        def measured(kept: remembered.Settings) -> remembered.Settings:
            return kept.with_measured(*names).with_known(code=code)

        if measured(self.settings) != self.settings:
            self._remember(measured, "What was measured")

    def _remember(self, change: Callable[[remembered.Settings], remembered.Settings], what: str) -> None:
        self.settings = change(self.settings)
        try:
            self.settings = remembered.update(state_dir(), change)
        except (OSError, LocationError) as error:
            self.notify(f"{what} will not be remembered: {error}", severity="warning")


def _few(troubles: Sequence[str]) -> list[str]:
    """The troubles, or the first of them and how many more there are."""
    if len(troubles) <= MOST_TROUBLES + 1:
        return list(troubles)
    more = len(troubles) - MOST_TROUBLES
    return [*troubles[:MOST_TROUBLES], f"{more} more are settled wrongly: `tfjit-tui config` tells them all."]
