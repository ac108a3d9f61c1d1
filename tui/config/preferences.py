"""What screens may ask and change of what is remembered. The application keeps it, and hands it in."""

from __future__ import annotations

from typing import Protocol

from .remembered import NOTHING_REMEMBERED, Settings


class Preferences(Protocol):
    """The user's choices as they are now."""

    @property
    def settings(self) -> Settings:
        """What is remembered."""

    def turn_star(self, name: str) -> None:
        """Star a workload, or no longer."""

    def trust_named(self, name: str) -> None:
        """Trust code from now on, since the user has named it."""


class NoPreferences:
    """Nothing is remembered: for a screen that only shows."""

    settings = NOTHING_REMEMBERED

    def turn_star(self, name: str) -> None:
        """Forget it."""

    def trust_named(self, name: str) -> None:
        """Forget it."""


NO_PREFERENCES = NoPreferences()
