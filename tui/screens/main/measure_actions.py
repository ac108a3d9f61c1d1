"""The actions that ask for something to be measured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Protocol

from textual import on
from textual.events import ScreenResume

from bench.events import Looked
from bench.plan import Case, Effort, Plan, PlanError, short_name
from bench.runtime import Runtime
from bench.session.session import Session

from ...actions.messages import Cancelled, CodeOpened, Paused, Skipped, Submitted
from ...draft.draft import Setup
from ...draft.refining import refined_on_screen
from ...widgets.setup.dimensions import Dimensions
from ...widgets.setup.fields import DimInput
from ...widgets.setup.setup_panel import SetupPanel
from .action_screen import SessionScreen
from .context import ScreenContext


class ChangeDimension(Protocol):
    """Changes a dimension, up or down; returns what kept it from going further, if anything."""

    def __call__(self, field: DimInput | None, *, up: bool) -> str: ...


class MeasureActions(SessionScreen):
    """A screen with a setup and the actions that measure it. A subclass draws what becomes of the plans."""

    def __init__(self, session: Session, context: ScreenContext) -> None:
        super().__init__(session, context)
        self._auto_run_on = context.config.auto_run
        self._submitted: Setup | None = None
        """What was set up when it was last measured."""
        self._settled_beneath = False
        """Whether a change has settled while another screen was on top."""

    @property
    def setup(self) -> SetupPanel:
        """The setup."""
        return self.query_one(SetupPanel)

    def unfold(self) -> None:
        """Show the setup where a narrow screen has folded it away, with the cursor on a dimension."""
        if self.has_class("-narrow") and self.has_class("-folded"):
            self.remove_class("-folded")
            if dimension := self.setup.dimension:
                dimension.focus()

    def action_run(self) -> None:
        """Measure what is set up."""
        self._after_changes(lambda: self._submit(self.setup.draft.effort))

    def action_thorough(self) -> None:
        """Measure what is set up, more finely."""
        self._after_changes(lambda: self._submit(self.setup.draft.efforts["thorough"]))

    async def action_seed(self) -> None:
        """Measure the preset."""
        from bench.plans.presets import SEED

        await self.setup.take(SEED.case)
        self._submit(self.setup.draft.effort, preset=SEED.name)

    async def set_up(self, case: Case) -> bool:
        """Set up the same as `case`; whether that can be done, else it is said why not."""
        try:
            await self.setup.take(case)
        except PlanError as error:
            self.notify(str(error), title="Not set up", severity="error")
            return False
        return True

    async def repeat(self, case: Case, *, thorough: bool) -> None:
        """Set up the same as `case`, and measure it."""
        if await self.set_up(case):
            self._submit(self.setup.draft.efforts["thorough"] if thorough else self.setup.draft.effort)

    @property
    def _can_stop(self) -> bool:
        return self._session.measuring or self._waiting or bool(self._session.reading)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a command's key is to be heard: there must be something to stop."""
        if action == "stop" and not self._can_stop:
            return False
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop measuring."""
        self.post_message(Cancelled())

    def action_open(self) -> None:
        """Ask for code of the user's."""
        if self._may_measure():
            self._ask_for_code()

    def tell(self, looked: Looked) -> None:
        """Take in what code of the user's is; where nobody can tell, ask for what is missing."""
        if looked.workload is not None:
            self.setup.learn(looked.name, looked.workload)
        elif looked.name == self.setup.draft.workload and self.is_active:
            self._ask_for_code(looked)
        else:
            self.notify(looked.error, title=short_name(looked.name), severity="error")

    def _ask_for_code(self, looked: Looked | None = None) -> None:
        from ..dialogs.open import OpenScreen

        screen = OpenScreen(*self.setup.draft.own, looked, far_arguments=self._screen_context.far_arguments)
        self.app.push_screen(screen, self._opened)

    async def _opened(self, chosen: tuple[str, str] | None) -> None:
        if chosen is not None:
            self._screen_context.preferences.trust_named(chosen[0])
            await self.setup.open(*chosen)
            self.post_message(CodeOpened(*chosen))

    def action_runtime(self) -> None:
        """Ask how TensorFlow is to run."""
        if self._may_measure():
            from ..dialogs.line_dialogs import RuntimeScreen

            self.app.push_screen(RuntimeScreen(self.setup.draft.runtime), self._set)

    def _set(self, runtime: Runtime | None) -> None:
        if runtime is not None:
            self.setup.set_runtime(runtime)

    def action_modes(self) -> None:
        """Ask for further modes."""
        if self._may_measure():
            from ..dialogs.modes import ModesScreen

            self.app.push_screen(ModesScreen(self.setup.draft.modes), self._modes_chosen)

    def _modes_chosen(self, chosen: tuple[str, ...] | None) -> None:
        if chosen is not None:
            self.setup.choose_more_modes(chosen)

    def action_sweep(self) -> None:
        """Ask along what to sweep, then measure that."""
        self._after_changes(self._ask_for_axes)

    def _ask_for_axes(self) -> None:
        if not self._may_measure():
            return
        try:
            case = self.setup.case()
        except PlanError as error:
            self.notify(str(error), title="Not started", severity="error")
            return
        from bench.plans.cases import along

        from ..dialogs.line_dialogs import SweepScreen

        suggestion = self.setup.query_one(Dimensions).axis_around(case) or "dtype=float32,bfloat16"
        effort = self.setup.draft.effort

        def plan(axes: tuple[str, ...]) -> Plan:
            planned = along(self._screen_context.config.plan((case,), effort), axes)
            return planned.on_each(self._screen_context.fars)

        self.app.push_screen(SweepScreen(suggestion, plan), self._swept)

    def _swept(self, plan: Plan | None) -> None:
        if plan is not None:
            self.post_message(Submitted(plan))

    def action_pause(self) -> None:
        """Begin no other case, or go on."""
        if self._session.measuring:
            self.post_message(Paused(on=not self._session.paused))

    def action_skip(self) -> None:
        """Go on with the next case."""
        if self._session.measuring:
            self.post_message(Skipped())

    def action_halve(self) -> None:
        """Halve the dimension under the cursor."""
        self._change_dimension(self.setup.scale, up=False)

    def action_double(self) -> None:
        """Double the dimension under the cursor."""
        self._change_dimension(self.setup.scale, up=True)

    def action_step_down(self) -> None:
        """Make the dimension under the cursor a step smaller."""
        self._change_dimension(self.setup.step, up=False)

    def action_step_up(self) -> None:
        """Make the dimension under the cursor a step larger."""
        self._change_dimension(self.setup.step, up=True)

    def action_undo(self) -> None:
        """Go back to the setup before."""
        self._after_changes(self._undo)

    async def _undo(self) -> None:
        self.unfold()
        if not await self.setup.undo():
            self.notify("There is nothing to undo.")

    def action_redo(self) -> None:
        """Take back the latest undo."""
        self._after_changes(self._redo)

    async def _redo(self) -> None:
        self.unfold()
        if not await self.setup.redo():
            self.notify("There is nothing to redo.")

    def action_auto_run(self) -> None:
        """Measure each changed setup by itself, or no longer; one that was changed before, too."""
        self._auto_run_on = not self._auto_run_on
        self._show_auto_run()
        if not self._auto_run_on:
            self.notify("Auto-run is off.")
            return
        self.notify("Auto-run is on: whenever the setup changes, it is measured.")
        if self._submitted is not None:
            self.after_typing(self._measure_what_changed)

    def _show_auto_run(self) -> None:
        self.setup.border_title = "setup · auto-run" if self._auto_run_on else "setup"

    @on(SetupPanel.Settled)
    def _setup_settled(self, event: SetupPanel.Settled) -> None:
        event.stop()
        if self._auto_run_on:
            self._measure_what_changed()

    @on(ScreenResume)
    def _measure_what_settled_beneath(self) -> None:
        if self._settled_beneath and self._auto_run_on:
            self._measure_what_changed()

    def _measure_what_changed(self) -> None:
        """Measure what is set up if that is news; whoever looks at another screen is not disturbed by it."""
        self._settled_beneath = not self.is_active
        if self.is_active and self.setup.draft.setup != self._submitted:
            self.action_run()

    def _change_dimension(self, change: ChangeDimension, *, up: bool) -> None:
        field = self.setup.dimension  # by the time it is changed, the cursor may stand on another

        def act() -> None:
            self.unfold()
            if note := change(field, up=up):
                self.notify(note, severity="warning")

        self._after_changes(act)

    def _after_changes(self, act: Callable[[], object]) -> None:
        """Act once all that came before has been taken, wherever the cursor was: what was typed, and what was asked
        for by keys.
        """
        typed = asyncio.Event()
        self.after_typing(typed.set)

        async def act_in_turn() -> None:
            await typed.wait()
            done = act()
            if isawaitable(done):
                await done

        self.setup.call_later(act_in_turn)

    def _submit(self, effort: Effort, preset: str = "") -> None:
        if not self._may_measure():
            return
        try:
            given = self._screen_context
            plan = given.config.plan((self.setup.case(),), effort, preset=preset).on_each(given.fars)
            plan = refined_on_screen(plan, given.config)
        except PlanError as error:
            self.notify(str(error), title="Not started", severity="error")
            return
        self._submitted = self.setup.draft.setup
        self.setup.begin_numbers_anew()
        self.post_message(Submitted(plan))
