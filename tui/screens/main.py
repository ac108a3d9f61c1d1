"""The screen that measures: what is set up, how it goes, what came out.

What the first frame does not need is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import MountError

from bench.results import CaseResult
from bench.session import Session

from ..activity import describe, describe_case
from ..ghosts import ghost_of
from ..messages import Furnished
from ..occasion import Occasion
from ..widgets.case_panel import CasePanel
from ..widgets.header import Header
from ..widgets.results import ResultsPanel
from ..widgets.setup import SetupPanel
from ..widgets.verdict import VerdictPanel
from .picking import PickingScreen
from .recalling import RecallingScreen
from .taking import TakingScreen

if TYPE_CHECKING:
    from ..relations import Relations
    from ..widgets.figures import Figures

THOROUGH_HINT = "Press t for a thorough run"
WORDS_EVERY_S = 1.0
"""What is read, not watched, lies at both ends of the screen; Textual redraws all that lies between two changes."""

MOST_ROWS = 250
"""Cases whose rows are made before keys are heard again: a plan can begin with thousands."""

SLOW_S = 3
"""What takes longer than this shows how long it has taken."""


class MainScreen(PickingScreen, TakingScreen, RecallingScreen):
    """Draws the session and asks for what is to be measured. The session is the application's: it is only read here."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-normal"), (110, "-wide"), (170, "-huge")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-tall")]  # noqa: RUF012

    def __init__(self, session: Session, occasion: Occasion, *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(session, occasion)
        self._clock = clock
        self._state, self._state_since = "", clock()
        self._chosen_case: str | None = None
        self._ghost: CaseResult | None = None
        self._ghost_belongs_to = ""
        self._relations: Relations | None = None
        self._seen = 0
        """The revision of the session's cases up to which is known what has changed."""
        self._changed: dict[str, None] = {}
        """Of these, what is still to be drawn."""

    def compose(self) -> ComposeResult:
        """The panels, top to bottom."""
        yield Header()
        with Horizontal(id="top"), Vertical(id="left"):
            yield SetupPanel(self._occasion.remembered, self._occasion.config, id="setup").add_class("panel")
        yield VerdictPanel(id="verdict").add_class("panel")
        yield ResultsPanel(id="results").add_class("panel")

    def on_mount(self) -> None:
        """Draw what there is at once: the first frame waits for nothing that can follow it."""
        self.set_class(self._occasion.read_only, "-recording")
        self._show_verdict()
        self._show_state()
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        """Complete the screen, and start where `r` measures right away; a recording has no setup."""
        from ..relations import Relations
        from ..widgets.breakdown import BreakdownPanel
        from ..widgets.figures import Figures
        from ..widgets.footer import CommandFooter

        results = self.query_one(ResultsPanel)
        try:
            await self.query_one("#top").mount(Figures(id="figures"))
            await self.query_one("#left").mount(BreakdownPanel(id="breakdown").add_class("panel"))
            await results.furnish()
            await self.setup.furnish()
            self._show_auto_run()
            await self.mount(CommandFooter())
        except MountError:
            return  # the user has left already
        self._relations = Relations()
        if (case := self._session.current) and not self._occasion.read_only:
            await self.set_up(case.case)  # of a session that is gone on with
            self._submitted = self.setup.draft.setup  # which auto-run has nothing to add to
        first = results.table if self._occasion.read_only else self.query_one("#op")
        first.focus()
        self.set_interval(WORDS_EVERY_S, self._show_words)
        self.post_message(Furnished())

    # --- drawing --------------------------------------------------------------------------------------------------

    def show(self, *, waiting: bool) -> None:
        """Draw the session as it is now, as far as that has changed."""
        self._waiting = waiting
        self.setup.set_devices(self._session.devices)
        self.setup.add_workloads(self._session.workloads)
        if self._session.current is not None and self._session.current.sized:
            self.setup.learn_from(self._session.current.case)
        self.show_figures()
        self._show_words()

    def show_figures(self) -> None:
        """Draw the figures of the case alone; the words about them follow within WORDS_EVERY_S."""
        case = self.shown_case
        self._figures.show(case, self._ghost_of(case))

    @property
    def _figures(self) -> Figures:
        from ..widgets.figures import Figures

        return self.query_one(Figures)

    def _ghost_of(self, case: CaseResult | None) -> CaseResult | None:
        """What is held against the latest case. It stays what it was when the case was begun."""
        if case is None or case is not self._session.current:
            return None
        if self._ghost_belongs_to != case.case_id:
            self._ghost_belongs_to, self._ghost = case.case_id, ghost_of(case, self._session.cases)
        return self._ghost

    def _show_words(self) -> None:
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
        if not part or self._relations is None:
            return
        self.query_one(ResultsPanel).take(part)
        for case in part:
            del self._changed[case.case_id]
            self._relations.take(case)
        if self._changed:
            self.call_later(self._show_words)

    def _show_relations(self) -> None:
        """Draw what other cases add to the one shown, where there is room for it."""
        case, relations = self.shown_case, self._relations
        if case is not None and relations is not None:
            figures = self._figures
            figures.show_sizes(relations.sizes(case), is_sweep=bool(case.plan.sweep))
            figures.show_before(relations.before(case))

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
        can_run = not (self._occasion.read_only or self._waiting or self._session.measuring)
        hint = THOROUGH_HINT if can_run and case and case.plan.effort != self.setup.draft.efforts["thorough"] else ""
        panel = self.query_one(VerdictPanel)
        known = "" if case else self._known.say(self._session, chosen.name, self.setup.draft.device)
        panel.tell(
            self._session,
            case,
            chosen,
            sweeps=self._relations.sweeps if self._relations else None,
            waiting=self._waiting,
            known=known,
            hint=hint,
        )

        if case is None and self._relations is not None:
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
        going_on = self._session.measuring or self._waiting or self._session.worker in ("none", "starting")
        slow = f" {took_s:.0f} s" if going_on and took_s >= SLOW_S and "left" not in state else ""
        share = self._occasion.share()
        recording = f"recording {100 * share:.0f} % · " if share < 1 else "recording · "
        mark = recording if self._occasion.read_only else "● " if going_on else "○ "
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
        from .details import DetailsScreen

        self.app.push_screen(DetailsScreen(lambda: self.shown_case))

    def action_filter(self) -> None:
        """Show some of the results."""
        self.query_one(ResultsPanel).ask_for_filter()

    def action_sort(self) -> None:
        """Show the results in another order."""
        self.query_one(ResultsPanel).sort_by_next()

    def action_help(self) -> None:
        """Show the help."""
        from .help import HelpScreen

        self.app.push_screen(HelpScreen(self._occasion.path))
