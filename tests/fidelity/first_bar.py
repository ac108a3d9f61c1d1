"""How soon a key press is answered by a bar: from `r` in a warm application to the first bar of another case.

The application is driven by its keys in a real terminal. It has measured one case (matmul as it is set up at first, all
modes) before matmul 256², graph alone, is chosen and `r` is pressed.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

from bench.events import (
    CaseStarted,
    Devices,
    Estimate,
    Event,
    PhaseFinished,
    PhaseStarted,
    PlanFinished,
    PlanStarted,
)
from bench.plan import Case
from bench.session.journal_reader import read
from tests.fidelity.listener import Listener
from tests.fidelity.part import Key, Line, Part, Row, Values, summary

COLUMNS, LINES = 80, 24
CASE = Case("matmul", (("m", 256), ("k", 256), ("n", 256)), modes=("graph",))

DOWN, SPACE = "\x1b[B", " "
SETUP = 3 * [DOWN, "[", "["] + 3 * [DOWN] + [SPACE] + 2 * [DOWN] + [SPACE]
"""From the first field on: the three sizes from 1024 to 256, past dtype and device, eager and xla unticked."""

BETWEEN_KEYS_S, REST_S = 0.2, 1.5
"""As a person types; and until nothing of what came before is still being done."""

BAR = re.compile(r"graph +[█▉▊▋▌▍▎▏▒┤]")
LATENCIES, NEXT_PANEL = "latency per call", "latest rounds"

MOST_BEYOND_S = 0.3


def units(repeats: int) -> Iterator[Key]:
    """An application each."""
    for repeat in range(repeats):
        yield {"repeat": repeat}


def measure(_: Key) -> Values:
    """Seconds from the key to the bar, of which tracing and the first call took so much, and how the rest went by."""
    with tempfile.TemporaryDirectory() as place:
        session = Path(place, "session.jsonl")
        arguments = ["-m", "tui", "--session", str(session)]
        with Listener(arguments, Path(place), columns=COLUMNS, lines=LINES) as terminal:
            terminal.until(lambda: _told(session, Devices) == 1)
            terminal.listen_for(REST_S)
            terminal.type("r")
            terminal.until(lambda: _told(session, PlanFinished) == 1)
            terminal.listen_for(REST_S)
            for each in SETUP:
                terminal.type(each)
                terminal.listen_for(BETWEEN_KEYS_S)
            terminal.listen_for(REST_S)
            to_unix_s = time.time() - time.perf_counter()
            pressed_at = terminal.type("r")
            terminal.until(lambda: _told(session, PlanFinished) == 2)
            bar_at = first_bar(terminal, pressed_at)
        events = last_plan(read(session).events)
    compiled_s = sum(event.duration_s for event in events if _is_compilation(event))
    return {
        "bar_s": bar_at - pressed_at,
        "compiled_s": compiled_s,
        "beyond_s": bar_at - pressed_at - compiled_s,
        "steps": steps(events, pressed_at + to_unix_s, bar_at + to_unix_s),
    }


def first_bar(terminal: Listener, since: float) -> float:
    """When, after `since`, a bar came to stand where none stood. Raises RuntimeError if none did."""
    stood = True
    for at, lines in terminal.screens():
        stands = has_bar(lines)
        if at > since and stands and not stood:
            return at
        stood = stands
    raise RuntimeError(f"no bar came; the terminal shows\n{terminal.text}")


def has_bar(lines: Sequence[str]) -> bool:
    """Whether a bar stands in a screen's panel of latencies; sparklines look alike."""
    inside = False
    for line in lines:
        inside = (inside or LATENCIES in line) and NEXT_PANEL not in line
        if inside and BAR.search(line):
            return True
    return False


def last_plan(events: Sequence[Event]) -> list[Event]:
    """What was told of the last plan. Raises RuntimeError if the keys have set up another case."""
    begin = max(index for index, event in enumerate(events) if isinstance(event, PlanStarted))
    plan_started, *_ = last = list(events[begin:])
    assert isinstance(plan_started, PlanStarted)
    if plan_started.plan.cases != (CASE,):
        raise RuntimeError(f"the keys have set up {plan_started.plan.cases}")
    return last


def steps(events: Sequence[Event], pressed_at: float, bar_at: float) -> dict[str, float]:
    """The seconds until each step began, from the beginning of the one before, by Unix times."""
    marks = [("key", pressed_at)]
    for event in events:
        match event:
            case PlanStarted() | CaseStarted():
                marks.append((event.kind, event.at))
            case PhaseStarted():
                marks.append((f"{event.mode} {event.phase}".strip(), event.at))
            case Estimate():
                marks.append(("first round", event.at))
                break
    marks.append(("bar", bar_at))
    return {name: round(at - before, 4) for (_, before), (name, at) in pairwise(marks)}


def _is_compilation(event: Event) -> TypeGuard[PhaseFinished]:
    return isinstance(event, PhaseFinished) and event.mode == "graph" and event.phase in ("trace", "first_call")


def _told(session: Path, kind: type[Event]) -> int:
    """How often a session tells of something: a look that costs the measurement nothing."""
    return session.read_bytes().count(f'"kind":"{kind.kind}"'.encode()) if session.exists() else 0


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The time beyond compiling, and its longest steps."""
    if lines:
        beyond_s = [line.values["beyond_s"] for line in lines]
        names = dict.fromkeys(name for line in lines for name in line.values["steps"])
        took_s = {name: statistics.median(line.values["steps"].get(name, 0.0) for line in lines) for name in names}
        longest = sorted(took_s, key=lambda name: took_s[name], reverse=True)[:4]
        yield Row(
            f"ms from `r` to the first bar beyond trace and compile, graph, matmul 256², {len(lines)} applications: "
            "median (least-most)",
            summary([1e3 * each for each in beyond_s]),
            f"≤ {1e3 * MOST_BEYOND_S:.0f}",
            "until " + ", ".join(f"{name} {1e3 * took_s[name]:.0f}" for name in longest),
        )


PART = Part(
    name="first-bar",
    help="Milliseconds from `r` in a warm application to the first bar, beyond trace and compile (6 min).",
    repeats=20,
    units=units,
    measure=measure,
    rows=rows,
)
