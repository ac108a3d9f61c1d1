"""A screen under test: a source that the test plays, and ways to look at what is drawn."""

from __future__ import annotations

import queue
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from bench.engine.source import Replay, Source
from bench.events import Device, Devices, Event, Hello, WorkerStarting
from bench.plan import EFFORTS, Plan
from bench.session.journal_reader import read
from tests.paths import RECORDINGS
from tui.app.app import TfjitApp
from tui.config.loader import NOTHING_SETTLED, Configuration
from tui.draft.refining import REFINE_S
from tui.screens.dialogs.open import OpenScreen
from tui.widgets.setup.fields import DimInput

REFINED = replace(EFFORTS["quick"], refine_s=REFINE_S)
"""How the screen measures one case."""

PATIENCE_S = 20.0
REPAINT_S = 0.05

LOADED = (
    WorkerStarting(),
    Hello(protocol=1, host="box", platform="Linux", python="3.12.1", tensorflow="2.21.0", numpy="2.1.0"),
    Devices(devices=(Device("CPU:0", "A Processor"), Device("GPU:0", "An Accelerator"))),
)


def recorded(name: str) -> list[Event]:
    """The events of a session that was measured for real."""
    return list(read(RECORDINGS / f"{name}.jsonl").events)


def replay(name: str) -> Replay:
    """A recording, played at once."""
    return Replay(recorded(name), speed=float("inf"))


class Stage:
    """A source that emits what the test plays, and keeps what it was asked for."""

    def __init__(self, *events: Event) -> None:
        self.plans: list[Plan] = []
        self.case_ids: list[tuple[str, ...]] = []
        self.looks: list[tuple[str, str, str]] = []
        self.cancelled = 0
        self.skipped = 0
        self.pauses: list[bool] = []
        self.closed = False
        self._queue: queue.Queue[Event | None] = queue.Queue()
        self.play(*events)

    def play(self, *events: Event) -> None:
        for event in events:
            self._queue.put(event)

    def events(self) -> Iterator[Event]:
        while (event := self._queue.get()) is not None:
            yield event

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        self.plans.append(plan)
        self.case_ids.append(case_ids)

    def look(self, workload: str, inputs: str, device: str) -> None:
        self.looks.append((workload, inputs, device))

    def cancel(self) -> None:
        self.cancelled += 1

    def skip(self) -> None:
        self.skipped += 1

    def pause(self, *, on: bool) -> None:
        self.pauses.append(on)

    def close(self) -> None:
        self.closed = True
        self._queue.put(None)


class Screen:
    """An application that runs, and what it shows."""

    def __init__(self, app: TfjitApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """The whole screen, line by line."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until the condition holds; fail, showing the screen, if it never does."""
        await self._until(condition, "a condition to hold")

    async def _until(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain for {what}; the screen shows\n{self.text}"
            await self.pilot.pause()

    async def shows(self, *texts: str) -> None:
        """Wait until all of the texts are on the screen."""
        await self._until(lambda: all(text in self.text for text in texts), f"{' and '.join(map(repr, texts))}")


def dims(screen: Screen) -> dict[str, str]:
    """Return what stands in the fields of the dimensions."""
    return {field.dim.name: field.value for field in screen.app.screen.query(DimInput)}


@asynccontextmanager
async def opened(
    source: Source,
    *,
    size: tuple[int, int] = (80, 24),
    read_only: bool = False,
    fars: tuple[str, ...] = ("",),
    theme: str = "",
    ascii: bool = False,  # noqa: A002 - as in TfjitApp
    configuration: Configuration = NOTHING_SETTLED,
    session_path: Path | None = None,
) -> AsyncIterator[Screen]:
    """The application on a source; its clock stands still."""
    app = TfjitApp(
        source,
        session_path=session_path,
        read_only=read_only,
        fars=fars,
        ascii=ascii,
        configuration=configuration,
        clock=lambda: 0.0,
    )
    if theme:
        app.theme = theme
    async with running(app, size=size) as screen:
        await screen.until(lambda: app.is_complete)
        yield screen


@asynccontextmanager
async def running(
    app: TfjitApp,
    *,
    size: tuple[int, int] = (80, 24),
    message_hook: Callable[[Message], None] | None = None,
) -> AsyncIterator[Screen]:
    """An application that runs, and is left as a user leaves it: what still draws meanwhile is no failure."""
    async with app.run_test(size=size, notifications=True, message_hook=message_hook) as pilot:
        yield Screen(app, pilot)
        app.exit()


async def open_code(screen: Screen, name: str) -> None:
    """Open code of the user's that says itself what it is called with."""
    await screen.press("o")
    await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
    screen.app.screen.query_one("#name", Input).value = name
    await screen.press("enter")
    await screen.until(lambda: not isinstance(screen.app.screen, OpenScreen))
