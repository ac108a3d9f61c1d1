"""The commands that ask for something to be measured."""

from __future__ import annotations

from textual import on

from bench.events import Looked
from bench.plan import EFFORTS, Effort, Plan, PlanError, Runtime, short_name
from bench.session import Session

from ..messages import Cancelled, Opened, Paused, Skipped, Submitted
from ..widgets.setup import SetupPanel
from .session_screen import SessionScreen


class MeasuringScreen(SessionScreen):
    """A screen with a setup: from what that says come the plans. What becomes of them is drawn by a subclass."""

    def __init__(
        self, session: Session, *, read_only: bool, far_arguments: tuple[str, ...], fars: tuple[str, ...]
    ) -> None:
        super().__init__(session, read_only=read_only, far_arguments=far_arguments, fars=fars)
        self._waiting = False
        self._auto_run_on = False

    @property
    def setup(self) -> SetupPanel:
        """The setup."""
        return self.query_one(SetupPanel)

    def action_run(self) -> None:
        """Measure what is set up."""
        self.after_typing(lambda: self._submit(self.setup.draft.effort))

    def action_thorough(self) -> None:
        """Measure what is set up, more finely."""
        self.after_typing(lambda: self._submit(EFFORTS["thorough"]))

    async def action_seed(self) -> None:
        """Measure the preset."""
        from bench.presets import SEED

        await self.setup.take(SEED.case)
        self._submit(self.setup.draft.effort, preset=SEED.name)

    def action_stop(self) -> None:
        """Stop measuring."""
        if self._session.measuring or self._waiting or self._session.reading:
            self.post_message(Cancelled())

    def action_open(self) -> None:
        """Ask for code of the user's."""
        if self._may_measure():
            from .open import OpenScreen

            self.app.push_screen(OpenScreen(*self.setup.draft.own), self._opened)

    def tell(self, looked: Looked) -> None:
        """Take in what code of the user's is; where nobody can tell, ask for what is missing."""
        if looked.workload is not None:
            self.setup.learn(looked.name, looked.workload)
        elif looked.name == self.setup.draft.workload and self.is_current:
            from .open import OpenScreen

            self.app.push_screen(OpenScreen(*self.setup.draft.own, why=looked.error), self._opened)
        else:
            self.notify(looked.error, title=short_name(looked.name), severity="error")

    async def _opened(self, chosen: tuple[str, str] | None) -> None:
        if chosen is not None:
            await self.setup.open(*chosen)
            self.post_message(Opened(*chosen))

    def action_runtime(self) -> None:
        """Ask how TensorFlow is to run."""
        if self._may_measure():
            from .runtime import RuntimeScreen

            self.app.push_screen(RuntimeScreen(self.setup.draft.runtime), self._set)

    def _set(self, runtime: Runtime | None) -> None:
        if runtime is not None:
            self.setup.set_runtime(runtime)

    def action_modes(self) -> None:
        """Ask for further modes."""
        if self._may_measure():
            from .modes import ModesScreen

            self.app.push_screen(ModesScreen(self.setup.draft.modes), self._modes_chosen)

    def _modes_chosen(self, chosen: tuple[str, ...] | None) -> None:
        if chosen is not None:
            self.setup.choose_more_modes(chosen)

    def action_sweep(self) -> None:
        """Ask along what to sweep, then measure that."""
        self.after_typing(self._ask_for_axes)

    def _ask_for_axes(self) -> None:
        if not self._may_measure():
            return
        try:
            case = self.setup.case()
        except PlanError as error:
            self.notify(str(error), title="Not started", severity="error")
            return
        from bench.sweep import suggest_axis

        from ..request import sweep_plan
        from .sweep import SweepScreen

        field = self.setup.dimension
        suggestion = suggest_axis(field.dim, dict(case.dims)[field.dim.name]) if field else "dtype=float32,bfloat16"
        effort = self.setup.draft.effort
        self.app.push_screen(
            SweepScreen(suggestion, lambda axes: sweep_plan(case, axes, effort).on_each(self._fars)), self._swept
        )

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
        self._scale(up=False)

    def action_double(self) -> None:
        """Double the dimension under the cursor."""
        self._scale(up=True)

    def action_auto_run(self) -> None:
        """Measure each changed setup by itself, or no longer."""
        self._auto_run_on = not self._auto_run_on
        self.setup.border_title = "setup · auto-run" if self._auto_run_on else "setup"
        self.notify("A changed setup is measured by itself." if self._auto_run_on else "Auto-run is off.")

    @on(SetupPanel.Settled)
    def _setup_settled(self, event: SetupPanel.Settled) -> None:
        event.stop()
        if self._auto_run_on:
            self.action_run()

    def _scale(self, *, up: bool) -> None:
        field = self.setup.dimension  # by the time it is scaled, the cursor may stand on another

        def scale() -> None:
            if note := self.setup.scale(field, up=up):
                self.notify(note, severity="warning")

        self.after_typing(scale)

    def _submit(self, effort: Effort, preset: str = "") -> None:
        if not self._may_measure():
            return
        try:
            plan = Plan((self.setup.case(),), effort, preset=preset).on_each(self._fars)
        except PlanError as error:
            self.notify(str(error), title="Not started", severity="error")
            return
        self.post_message(Submitted(plan))
