"""One worker, whose cases are watched by turns from the screen and from nowhere: `python -m tests.fidelity.turns JOB`.

Processes have modes of their own, which make two workers differ by more than a screen could: so it is one worker, one
engine and one process around them, and only who takes the events changes from turn to turn.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter, process_time

import msgspec
from textual import on

from bench.engine.engine import Engine
from bench.engine.launch import FarSide
from bench.engine.source import Source
from bench.events import Devices, Died, Event, FarLost, PlanFinished, Round
from bench.plan import Plan
from bench.session.journal_writer import Journal
from tui.actions.messages import SourceEnded
from tui.app.app import TfjitApp
from tui.cli.measure.headless import ProgressReporter, measure

HEADLESS, SCREEN = "headless", "screen"

SETTLED_AFTER = 0.2
"""The interface's own time is taken after so much of the rounds' budget."""


@dataclass(frozen=True)
class Job:
    """What to measure, who watches it in each turn, the session's file and that of the turns' figures."""

    plan: Plan
    watchers: tuple[str, ...]
    session: str
    report: str


@dataclass(frozen=True)
class Turn:
    """A turn: the case's id, and the processor's time that this process (not the worker) used while rounds ran."""

    watcher: str
    case_id: str
    wall_s: float
    cpu_s: float


class Measurement:
    """A Source that measures one plan by an engine that outlives it, and takes this process's time meanwhile."""

    def __init__(self, engine: Engine, opening: list[Event], stream: Iterator[Event], plan: Plan) -> None:
        self._engine = engine
        self._opening = opening
        self._stream = stream
        self.plan = plan
        self._first_round_at: float | None = None
        self._from: tuple[float, float] | None = None
        self._to = (0.0, 0.0)
        self._case_id = ""

    def events(self) -> Iterator[Event]:
        """What was known before, then the plan from its start to its end."""
        yield from self._opening
        self._engine.submit(self.plan)
        for event in self._stream:
            if isinstance(event, Round):
                self._take_time(event)
            yield event
            if isinstance(event, PlanFinished):
                return

    def turn(self, watcher: str) -> Turn:
        """What came of it."""
        wall, cpu = self._from or self._to
        return Turn(watcher, self._case_id, self._to[0] - wall, self._to[1] - cpu)

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """It is submitted when the events are asked for."""

    def look(self, workload: str, inputs: str, device: str) -> None:
        """It is never asked what code is."""

    def cancel(self) -> None:
        """It is never cancelled."""

    def skip(self) -> None:
        """It is never skipped."""

    def pause(self, *, on: bool) -> None:
        """It is never paused."""

    def close(self) -> None:
        """The engine lives on."""

    def _take_time(self, event: Round) -> None:
        self._case_id, self._to = event.case_id, (perf_counter(), process_time())
        self._first_round_at = self._first_round_at or self._to[0]
        if self._from is None and self._to[0] - self._first_round_at >= SETTLED_AFTER * self.plan.effort.budget_s:
            self._from = self._to


class OneTurn(TfjitApp):
    """The screen, which is left when there is nothing more to come."""

    @on(SourceEnded)
    def _leave(self) -> None:
        self.exit()


def show(source: Source) -> None:
    """Open the screen on a source until it ends. Raises RuntimeError if the screen fails."""
    screen = OneTurn(source)
    screen.run()
    if screen.return_code:
        raise RuntimeError("the screen failed")


def watch(measurement: Measurement, watcher: str) -> None:
    """Let the plan be measured, watched by `watcher`."""
    if watcher == SCREEN:
        show(measurement)
    else:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stderr(nowhere):
            measure(measurement, measurement.plan, ProgressReporter(lambda _: None))


def main(job: Job) -> None:
    """Do the job, and write what came of each turn."""
    engine = Engine(FarSide.from_options(), journal=Journal(Path(job.session)))
    stream = engine.events()
    try:
        opening = _until_ready(stream)
        turns = [_take_turn(Measurement(engine, opening, stream, job.plan), watcher) for watcher in job.watchers]
    finally:
        engine.close()
        for _ in stream:
            pass
    Path(job.report).write_text(json.dumps(turns), encoding="utf-8")


def _until_ready(stream: Iterator[Event]) -> list[Event]:
    opening = []
    for event in stream:
        opening.append(event)
        if isinstance(event, Devices):
            return opening
        if isinstance(event, Died | FarLost):
            break
    raise RuntimeError(f"there is no worker: {opening[-1]}")


def _take_turn(measurement: Measurement, watcher: str) -> dict[str, object]:
    watch(measurement, watcher)
    return asdict(measurement.turn(watcher))


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Job))
