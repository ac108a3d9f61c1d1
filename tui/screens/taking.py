"""The commands that take something along: results in a file, a verdict to paste."""

from __future__ import annotations

from functools import partial

from .session_screen import SessionScreen


class TakingScreen(SessionScreen):
    """A screen whose results can be taken along."""

    def action_export(self) -> None:
        """Write the results to a file."""
        if not self._session.cases:
            self.notify("There is nothing to export yet: press r to measure.", severity="warning")
            return
        from .export import RESULTS

        self._ask_where(RESULTS)

    def action_screenshot(self) -> None:
        """Write the screen to a file, as a picture."""
        from .export import SCREEN

        self._ask_where(SCREEN)

    def _ask_where(self, path: str) -> None:
        from bench.repeat import far_arguments_of

        from ..picture import picture_of
        from .export import ExportScreen

        far_arguments = self._far_arguments or far_arguments_of(self._session)
        picture = partial(picture_of, self, self.app.title)
        self.app.push_screen(ExportScreen(self._session, picture, far_arguments, path=path), self._exported)

    def _exported(self, said: str | None) -> None:
        if said:
            self.notify(said)

    def action_copy(self) -> None:
        """Copy the verdict, to the clipboard and to a file."""
        case = self.shown_case
        if case is None or not any(mode.measured for mode in case.modes):
            self.notify("There is no verdict to copy yet.", severity="warning")
            return
        from ..quote import keep, quote

        text = quote(case, self._far_arguments)
        self.app.copy_to_clipboard(text)
        self.notify(keep(text))
