"""The commands that look back: at earlier sessions, at the same case measured before."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from bench.plan import Case

from ..messages import GoOn
from .session_screen import SessionScreen

if TYPE_CHECKING:
    from bench.history import History

    from .looking_back import Again


class RecallingScreen(SessionScreen):
    """A screen from which one looks back. What is read for that takes a core, so it waits while something is measured.

    `_session_path` is the file of the session that the screen shows, if it is kept.
    """

    _session_path: Path | None = None
    _history: History | None = None

    @abstractmethod
    async def repeat(self, case: Case, *, thorough: bool) -> None:
        """Set up the same as `case`, and measure it."""

    def action_browse(self) -> None:
        """Show earlier sessions."""
        if not self._may_read() or (history := self._open_history()) is None:
            return
        from .sessions import SessionsScreen

        self.app.push_screen(SessionsScreen(history, self._session, self._session_path), self._browsed)

    def _may_read(self) -> bool:
        if self._session.measuring:
            self.notify("Reading earlier sessions would disturb what is being measured: esc stops it.")
        return not self._session.measuring

    def _open_history(self) -> History | None:
        """Earlier sessions; None, and a line on why, where there is no place for them."""
        if self._history is None:
            from bench.history import History

            from ..locations import LocationError, sessions_dir

            try:
                self._history = History(sessions_dir())
            except LocationError as error:
                self.notify(str(error), severity="error")
        return self._history

    async def _browsed(self, chosen: Again | GoOn | None) -> None:
        if chosen is None or not self._may_measure():
            return
        if isinstance(chosen, GoOn):
            self.post_message(chosen)
            return
        await self.repeat(chosen.case, thorough=chosen.thorough)
