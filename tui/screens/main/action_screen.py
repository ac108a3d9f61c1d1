"""A screen whose keys are actions: which of them are heard, and those that are the application's; its session."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from bench.session.results import CaseResult
from bench.session.session import Session

from ...actions.actions import BINDINGS
from ...widgets.results_panel import FilterInput
from ...widgets.row_table import ResultsTable
from ..closing import ClosingScreen
from .context import ScreenContext


class ActionScreen(ClosingScreen[None]):
    """Hears every action's key, wherever the cursor is. A subclass carries out the actions that are its own."""

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
        """Return whether an action's key is heard: an open list and the filter keep all keys, the table its arrows."""
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


class SessionScreen(ActionScreen):
    """A screen on a session, which is the application's and only read here."""

    def __init__(self, session: Session, context: ScreenContext) -> None:
        super().__init__()
        self._session = session
        self._screen_context = context
        self._waiting = False
        """Whether a plan was asked for that has not begun."""

    @property
    @abstractmethod
    def shown_case(self) -> CaseResult | None:
        """The case that the screen shows."""

    @property
    def _is_measuring(self) -> bool:
        """Tell whether a result is waited for: something is measured, or will be as soon as that can begin."""
        return (self._session.measuring and not self._session.refining) or self._waiting

    def _may_measure(self) -> bool:
        """Whether this is no recording; else it is said to be one."""
        if self._screen_context.read_only:
            self.notify("This is a recording: it measures nothing. Start `tfjit-tui` to measure.", severity="warning")
        return not self._screen_context.read_only
