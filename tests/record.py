"""Records the sessions that tests replay: `python -m tests.record`, on a quiet machine.

Real runs of real TensorFlow, scrubbed of whose machine it was.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from bench.engine.engine import Engine
from bench.engine.launch import FarSide
from bench.events import Catalogue, Event, Hello, PlanFinished, SessionStarted, to_line
from bench.plan import Case, Effort, Plan
from bench.plans.presets import SEED

HERE = Path(__file__).parent
EFFORT = Effort(budget_s=1.5)
SMALL = {"m": 256, "k": 256, "n": 256}

SESSIONS: dict[str, tuple[Case, ...]] = {
    "matmul": (SEED.case,),
    "tour": (
        Case("matmul", tuple(SMALL.items())),
        Case("matmul", tuple({**SMALL, "m": 512}.items())),
        Case("tiny_ops"),
        Case("elementwise_chain"),
        Case("depthwise_conv2d"),
        Case("lstm"),
    ),
    "failures": tuple(
        Case(f"misbehaving.py::{name}")
        for name in ("lu", "growing_array", "raises_on_call_50", "segfaults_in_graph", "no_dimension")
    ),
}


def scrub(event: Event) -> Event | None:
    """The event without what tells of the machine: host, kernel, paths."""
    match event:
        case SessionStarted():
            return replace(event, far="python3")
        case Hello():
            return replace(event, host="box", platform="Linux", settings=())
        case Catalogue():
            return None  # long, and the near side has its own
    return event


def without_directories(text: str) -> str:
    """Return `text` with every absolute path cut down to its last part."""
    return re.sub(r"(?<![\w.])/[\w./-]+/", "", text)


def record(name: str, cases: tuple[Case, ...], preset: str = "") -> None:
    """Measure `cases` and write tests/recordings/NAME.jsonl."""
    engine = Engine(FarSide.from_options(), session_id=f"recorded-{name}", version="0.1.0")
    engine.submit(Plan(cases=cases, effort=EFFORT, preset=preset))
    lines = []
    for event in engine.events():
        scrubbed = scrub(event)
        if scrubbed is not None:
            lines.append(without_directories(to_line(scrubbed)))
        if isinstance(event, PlanFinished):
            engine.close()
    path = HERE / "recordings" / f"{name}.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(lines)} events")


if __name__ == "__main__":
    os.chdir(HERE / "programs")
    for session_name, session_cases in SESSIONS.items():
        record(session_name, session_cases, SEED.name if session_cases == (SEED.case,) else "")
