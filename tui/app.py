"""The application: takes events from a source, folds them into the session, and has the screen drawn."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic

from textual import on
from textual.app import SystemCommand
from textual.events import Event as AppEvent
from textual.events import Key
from textual.notifications import SeverityLevel
from textual.screen import Screen

from bench.events import (
    Calibrated,
    Died,
    Disturbed,
    Estimate,
    Event,
    FarLost,
    Looked,
    MachineState,
    Notice,
    PhaseFinished,
    PlanStarted,
    Round,
    Verified,
)
from bench.session import Session
from bench.source import Source

from .commands import COMMANDS, Palette
from .configuration import NOTHING_SETTLED, Configuration
from .inbox import Inbox
from .leaving import LeavingApp
from .line import end_as_hung_up
from .messages import (
    Cancelled,
    EventsArrived,
    Furnished,
    Paused,
    Revisited,
    Skipped,
    SourceEnded,
    Submitted,
    Unknown,
)
from .moves import as_arrow, pages_too_soon
from .occasion import Occasion
from .screens.main import MainScreen

REPAINT_S = 0.25
"""The screen is drawn so often at most, whatever comes."""

FIGURES_EVERY, WORDS_EVERY = 2, 4
"""Of these times, in how many figures alone are drawn once, and what is read, not watched."""

QUIET_EVENTS = (Round, Estimate, MachineState, Disturbed, PhaseFinished, Verified, Calibrated)
"""They come often and change figures only."""

MOST_EVENTS = 500
"""Events that are taken before keys are heard again; a long recording comes all at once."""

AFTERWARDS = (
    *(f"tui.screens.{name}" for name in ("details", "export", "help", "modes", "open", "runtime", "sweep")),
    "tui.quote",
    "tui.request",
)
"""What a key needs when it is first pressed. It is imported while nobody waits for it."""

LEAVES_ANYWHERE = "ctrl+c"
"""From a dialog too, and from a field, which would take it for a copy."""

SEVERITIES: Mapping[str, SeverityLevel] = {"warning": "warning", "error": "error"}


class TfjitApp(LeavingApp):
    """Shows one session. The source is steered from here; its events are folded here and nowhere else."""

    TITLE = "tfjit-tui"
    CSS_PATH = "screens/main.tcss"

    def __init__(
        self,
        source: Source,
        *,
        session: Session | None = None,
        session_path: Path | None = None,
        read_only: bool = False,
        far_arguments: tuple[str, ...] = (),
        fars: tuple[str, ...] = ("",),
        ascii: bool = False,  # noqa: A002 - what it is
        configuration: Configuration = NOTHING_SETTLED,
        clock: Callable[[], float] = monotonic,
        repaint_s: float = REPAINT_S,
    ) -> None:
        super().__init__(source, session or Session(), configuration, ascii=ascii, asks=not read_only)
        self.animation_level = configuration.config.animation
        self._inbox = Inbox(lambda: self.post_message(EventsArrived()))
        self._can_draw = False
        self._repaint_s = repaint_s
        self._repaints, self._figures_drawn, self._words_drawn = 0, 0, 0
        """How many times there were to draw; the last in which the figures were drawn, and the words."""
        self._has_answered = False
        """Whether something was drawn at once, in place of the next time."""
        self._outdated, self._has_figures = False, False
        """Whether more than the figures has changed since all was drawn; whether figures have."""
        occasion = Occasion(session_path, read_only, far_arguments, fars, self.settings, configuration.config)
        self._main = MainScreen(self.session, occasion, clock=clock)

    def get_default_screen(self) -> MainScreen:
        """The screen that is there from the first frame on."""
        return self._main

    def on_mount(self) -> None:
        """What takes time follows the first frame."""
        self.call_after_refresh(self._start_listening)

    def _start_listening(self) -> None:
        """Have the far side start while the screen is completed."""
        # Not a thread of the event loop's pool: that is waited for at the end, even of an application that has failed.
        threading.Thread(target=self._listen, name="listen-to-source", daemon=True).start()

    # --- events, from the source to the screen ----------------------------------------------------------------------

    def _listen(self) -> None:
        error = ""
        try:
            for event in self._source.events():
                self._inbox.put(event, urgent=_is_urgent(event))
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
        self.post_message(SourceEnded(error))

    @on(Furnished)
    def _begin_to_draw(self) -> None:
        self._can_draw = True
        gc.freeze()  # what stays to the end need not be looked through for garbage: it holds up everything for 60 ms
        gc.enable()  # it was off from the start
        if self._take_events():
            self._paint()
        self.set_interval(self._repaint_s, self._repaint)
        threading.Thread(target=self._import_the_rest, name="import-the-rest", daemon=True).start()

    def _import_the_rest(self) -> None:
        has_room_for_plots = self._main.has_class("-wide")
        for name in (*AFTERWARDS, *(["plotext"] if has_room_for_plots else [])):
            import_module(name)

    @on(EventsArrived)
    def _show_first_bars(self) -> None:
        if self._can_draw and self._take_events() and self._line.takes_more:
            self._answer()

    def _repaint(self) -> None:
        if self._line.is_cut:
            end_as_hung_up()
        self._repaints += 1
        answered, self._has_answered = self._has_answered, False
        if not self._take_events() or answered or not self._line.takes_more:
            return
        if self._outdated:
            self._paint()
            return
        if self._has_figures and self._repaints - self._figures_drawn >= FIGURES_EVERY:
            self._has_figures, self._figures_drawn = False, self._repaints
            self._main.show_figures()
        if self._repaints - self._words_drawn >= WORDS_EVERY:
            self._words_drawn = self._repaints
            self._main.show_words()

    def _take_events(self) -> bool:
        """Fold what has come into the session; whether that was all of it."""
        events = self._inbox.take(MOST_EVENTS)
        for event in events:
            self._take(event)
        self._has_figures |= bool(events)
        self._outdated |= not all(isinstance(event, QUIET_EVENTS) for event in events)
        if len(events) < MOST_EVENTS:
            return True
        gc.freeze()  # results stay to the end, too
        self.call_later(self._take_events)  # there may be more; what is soon outdated is not drawn
        return False

    def _take(self, event: Event) -> None:
        try:
            self.session.apply(event)
        except (KeyError, ValueError) as error:
            self.notify(f"An event was left out: {event.kind}: {error}", severity="warning")
            return
        if isinstance(event, PlanStarted):
            self._waiting = False
            self._main.begin()
        elif isinstance(event, Looked):
            self._main.tell(event)
        elif isinstance(event, Died | FarLost):
            self._waiting = False  # the screen says what went wrong, not that it waits
        elif isinstance(event, Notice):
            self.notify(event.text, severity=SEVERITIES.get(event.severity, "information"))

    def _answer(self) -> None:
        """Draw at once what somebody waits for."""
        if self._can_draw:
            self._has_answered = True
            self._paint()

    def _paint(self) -> None:
        self._outdated, self._has_figures = False, False
        self._figures_drawn = self._words_drawn = self._repaints
        self._main.show(waiting=self._waiting)

    # --- requests, from the screen to the source --------------------------------------------------------------------

    @on(Submitted)
    def _submit(self, message: Submitted) -> None:
        self._waiting = True
        self._source.submit(message.plan)
        self.remember_measured(message.plan)
        self._answer()

    @on(Unknown)
    def _look(self, message: Unknown) -> None:
        self._source.look(message.name, message.inputs, message.device)

    @on(Cancelled)
    def _cancel(self) -> None:
        self._waiting = False
        self._source.cancel()
        self._answer()

    @on(Skipped)
    def _skip(self) -> None:
        self._source.skip()

    @on(Paused)
    def _pause(self, message: Paused) -> None:
        self._source.pause(on=message.on)

    @on(Revisited)
    def _look_back(self, message: Revisited) -> None:
        from .screens.looking_back import LookingBackScreen

        self.push_screen(LookingBackScreen(message.session, message.path, message.when, message.repeat))

    # --- keys and the palette -------------------------------------------------------------------------------------

    async def on_event(self, event: AppEvent) -> None:
        """Every key comes by here first, whatever screen is on top, and again if nothing there has taken it."""
        if isinstance(event, Key) and pages_too_soon(event, self.screen):
            return
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif event.key == LEAVES_ANYWHERE:
            await self.action_quit()
        else:
            await super().on_event(as_arrow(event, self.screen))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette's commands: those of a main screen, while it is on top."""
        if isinstance(screen, MainScreen):
            for command in COMMANDS:
                if command is not Palette and command.name() not in screen.ABSENT:
                    action = partial(screen.run_action, command.name())
                    yield SystemCommand(command.title(), command.help(), action)


def _is_urgent(event: Event) -> bool:
    """Whether to draw it at once: what gives the first bars is."""
    return isinstance(event, Estimate) and event.rounds == 1
