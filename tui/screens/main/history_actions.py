"""The actions that look back: at earlier sessions, at the same case measured before."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from bench.plan import Case
from bench.session.results import CaseResult

from ...actions.messages import Cancelled, Declined, Furnished, GoOn, MeasureAgain
from .action_screen import SessionScreen

if TYPE_CHECKING:
    from bench.session.history import History, Outline


class HistoryActions(SessionScreen):
    """A screen with the actions that look back. Reading takes a core, so it waits while something is measured."""

    _history: History | None = None

    @dataclass
    class Latest(Message):
        """The latest session is known, if there is one: whether it broke off."""

        outline: Outline | None

    @abstractmethod
    async def repeat(self, case: Case, *, thorough: bool) -> None:
        """Set up the same as `case`, and measure it."""

    @on(Furnished)
    def _look_for_a_session_to_go_on_with(self) -> None:
        if self._screen_context.read_only or self._session.cases or (history := self._open_history()) is None:
            return
        from ..background import aside

        aside(lambda: self.Latest(history.latest(but=self._screen_context.path)), self)

    @on(Latest)
    def _offer_to_go_on(self, message: Latest) -> None:
        outline = message.outline
        if (
            outline is None
            or outline.state != "broke off"
            or outline.session_id == self._screen_context.preferences.settings.declined
        ):
            return
        if self._session.cases or not self.is_active:
            return  # whoever has begun something is not asked
        from ..dialogs.confirm import GoingOnScreen

        def answer(yes: bool | None) -> None:
            self.post_message(GoOn.with_session(outline) if yes else Declined(outline.session_id))

        self.app.push_screen(GoingOnScreen(outline), answer)

    def action_browse(self) -> None:
        """Show earlier sessions."""
        if not self._may_read() or (history := self._open_history()) is None:
            return
        from ..history.session_list import SessionsScreen

        self.app.push_screen(SessionsScreen(history, self._session, self._screen_context.path), self._browsed)

    def action_compare(self) -> None:
        """Hold the case shown against another."""
        case = self.shown_case
        if case is None or not any(mode.measured for mode in case.modes):
            self.notify("There is nothing to compare yet: press r to measure.", severity="warning")
            return
        from ..history.compare_with import LATER, CounterpartScreen

        earlier = self._earlier()
        if self._is_measuring and not isinstance(earlier, str):
            earlier = LATER
        screen = CounterpartScreen(case, self._session, earlier, self._screen_context.path)

        def compare(other: CaseResult | None) -> None:
            if other is not None:
                from ...presentation.comparison_text import in_order
                from ..history.compare_cases import CompareScreen

                self.app.push_screen(CompareScreen(*in_order(other, case)))

        self.app.push_screen(screen, compare)

    def _may_read(self) -> bool:
        if self._is_measuring:
            self.notify("Reading earlier sessions would disturb what is being measured: esc stops it.")
        elif self._session.refining:
            self.post_message(Cancelled())
        return not self._is_measuring

    def _open_history(self) -> History | None:
        """Earlier sessions; None, and a line on why, where there is no place for them."""
        earlier = self._earlier()
        if isinstance(earlier, str):
            self.notify(earlier, severity="error")
            return None
        return earlier

    def _earlier(self) -> History | str:
        """Earlier sessions, or why there is no place for them."""
        if self._history is None:
            from bench.session.history import History

            from ...config.locations import LocationError, sessions_place

            try:
                self._history = History(sessions_place())
            except LocationError as error:
                return f"Sessions have no place: {error}"
        return self._history

    async def _browsed(self, chosen: MeasureAgain | GoOn | None) -> None:
        if chosen is None or not self._may_measure():
            return
        if isinstance(chosen, GoOn):
            self.post_message(chosen)
            return
        await self.repeat(chosen.case, thorough=chosen.thorough)
