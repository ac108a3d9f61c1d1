"""The action that chooses what to measure."""

from __future__ import annotations

from functools import cached_property

from bench.plan import DEFAULT_MODES, PlanError, is_own

from ...draft.known_support import Known
from .measure_actions import MeasureActions


class WorkloadActions(MeasureActions):
    """A screen with the action that picks the workload of the setup from a list of them all."""

    @cached_property
    def _known(self) -> Known:
        return Known()

    async def action_pick(self) -> None:
        """Show all workloads to choose from."""
        if not self._may_measure():
            return
        from ..dialogs.picker import PickerScreen

        draft = self.setup.draft
        picker = PickerScreen(
            draft.workloads,
            draft.workload,
            self._screen_context.preferences,
            choose=self._pick,
            modes=(*DEFAULT_MODES, *draft.more_modes),
            known=lambda name: self._known.say(self._session, name, draft.device),
        )
        await self.app.push_screen(picker, self._show_stars)  # what is typed from here on is the picker's

    def action_against(self) -> None:
        """Ask for an old implementation that what is set up is held against."""
        self._after_changes(self._ask_what_against)

    def _ask_what_against(self) -> None:
        if not self._may_measure():
            return
        from ..dialogs.against import AgainstScreen

        try:
            case = self.setup.case()
        except PlanError as error:
            self.notify(str(error), severity="error")
            return
        far_arguments = self._screen_context.far_arguments
        self.app.push_screen(AgainstScreen(case, self.setup.draft.against, far_arguments), self._hold_against)

    def _hold_against(self, against: tuple[str, str] | None) -> None:
        if against is None:
            return
        if is_own(against[0]):
            self._screen_context.preferences.trust_named(against[0])
        self.setup.hold_against(against)
        if not any(against):
            self.notify("It is held against nothing.")

    def _show_stars(self, _: None) -> None:
        self.setup.show_stars(self._screen_context.preferences.settings.starred)

    async def _pick(self, workload: str) -> None:
        from ..dialogs.picker import OPEN

        if workload == OPEN:
            self.action_open()
        else:
            if workload in dict(self._screen_context.preferences.settings.opened):
                self._screen_context.preferences.trust_named(workload)  # as by `o` before
            await self.setup.choose(workload)
