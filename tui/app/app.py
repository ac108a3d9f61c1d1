"""The application: a first frame, then the main screen on the source's events. The source is steered from here.

What the first frame does not need is imported after it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import SystemCommand
from textual.events import DescendantFocus, Key, Paste
from textual.events import Event as AppEvent
from textual.screen import Screen

from ..actions.messages import (
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
from ..actions.vim_keys import as_arrow, pages_too_soon
from ..config.loader import NOTHING_SETTLED, Configuration
from ..screens.main.context import ScreenContext
from ..screens.main.first_frame import FirstFrame
from .window import WindowApp

if TYPE_CHECKING:
    from bench.engine.source import Source
    from bench.plan import Plan
    from bench.session.session import Session

    from ..config.trust import Trust
    from .feed import Feed, Inbox

HERE = Path(__file__).parent
SCREENS = HERE.parent / "screens"

REPAINT_S = 0.25
"""The screen is drawn so often at most, whatever comes."""

AFTERWARDS = (
    *(f"tui.screens.{path.parent.name}.{path.stem}" for path in sorted(SCREENS.glob("*/[a-z]*.py"))),
    "tui.presentation.comparison_text",
    "tui.presentation.verdict_quote",
    "tui.terminal.screenshot",
    "bench.analysis.support",
    "bench.analysis.verdict",
    "bench.plans.cases",
    "bench.plans.presets",
    "bench.plans.sweep",
    "bench.engine.launch",
    "bench.report.reproduce",
    "bench.session.journal_reader",
)
"""What a key needs when it is first pressed. It is imported while nobody waits for it."""

ANYWHERE = {"ctrl+c": "quit", "ctrl+z": "suspend_process", "ctrl+l": "redraw"}
"""Keys that do something in a dialog too, and in a field, which would take the first for a copy; and what they do."""


class TfjitApp(WindowApp):
    """Shows one session: `session`, if one is gone on with, else a new one."""

    TITLE = "tfjit-tui"
    CSS_PATH = [HERE / "app.tcss", SCREENS / "main/first_frame.tcss"]  # noqa: RUF012 - as Textual declares it

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
        trust: Trust | None = None,
        notices: Iterable[str] = (),
        clock: Callable[[], float] = monotonic,
        repaint_s: float = REPAINT_S,
    ) -> None:
        super().__init__(source, configuration, trust, ascii=ascii, asks=not read_only)
        self.tell(notices)
        self.animation_level = configuration.config.animation
        self._gone_on_with = session
        self._feed: Feed | None = None
        self._inbox: Inbox | None = None
        self._screen_context = ScreenContext(session_path, read_only, far_arguments, fars, self, configuration.config)
        self._clock = clock
        self._repaint_s = repaint_s
        self._first_frame_stays = ExitStack()
        self.is_complete = False
        """Whether the main screen is there."""
        self._too_early: list[Key | Paste] = []
        """What was typed or pasted before the screen that is to hear them."""

    def get_default_screen(self) -> FirstFrame:
        """What is there at once."""
        return FirstFrame(read_only=self._screen_context.read_only)

    def on_mount(self) -> None:
        """What takes time follows the first frame."""
        self.call_after_refresh(self._build)

    def on_unmount(self) -> None:
        """What is still read of a recording has no reader."""
        if self._inbox is not None:
            self._inbox.close()

    @property
    def feed(self) -> Feed:
        """What the source tells. There is none before the first frame."""
        assert self._feed is not None
        return self._feed

    @property
    def session(self) -> Session:
        """The session that is shown."""
        return self.feed.session

    @property
    def is_measuring(self) -> bool:
        """Whether a plan is under way."""
        return self._feed is not None and self._feed.session.measuring

    @property
    def has_its_result(self) -> bool:
        """Tell whether all that was asked for is known, though it may be getting more precise."""
        return self._feed is not None and self._feed.session.refining and not self._feed.waiting

    @property
    def is_waiting(self) -> bool:
        """Whether a plan was asked for that has not begun."""
        return self._feed is not None and self._feed.waiting

    def _build(self) -> None:
        """Have the far side start while the main screen is made, and put that in the first frame's place."""
        from bench.engine.source import Replay
        from bench.session.session import Session

        from .feed import MOST_AHEAD, Feed, Inbox

        most = MOST_AHEAD if self._screen_context.read_only else None
        self._inbox = inbox = Inbox(lambda: self.post_message(EventsArrived()), most)
        # Not a thread of the event loop's pool: that is waited for at the end, even of an application that has failed.
        threading.Thread(target=self._listen, args=(inbox,), name="listen-to-source", daemon=True).start()

        from ..screens.main.main_screen import MainScreen

        session = self._gone_on_with or Session()
        context = self._screen_context
        if isinstance(self._source, Replay):
            context = replace(context, share=self._source.share)
        main = MainScreen(session, context, clock=self._clock)
        self._feed = Feed(inbox, session, main, self._line)
        for style_sheet in SCREENS.rglob("*.tcss"):
            self.stylesheet.read(style_sheet)  # all at once: each that comes later has all of them parsed again
        self._first_frame_stays.enter_context(self.batch_update())
        self.push_screen(main)

    def _listen(self, inbox: Inbox) -> None:
        from .feed import listen

        self.post_message(SourceEnded(listen(self._source, inbox)))

    @on(Furnished)
    async def _begin_to_draw(self) -> None:
        gc.freeze()  # what stays to the end need not be looked through for garbage: it holds up everything for 60 ms
        gc.enable()  # it was off from the start
        self.is_complete = True
        self._first_frame_stays.close()
        self.feed.repaint()
        self.set_interval(self._repaint_s, self.feed.repaint)
        for event in self._too_early:
            await self.on_event(event)
        afterwards = (*AFTERWARDS, *(["plotext"] if self.screen.has_class("-wide", "-huge") else []))
        threading.Thread(target=lambda: [*map(import_module, afterwards)], name="import-the-rest", daemon=True).start()

    # --- requests, from the screen to the source --------------------------------------------------------------------

    @on(EventsArrived)
    def _show_news(self) -> None:
        if self.is_complete:
            self.feed.show_news()

    @on(Submitted)
    def _submit(self, message: Submitted) -> None:
        workloads = self._not_offered(*(name for case in message.plan.cases for name in case.code))
        self.admit("run it?", (), workloads, lambda: self._measure(message.plan))

    def _measure(self, plan: Plan) -> None:
        self.feed.waiting = True
        self._source.submit(plan)
        self.remember_measured(plan)
        self.feed.answer()

    def _not_offered(self, *names: str) -> list[str]:
        """Return those of the workloads that the far side does not offer by itself, as installed packages do."""
        offered = {info.name for info in self.session.workloads}
        return [name for name in names if name not in offered]

    @on(Unknown)
    def _look(self, message: Unknown) -> None:
        if self.trust.strangers((), self._not_offered(message.name)):
            return  # to look at code is to run it, and nobody has asked for that yet
        self._source.look(message.name, message.inputs, message.device)

    @on(Cancelled)
    def _cancel(self) -> None:
        self.feed.waiting = False
        self._source.cancel()
        self.feed.answer()

    @on(Skipped)
    def _skip(self) -> None:
        self._source.skip()

    @on(Paused)
    def _pause(self, message: Paused) -> None:
        self._source.pause(on=message.on)

    @on(Revisited)
    def _look_back(self, message: Revisited) -> None:
        from ..screens.main.past_session import LookingBackScreen

        config = self._screen_context.config
        self.push_screen(LookingBackScreen(message.session, message.path, message.when, message.repeat, config))

    @on(DescendantFocus)
    def _hold_the_cursor_still(self, message: DescendantFocus) -> None:
        """Of every field of every screen, Textual's own among them: blinking takes bytes of the line."""
        from textual.widgets import Input

        if isinstance(message.widget, Input):
            message.widget.cursor_blink = False

    # --- keys and the palette -------------------------------------------------------------------------------------

    async def on_event(self, event: AppEvent) -> None:
        """Every key comes by here first, whatever screen is on top, and again if nothing there has taken it."""
        if isinstance(event, Key) and pages_too_soon(event, self.screen):
            return
        if isinstance(event, Key) and not event.is_forwarded and event.key in ANYWHERE:
            await self.run_action(f"app.{ANYWHERE[event.key]}")
        elif isinstance(event, Key | Paste) and not self.is_complete:
            self._too_early.append(event)
        elif not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        else:
            await super().on_event(as_arrow(event, self.screen))

    def action_command_palette(self) -> None:
        """Open the palette, even while the one before is being taken away: Textual gives both the same id."""
        from ..screens.closing import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_redraw(self) -> None:
        """Draw everything anew."""
        self.draw_anew()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette's commands: those of a main screen, while it is on top."""
        from ..actions.actions import ACTIONS, Palette
        from ..screens.main.action_screen import ActionScreen

        if isinstance(screen, ActionScreen):
            for command in ACTIONS:
                if command is not Palette and command.name() not in screen.absent:
                    action = partial(screen.run_action, command.name())
                    yield SystemCommand(command.title(), command.help(), action)
