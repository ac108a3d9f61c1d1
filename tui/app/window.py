"""The terminal's window: its driver, its size, its colours and its focus."""

from __future__ import annotations

from collections.abc import MutableMapping

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import AppBlur, AppFocus, Event, Key, Resize
from textual.timer import Timer

from ..terminal.driver import TerminalDriver
from .job_control import SuspendingApp

FOCUS_SETTLES_S = 0.1
"""Seconds without another change after which a focus change counts. Each one costs 80 ms of styling."""


def believe_terminal(environment: MutableMapping[str, str]) -> None:
    """Remove an exported size and an empty NO_COLOR from the environment, where Textual would read them.

    COLUMNS and LINES are of the window that they were exported in, and no change of this one's would be heard.
    """
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    if not environment.get("NO_COLOR"):
        environment.pop("NO_COLOR", None)


class WindowApp(SuspendingApp):
    """Reads any bytes of a terminal, and handles only the last of several focus changes at once."""

    _focus_change: AppFocus | AppBlur | None = None
    _focus_timer: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that a terminal's bytes cannot break, unless the environment names one."""
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    async def on_event(self, event: Event) -> None:
        """Take the window's present size, whichever is told, and delay focus changes; a key proves the focus."""
        if isinstance(event, Resize) and isinstance(self._driver, TerminalDriver):
            if (resize := self._driver.as_it_is_now(event)) is None:
                return
            event = resize
        if isinstance(event, AppFocus | AppBlur):
            self._focus_change = event
            if self._focus_timer is not None:
                self._focus_timer.stop()
            self._focus_timer = self.set_timer(FOCUS_SETTLES_S, self._change_focus)
            return
        if isinstance(event, Key) and isinstance(self._focus_change, AppFocus):
            await self._change_focus()
        await super().on_event(event)

    async def _change_focus(self) -> None:
        change, self._focus_change = self._focus_change, None
        if change is not None and isinstance(change, AppFocus) != self.app_focus:
            await super().on_event(change)
