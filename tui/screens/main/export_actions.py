"""The actions that export: results and plans to a file, the screen as a picture, the verdict to paste."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from bench.plan import Case, Plan, PlanError

from ...config.input_files import InputFile, inputs_of
from ...widgets.setup.dimensions import Dimensions
from ...widgets.setup.setup_panel import SetupPanel
from .action_screen import SessionScreen


class ExportActions(SessionScreen):
    """A screen with the actions that export what it shows."""

    def action_export(self) -> None:
        """Write the results to a file."""
        if not self._session.cases:
            self.notify("There is nothing to export yet: press r to measure.", severity="warning")
            return
        from ..dialogs.export import RESULTS

        self._ask_where(RESULTS)

    def action_screenshot(self) -> None:
        """Write the screen to a file, as a picture."""
        from ..dialogs.export import SCREEN

        self._ask_where(SCREEN)

    def _ask_where(self, path: str) -> None:
        from ...terminal.screenshot import picture_of
        from ..dialogs.export import ExportScreen

        picture = partial(picture_of, self, self.app.title)
        inputs = self._inputs_of(case.case for case in self._session.cases.values())
        screen = ExportScreen(self._session, picture, self._repeat_arguments, path=path, inputs=inputs)
        self.app.push_screen(screen, self._written)

    def action_write_plan(self) -> None:
        """Write what is set up as a plan's file."""
        self.after_typing(self._ask_for_plan_file)

    def _ask_for_plan_file(self) -> None:
        try:
            plan = self._plan
        except PlanError as error:
            self.notify(str(error), title="Not written", severity="error")
            return
        from bench.plans.cases import along

        from ...presentation.status_text import describe_case
        from ..dialogs.write_plan import WritePlanScreen

        (case,) = plan.cases
        example = "" if self._screen_context.read_only else self.query_one(Dimensions).axis_around(case)
        screen = WritePlanScreen(
            describe_case(case),
            partial(along, plan),
            self._axes_of(case),
            example=example,
            inputs=self._inputs_of([case]),
        )
        self.app.push_screen(screen, self._written)

    def _inputs_of(self, cases: Iterable[Case]) -> list[InputFile]:
        """The files that no export may replace: the session's own, user code and models."""
        path = self._screen_context.path
        return [*([] if path is None else [InputFile("this session's file", path)]), *inputs_of(cases)]

    @property
    def _plan(self) -> Plan:
        """What is set up; of a recording, which has no setup, the case that is shown. Raises PlanError."""
        if not self._screen_context.read_only:
            setup = self.query_one(SetupPanel)
            return self._screen_context.config.plan((setup.case(),), setup.draft.effort)
        shown = self.shown_case
        if shown is None:
            raise PlanError("This recording shows no case.")
        return replace(shown.plan, cases=(replace(shown.case, far=""),), sweep=())

    def _axes_of(self, case: Case) -> tuple[str, ...]:
        """Along what the workload was varied last, if it was."""
        latest = next(reversed(self._session.cases.values()), None)
        return latest.plan.sweep if latest is not None and latest.case.workload == case.workload else ()

    @property
    def _repeat_arguments(self) -> tuple[str, ...]:
        from ...presentation.repeat_arguments import repeat_arguments

        context = self._screen_context
        return repeat_arguments(context.config, context.far_arguments, self._session)

    def _written(self, said: str | None) -> None:
        if said:
            self.notify(said)

    def action_copy(self) -> None:
        """Copy the verdict, to the clipboard and to a file."""
        case = self.shown_case
        if case is None or not any(mode.measured for mode in case.modes):
            self.notify("There is no verdict to copy yet.", severity="warning")
            return
        from ...presentation.verdict_quote import keep_quote, quote_verdict

        text = quote_verdict(case, self._repeat_arguments)
        self.app.copy_to_clipboard(text)
        self.notify(keep_quote(text))
