"""The command line in a test's own process: invoked, on a source that stands in for an engine."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.events import Died, Event, SessionStarted, to_line
from bench.plan import Plan
from tui.cli import startup
from tui.cli.main import main

WAIT_S = 30.0

BEFORE = {"eager": (0.024,) * 3, "graph": (0.020,) * 3, "xla": (0.026,) * 3}
"""Latencies of three processes by mode: the earlier session of a comparison."""


class Scripted:
    """A source that plays events, whatever it is asked to measure; those in `after_cancel` once it is cancelled."""

    def __init__(self, events: Sequence[Event], after_cancel: Sequence[Event] | None = None) -> None:
        self.plans: list[Plan] = []
        self.closed = False
        self._events = events
        self._after_cancel = after_cancel
        self._cancelled = threading.Event()

    def events(self) -> Iterator[Event]:
        yield from self._events
        if self._after_cancel is not None:
            signal.raise_signal(signal.SIGINT)
            assert self._cancelled.wait(WAIT_S)
            yield from self._after_cancel

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        self.plans.append(plan)

    def look(self, workload: str, inputs: str, device: str) -> None: ...

    def cancel(self) -> None:
        self._cancelled.set()

    def skip(self) -> None: ...

    def pause(self, *, on: bool) -> None: ...

    def close(self) -> None:
        self.closed = True


def stand_in(monkeypatch: pytest.MonkeyPatch, source: Scripted) -> Scripted:
    """Let commands open `source` in place of an engine, and return it."""
    monkeypatch.setattr(startup, "open_engine", lambda *_args, **_options: (source, None))
    return source


def invoke(*words: str) -> Result:
    """Run `tfjit-tui WORDS` in this process."""
    return CliRunner().invoke(main, words)


def one_line(result: Result) -> str:
    """Return stderr, which must be one line of an error, with nothing on stdout."""
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("tfjit-tui: ")
    return result.stderr


def kept(name: str, events: Sequence[Event]) -> str:
    """Write the events as the session NAME into ./NAME.jsonl, and return that path."""
    path = Path(f"{name}.jsonl")
    first, *others = events
    assert isinstance(first, SessionStarted)
    lines = [to_line(event) for event in (replace(first, session_id=name), *others)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


LACKS_TENSORFLOW = Died(exit_code=1, log_tail=("ModuleNotFoundError: No module named 'tensorflow'",))


def recorded(path: Path, events: Sequence[Event]) -> str:
    """Write the events into a file, and return its path."""
    path.write_text("".join(to_line(event) + "\n" for event in events))
    return str(path)


def run(command: str) -> Result:
    """Run `tfjit-tui COMMAND` in this process: for what no shell has a part in."""
    return invoke(*command.split())
