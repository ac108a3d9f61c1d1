"""An earlier session on the screen, as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from bench.session.session import Session

from ...actions.actions import Browse, Run, Stop, Thorough
from ...actions.messages import Furnished, MeasureAgain
from ...config.schema import DEFAULTS, Config
from ...presentation.status_text import describe_case
from ...widgets.header import Header
from .context import ScreenContext
from .main_screen import MainScreen


class LookingBackScreen(MainScreen):
    """Shows a session that has ended. `repeat` is called for a row that is to be measured again now, by then on another
    screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(Run.key, "run", "run it now", tooltip="Set up the same now, and measure it", priority=True),
        Binding(Thorough.key, "thorough", Thorough.label, tooltip="The same, more finely", priority=True),
        Binding("escape,b,q", "go_back", "back", tooltip="Go back to the list of sessions", priority=True),
    ]

    @property
    def absent(self) -> frozenset[str]:
        """As of any recording; a row can be measured more finely, too."""
        return super().absent - {Thorough.name()} | {Browse.name(), Stop.name()}

    def __init__(
        self,
        session: Session,
        path: Path,
        when: str,
        repeat: Callable[[MeasureAgain], object],
        config: Config = DEFAULTS,
    ) -> None:
        super().__init__(session, ScreenContext(path, read_only=True, config=config))
        self.add_class("-folded")  # the figures have the room: nothing is set up here
        self._when = when
        self._repeat = repeat
        self._is_furnished = self._goes_back = False

    @on(Furnished)
    def _draw(self, message: Furnished) -> None:
        message.stop()  # the application's own screen has been drawn on for long
        self._is_furnished = True
        self.show(waiting=False)
        if self._goes_back:
            self.dismiss()

    def _show_state(self) -> None:
        case = self.shown_case
        what = f"  {describe_case(case.case)}" if case else ""
        self.query_one(Header).show(f"tfjit{what}", f"session of {self._when}")

    def action_go_back(self) -> None:
        """Go back; while the panels are still being mounted, right after that."""
        self._goes_back = True
        if self._is_furnished:
            self.dismiss()

    def action_run(self) -> None:
        """Measure the row again, now."""
        self._measure_again(thorough=False)

    def action_thorough(self) -> None:
        """Measure the row again, now and more finely."""
        self._measure_again(thorough=True)

    def _measure_again(self, *, thorough: bool) -> None:
        if self.shown_case is not None:
            again = MeasureAgain(self.shown_case.case, thorough)
            self.dismiss()
            self._repeat(again)
