"""The design that was not taken: the same screen, and the measuring in a thread of its process.

`python -m tests.fidelity.in_thread JOB`. Everything else is as it is: the worker's own code, the same events, the same
panels redrawn as often.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench.events import CaseFinished, Event, PlanFinished, PlanStarted, SessionStarted, to_line
from bench.plan import Plan, WorkerOptions, to_dict
from bench.session.journal_writer import Journal
from bench.worker.channel import Log
from bench.worker.machine import environment
from tests.fidelity.turns import Job, show

CASE_ID = "1"


class ThreadChannel:
    """What the worker's code takes for its two pipes and its log."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def emit(self, event: Event) -> None:
        """Hand an event over."""
        self.events.put(event)

    def running(self, mode: str) -> None:
        """Nobody needs to know who is to blame for a death."""

    def stop_requested(self) -> bool:
        """It is never stopped."""
        return False


class ThreadSource:
    """A Source that measures one case in a thread of this process, and keeps its events in a journal."""

    def __init__(self, tf: Any, hello: Event, plan: Plan, journal: Journal, log: Log) -> None:
        from bench.worker.serve import CaseRequests

        self._hello = hello
        self._plan = plan
        self._journal = journal
        self._channel = ThreadChannel(log)
        self._cases = CaseRequests(tf, self._channel, WorkerOptions())  # type: ignore[arg-type]

    def events(self) -> Iterator[Event]:
        """Every event, in the journal first."""
        for event in self._measured():
            self._journal.append(to_line(event))
            yield event

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """It measures what it was made for."""

    def look(self, workload: str, inputs: str, device: str) -> None:
        """It is never asked what code is."""

    def cancel(self) -> None:
        """It is never cancelled."""

    def skip(self) -> None:
        """It is never skipped."""

    def pause(self, *, on: bool) -> None:
        """It is never paused."""

    def close(self) -> None:
        """It ends by itself."""

    def _measured(self) -> Iterator[Event]:
        yield SessionStarted(session_id="in-thread", version="", far="")
        yield self._hello
        yield PlanStarted(plan=self._plan, case_ids=(CASE_ID,))
        threading.Thread(target=self._measure, daemon=True).start()
        while True:
            event = self._channel.events.get()
            yield event
            if isinstance(event, CaseFinished):
                break
        yield PlanFinished()

    def _measure(self) -> None:
        self._cases.warm_up("CPU:0")
        (case,) = self._plan.cases
        effort = to_dict(self._plan.effort)
        self._cases.measure(
            {"case_id": CASE_ID, "case": to_dict(case), "effort": effort, "effect": self._plan.effect, "without": ()}
        )


def main(job: Job) -> None:
    """Measure the job's plan once."""
    log = _take_standard_error(Path(job.session).with_suffix(".log"))
    settings = environment.prepare()
    import tensorflow as tf

    source = ThreadSource(tf, environment.hello(tf, settings), job.plan, Journal(Path(job.session)), log)
    show(source)


def _take_standard_error(path: Path) -> Log:
    """Have TensorFlow's lines go to a file, and the screen still to the terminal."""
    terminal = os.fdopen(os.dup(2), "w", encoding="utf-8")
    log = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    sys.stderr = sys.__stderr__ = terminal  # type: ignore[misc]
    return Log(log)


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Job))
