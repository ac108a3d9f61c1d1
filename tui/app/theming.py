"""What the application looks like: its themes, shown before they are chosen, and read again when their files change."""

from __future__ import annotations

import os
from pathlib import Path

from textual import on
from textual.binding import Binding
from textual.command import Command, CommandPalette
from textual.filter import LineFilter
from textual.notifications import Notification, Notify, SeverityLevel

from bench.plan import MODES
from bench.printable import on_one_line, printable

from ..actions.messages import ThemeChosen
from ..terminal.ascii_fallback import InAscii
from ..terminal.diff_output import FrugalApp
from ..terminal.printable_lines import PrintableOnly
from . import theme_files
from .notices import Notice

WITHOUT_COLOURS = dict.fromkeys(("block-cursor-text-style", "block-cursor-blurred-text-style"), "bold underline")
"""What stands for the colours of a cursor where there are none: reversed, Textual's lists would not draw it."""

LOOK_EVERY_S = 1.0
"""The user's theme files are looked at so often."""


class ThemedApp(FrugalApp):
    """Wears a built-in theme or one of the user's; whoever is to remember which has been chosen hears ThemeChosen.

    `ascii`: whether all is drawn in ASCII. Under NO_COLOR no colours at all reach the terminal.
    """

    def __init__(self, *, ascii: bool = False) -> None:  # noqa: A002 - what it is
        # Textual would turn colours into greys under NO_COLOR; with the terminal's own it leaves them out.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self._printable_only = PrintableOnly()
        self._in_ascii: list[LineFilter] = [InAscii()] if ascii else []
        self._folder = theme_files.ThemeFolder(None)
        self._before_preview: str | None = None

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something as it stands: a path or a message may have brackets, which are never markup here."""
        shown_s = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Notice(printable(message), on_one_line(title), severity, shown_s)))

    def _unnotify(self, notification: Notification, refresh: bool = True) -> None:
        """Textual does not draw what was beneath a toast, where something was scrolled since it was laid out."""
        super()._unnotify(notification, refresh)
        self.call_after_refresh(self.screen.refresh)

    def get_line_filters(self) -> list[LineFilter]:
        """What becomes of a line before the terminal gets it."""
        return [*super().get_line_filters(), self._printable_only, *self._in_ascii]

    def get_key_display(self, binding: Binding) -> str:
        """A key's sign, or its name where signs are not to be had."""
        shown = super().get_key_display(binding)
        return binding.key if self._in_ascii and not shown.isascii() else shown

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that Textual's own themes do not have."""
        return {f"mode-{mode}": "ansi_default" for mode in MODES}

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, and what is otherwise without any."""
        return super().get_css_variables() | (WITHOUT_COLOURS if self.no_color else {})

    @property
    def usual_theme(self) -> str:
        """The theme of a person who has chosen none: sixteen colours are the terminal's own."""
        return theme_files.USUAL if self.console.color_system in ("truecolor", "256") else theme_files.TERMINALS

    def load_themes(self, folder: Path | None) -> list[str]:
        """Have the built-in themes and the user's instead of Textual's; a line for each that cannot be used."""
        self._folder = theme_files.ThemeFolder(folder)
        own, troubles = self._folder.changes()
        for name in self.available_themes:
            self.unregister_theme(name)
        for each in (*theme_files.built_in(), *own):
            self.register_theme(each)
        self.theme = self.usual_theme
        return troubles

    def on_mount(self) -> None:
        """Have an eye on the user's files."""
        self.set_interval(LOOK_EVERY_S, self._look_at_files)

    def _look_at_files(self) -> None:
        changed, troubles = self._folder.changes()
        for each in changed:
            self.register_theme(each)
            if each.name == self.theme:
                self.mutate_reactive(ThemedApp.theme)
        for trouble in troubles:
            self.notify(trouble, severity="warning")

    # --- the palette of themes ------------------------------------------------------------------------------------

    def search_themes(self) -> None:
        """Ask for a theme. The one under the cursor is worn at once, and given up again unless it is chosen."""
        from ..screens.dialogs.theme_palette import ThemePalette

        self._before_preview = self.theme
        others = (name for name in self.available_themes if name != self.theme)  # the cursor begins on the first
        self.push_screen(ThemePalette(self.screen, (self.theme, *others), self.choose_theme))

    @on(CommandPalette.OptionHighlighted)
    def _preview(self, event: CommandPalette.OptionHighlighted) -> None:
        option = event.highlighted_event.option
        if self._before_preview is not None and isinstance(option, Command):
            self.theme = str(option.hit.text)

    @on(CommandPalette.Closed)
    def _end_preview(self, event: CommandPalette.Closed) -> None:
        if self._before_preview is not None and not event.option_selected:
            self.theme = self._before_preview
        self._before_preview = None

    def choose_theme(self, name: str) -> None:
        """Wear a theme from now on."""
        self.theme = name
        self.post_message(ThemeChosen(name))
