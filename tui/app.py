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
from bench.source import Replay, Source

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
from .occasion import Occasion, all_of_it
from .screens.main import MainScreen

REPAINT_S = 0.5
"""The figures are drawn so often while they change."""

QUIET_EVENTS = (Round, Estimate, MachineState, Disturbed, PhaseFinished, Verified, Calibrated)
"""They come often and change figures only: they wait for the next of the times when the figures are drawn."""

MOST_EVENTS = 200
"""Events that are taken before keys are heard again; a long recording comes all at once."""

BREATH_S = 0.001
"""Between two parts of many events."""

MOST_AHEAD = 10 * MOST_EVENTS
"""A recording is read no further ahead of what has been taken. Whoever measures waits for no screen."""

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
    ) -> None:
        super().__init__(source, session or Session(), configuration, ascii=ascii, asks=not read_only)
        self.animation_level = configuration.config.animation
        self._inbox = Inbox(lambda: self.post_message(EventsArrived()), MOST_AHEAD if read_only else None)
        self._can_draw = False
        self._takes_breath = False
        """Whether keys are heard, and what waits is drawn, between two parts of many events."""
        self._outdated = False
        """Whether more than the figures has changed since all was drawn."""
        self._behind = False
        """Whether figures have come that the line had no room for."""
        share = source.share if isinstance(source, Replay) else all_of_it
        occasion = Occasion(session_path, read_only, far_arguments, fars, self.settings, configuration.config, share)
        self._main = MainScreen(self.session, occasion, clock=clock)

    def get_default_screen(self) -> MainScreen:
        """The screen that is there from the first frame on."""
        return self._main

    def on_mount(self) -> None:
        """What takes time follows the first frame."""
        self.app_resume_signal.subscribe(self, self._draw_anew)
        self.call_after_refresh(self._start_listening)

    def on_unmount(self) -> None:
        """What is still read of a recording has no reader."""
        self._inbox.close()

    def _draw_anew(self, _: object) -> None:
        """The terminal was the shell's meanwhile: nothing of what was drawn is left."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)
            for part in screen.walk_children():
                part.refresh()

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
        self._take_events()
        self.set_interval(REPAINT_S, self._take_events)
        threading.Thread(target=self._import_the_rest, name="import-the-rest", daemon=True).start()

    def _import_the_rest(self) -> None:
        has_room_for_plots = self._main.has_class("-wide")
        for name in (*AFTERWARDS, *(["plotext"] if has_room_for_plots else [])):
            import_module(name)

    @on(EventsArrived)
    def _take_events(self) -> None:
        if not self._can_draw or self._takes_breath:
            return  # what has arrived is taken when the screen is complete
        if self._line.is_cut:
            end_as_hung_up()
        events = self._inbox.take(MOST_EVENTS)
        for event in events:
            self._take(event)
        self._outdated |= not all(isinstance(event, QUIET_EVENTS) for event in events)
        if len(events) == MOST_EVENTS:
            gc.freeze()  # results stay to the end, too
            self._takes_breath = True  # there may be more; what is soon outdated is not drawn
            self.set_timer(BREATH_S, self._take_more)
        elif not self._line.takes_more:
            self._behind |= bool(events)
        elif self._outdated:
            self._paint()
        elif events or self._behind:
            self._behind = False
            self._main.show_figures()

    def _take_more(self) -> None:
        self._takes_breath = False
        self._take_events()

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

    def _paint(self) -> None:
        if self._can_draw:
            self._outdated = False
            self._main.show(waiting=self._waiting)

    # --- requests, from the screen to the source --------------------------------------------------------------------

    @on(Submitted)
    def _submit(self, message: Submitted) -> None:
        self._waiting = True
        self._source.submit(message.plan)
        self.remember_measured(message.plan)
        self._paint()

    @on(Unknown)
    def _look(self, message: Unknown) -> None:
        self._source.look(message.name, message.inputs, message.device)

    @on(Cancelled)
    def _cancel(self) -> None:
        self._waiting = False
        self._source.cancel()
        self._paint()

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
    """Whether to draw it at once: what tells of a step is, and what gives the first bars."""
    return not isinstance(event, QUIET_EVENTS) or (isinstance(event, Estimate) and event.rounds == 1)
