"""What the parts of the main screen share: the session that they read, and what it is measured on."""

from __future__ import annotations

from abc import abstractmethod

from bench.session.results import CaseResult
from bench.session.session import Session

from .action_screen import CommandScreen
from .context import Occasion


class SessionScreen(CommandScreen):
    """A screen on a session, which is the application's and only read here."""

    def __init__(self, session: Session, occasion: Occasion) -> None:
        super().__init__()
        self._session = session
        self._occasion = occasion
        self._waiting = False
        """Whether a plan was asked for that has not begun."""

    @property
    @abstractmethod
    def shown_case(self) -> CaseResult | None:
        """The case that the screen shows."""

    @property
    def _is_measuring(self) -> bool:
        """Whether something is measured, or will be as soon as that can begin."""
        return self._session.measuring or self._waiting

    def _may_measure(self) -> bool:
        """Whether this is no recording; else it is said to be one."""
        if self._occasion.read_only:
            self.notify("This is a recording: it measures nothing. Start `tfjit-tui` to measure.", severity="warning")
        return not self._occasion.read_only
