"""A screen whose keys are the commands': which of them are heard, and those that are the application's."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from ...actions.actions import BINDINGS
from ...widgets.results_panel import FilterInput
from ...widgets.row_table import ResultsTable
from ..closing import ClosingScreen


class CommandScreen(ClosingScreen[None]):
    """Hears every command's key, wherever the cursor is. A subclass carries the commands out that are its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *BINDINGS,
        Binding("up,shift+tab", "previous_field", "Previous field", show=False, priority=True),
        Binding("down,tab", "next_field", "Next field", show=False, priority=True),
    ]

    @property
    def absent(self) -> frozenset[str]:
        """Commands that there is nothing for, by name."""
        return frozenset()

    def on_resize(self) -> None:
        """A narrow screen has a key more."""
        self.call_after_refresh(self.refresh_bindings)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a command's key is to be heard: an open list and the filter have all keys to themselves, the table
        its arrows.
        """
        if action in self.absent:
            return False
        if isinstance(self.focused, OptionList | FilterInput):
            return False
        if action in ("previous_field", "next_field"):
            return not isinstance(self.focused, ResultsTable)
        return super().check_action(action, parameters)

    def after_typing(self, act: Callable[[], object]) -> None:
        """Act once the field with the cursor has taken what was typed before, which over a slow line comes together."""
        if not (self.focused or self).call_later(act):
            self.call_later(act)  # the field is going away

    def action_previous_field(self) -> None:
        """Go to the field before."""
        self.focus_previous()

    def action_next_field(self) -> None:
        """Go to the next field."""
        self.focus_next()

    def action_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    async def action_theme(self) -> None:
        """Choose a theme."""
        await self.run_action("app.change_theme")

    def action_suspend(self) -> None:
        """Go to the background."""
        self.app.action_suspend_process()

    async def action_redraw(self) -> None:
        """Draw everything anew."""
        await self.run_action("app.redraw")

    async def action_quit(self) -> None:
        """Quit."""
        await self.run_action("app.quit")
