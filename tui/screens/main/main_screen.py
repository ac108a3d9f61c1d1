"""The screen that measures: what is set up, how it goes, what came out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from time import monotonic

from textual import on
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.widget import MountError

from bench.number_text import whole_percent
from bench.session.results import CaseResult
from bench.session.session import Session

from ...actions.actions import ACTIONS, Run, Stop
from ...actions.base import MEASURE, SET_UP
from ...actions.messages import Furnished
from ...presentation.related_cases import Relations
from ...presentation.status_text import describe, describe_case
from ...widgets.drawing.frame import framed
from ...widgets.footer import ActionFooter
from ...widgets.header import Header
from ...widgets.panels.breakdown_panel import BreakdownPanel
from ...widgets.panels.case_figures import Figures
from ...widgets.panels.case_panel import CasePanel
from ...widgets.panels.verdict import VerdictPanel
from ...widgets.results_panel import ResultsPanel
from ...widgets.setup.setup_panel import SetupPanel
from .context import ScreenContext
from .export_actions import ExportActions
from .history_actions import HistoryActions
from .workload_actions import WorkloadActions

NOT_OF_A_RECORDING = frozenset(
    action.name()
    for action in ACTIONS
    if action.section in (MEASURE, SET_UP) and action not in (Run, Stop)  # r says what can be done
)

THOROUGH_HINT = "Press t for a thorough run"
MOST_ROWS = 250
"""Cases whose rows are made before keys are heard again: a plan can begin with thousands."""

SLOW_S = 3
"""What takes longer than this shows how long it has taken."""


class MainScreen(WorkloadActions, ExportActions, HistoryActions):
    """Draws the session and asks for what is to be measured. The session is the application's: it is only read here."""

    CSS_PATH = "main_screen.tcss"

    can_stop = var(False, bindings=True)
    """Whether the footer tells how to stop."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-normal"), (110, "-wide"), (170, "-huge")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-tall")]  # noqa: RUF012

    def __init__(self, session: Session, context: ScreenContext, *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(session, context)
        self._clock = clock
        self._state, self._state_since = "", clock()
        self._chosen_case: str | None = None
        self._relations = Relations()
        self._seen = 0
        """The revision of the session's cases up to which is known what has changed."""
        self._changed: dict[str, None] = {}
        """Of these, what is still to be drawn."""

    def on_mount(self) -> None:
        """Say how large all is before there is anything that would have to be styled again."""
        self.set_class(self._screen_context.read_only, "-recording")
        width, height = self.app.size
        for breakpoints, length in ((self.HORIZONTAL_BREAKPOINTS, width), (self.VERTICAL_BREAKPOINTS, height)):
            self.add_class(max(each for each in breakpoints if each[0] <= length)[1])
        self.call_later(self._furnish)

    async def _furnish(self) -> None:
        """Put the panels in, top to bottom, and start where `r` measures right away; a recording has no setup."""
        context = self._screen_context
        setup = framed(SetupPanel(context.preferences.settings, context.config, id="setup"))
        breakdown = framed(BreakdownPanel(id="breakdown"))
        try:
            await self.mount(
                Header(),
                Horizontal(Vertical(setup, breakdown, id="left"), Figures(id="figures", classes="-empty"), id="top"),
                framed(VerdictPanel(id="verdict")),
                framed(ResultsPanel(id="results")),
                ActionFooter(),
            )
        except MountError:
            return  # the user has left already
        self._show_auto_run()
        if (case := self._session.current) and not self._screen_context.read_only:
            await self.set_up(case.case)  # of a session that is gone on with
            self._submitted = self.setup.draft.setup  # which auto-run has nothing to add to
        first = self.query_one(ResultsPanel).table if self._screen_context.read_only else self.query_one("#op")
        first.focus()
        self._show_verdict()
        self._show_state()
        self.post_message(Furnished())

    # --- drawing --------------------------------------------------------------------------------------------------

    def show(self, *, waiting: bool) -> None:
        """Draw the session as it is now, as far as that has changed."""
        self._waiting = waiting
        self.can_stop = self._can_stop
        self.setup.set_devices(self._session.devices)
        self.setup.add_workloads(self._session.workloads)
        if self._session.current is not None and self._session.current.sized:
            self.setup.learn_from(self._session.current.case)
        self.show_figures()
        self.show_words()

    def show_figures(self) -> None:
        """Draw the figures of the case alone."""
        self._show_before()
        self._figures.show(self.shown_case)

    def _show_before(self) -> None:
        case = self.shown_case
        before = self._relations.case_before(case) if case else None
        # An earlier row is looked at for its own figures, and a sweep has a plot of its own.
        is_ghost = case is not None and case is self._session.current and not case.plan.sweep
        self._figures.show_before(before, as_ghost=is_ghost)

    @property
    def _figures(self) -> Figures:
        return self.query_one(Figures)

    def show_words(self) -> None:
        """Draw what is said of the session, and its rows."""
        self._take_changes()
        self._show_case_in_words()
        self._show_state()

    def _show_case_in_words(self) -> None:
        self._show_breakdown(self.shown_case)
        self._show_relations()
        self._show_verdict()

    def _take_changes(self) -> None:
        """Draw the rows of the cases that have changed since the last time, and see what their sweeps show."""
        cases = self._session.cases
        self._changed |= dict.fromkeys(cases.changed_since(self._seen))
        self._seen = cases.revision
        part = [cases[case_id] for case_id in islice(self._changed, MOST_ROWS)]
        if not part:
            return
        self.query_one(ResultsPanel).take(part)
        for case in part:
            del self._changed[case.case_id]
            self._relations.take(case)
        if self._changed:
            self.call_later(self.show_words)

    def _show_relations(self) -> None:
        """Draw what other cases add to the one shown, where there is room for it."""
        if case := self.shown_case:
            self._figures.show_sizes(self._relations.sizes(case), is_sweep=bool(case.plan.sweep))
            self._show_before()

    def _show_breakdown(self, case: CaseResult | None) -> None:
        self.query_one("#breakdown", CasePanel).show(case)
        if case is None or case.is_explained or case.ended:  # else its place is kept for what will come
            for place in ("#left", "#breakdown"):
                self.query_one(place).set_class(case is not None and case.is_explained, "-explained")

    def begin(self) -> None:
        """A plan begins: show it rather than the row under the cursor, and give it the room of a narrow screen."""
        self._chosen_case = None
        self.add_class("-folded")

    @property
    def shown_case(self) -> CaseResult | None:
        """The case under the table's cursor, or else the latest."""
        return self._session.cases.get(self._chosen_case or "", self._session.current)

    def _show_verdict(self) -> None:
        case, chosen = self.shown_case, self.setup.draft.info
        can_run = not (self._screen_context.read_only or self._session.measuring or self._waiting)
        hint = THOROUGH_HINT if can_run and case and case.plan.effort != self.setup.draft.efforts["thorough"] else ""
        panel = self.query_one(VerdictPanel)
        known = "" if case else self._known.say(self._session, chosen.name, self.setup.draft.device)
        panel.tell(
            self._session,
            case,
            chosen,
            sweeps=self._relations.sweeps,
            waiting=self._waiting,
            known=known,
            hint=hint,
            device=self.setup.draft.device,
        )

        if case is None:
            self._figures.introduce(chosen, known)

    @on(SetupPanel.Changed)
    def _setup_changed(self, event: SetupPanel.Changed) -> None:
        event.stop()
        self._show_verdict()

    def _show_state(self) -> None:
        state = describe(self._session, waiting=self._waiting)
        if state != self._state:
            self._state, self._state_since = state, self._clock()
        took_s = self._clock() - self._state_since
        going_on = self._session.measuring or self._waiting or self._session.worker in ("none", "starting", "ending")
        slow = f" {took_s:.0f} s" if going_on and took_s >= SLOW_S and "left" not in state else ""
        share = self._screen_context.share()
        recording = f"recording {whole_percent(share)} · " if share < 1 else "recording · "
        mark = recording if self._screen_context.read_only else "● " if going_on else "○ "
        case = self.shown_case
        what = f"  {describe_case(case.case)}" if case else ""
        self.query_one(Header).show(f"tfjit{what}", f"{mark}{state}{slow}")

    @on(ResultsPanel.Chosen)
    def _choose(self, event: ResultsPanel.Chosen) -> None:
        event.stop()
        self._chosen_case = event.case_id
        self.call_after_refresh(self._show_chosen)  # the cursor first: the panels take a frame of their own

    def _show_chosen(self) -> None:
        self.show_figures()
        self._show_case_in_words()
        self._show_state()

    # --- beside measuring -----------------------------------------------------------------------------------------

    @property
    def absent(self) -> frozenset[str]:
        """Of a recording, what would measure or set something up."""
        return NOT_OF_A_RECORDING if self._screen_context.read_only else frozenset()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a command's key is to be heard: only a narrow screen folds its setup away."""
        if action == "setup" and not self.has_class("-narrow"):
            return False
        return super().check_action(action, parameters)

    def action_setup(self) -> None:
        """Show or fold away the setup of a narrow screen."""
        if self.has_class("-folded"):
            self.unfold()
        else:
            self.add_class("-folded")

    def action_details(self) -> None:
        """Show what is known of the case beside its latencies."""
        if self.shown_case is None:
            self.notify("There are no figures yet: press r to measure.", severity="warning")
            return
        from ..dialogs.details import DetailsScreen

        self.app.push_screen(DetailsScreen(lambda: self.shown_case))

    def action_filter(self) -> None:
        """Show some of the results."""
        self.query_one(ResultsPanel).ask_for_filter()

    def action_sort(self) -> None:
        """Show the results in another order."""
        self.query_one(ResultsPanel).sort_by_next()

    def action_help(self) -> None:
        """Show the help."""
        from ..dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self._screen_context.path))
