"""The terminal that the application is in: what reads it, its colours and its size, and whether it has the focus."""

from __future__ import annotations

from collections.abc import MutableMapping

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import AppBlur, AppFocus, Event, Key
from textual.timer import Timer

from .suspending import SuspendingApp
from .terminal_driver import TerminalDriver

FOCUS_SETTLES_S = 0.1
"""A change of the focus counts once nothing has followed it for so long. Each styles every widget twice: 80 ms."""


def believe_terminal(environment: MutableMapping[str, str]) -> None:
    """Remove what Textual would take from the environment: an exported size, and an empty NO_COLOR, which means none.

    COLUMNS and LINES are of the window that they were exported in, and no change of this one's would be heard.
    """
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    if not environment.get("NO_COLOR"):
        environment.pop("NO_COLOR", None)


class WindowApp(SuspendingApp):
    """Takes whatever a terminal sends, and of several changes of its focus at once the last."""

    _focus_change: AppFocus | AppBlur | None = None
    _focus_timer: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that a terminal's bytes cannot break, unless the environment names one."""
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    async def on_event(self, event: Event) -> None:
        """Hold back changes of the focus; a key shows that the window has it."""
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
