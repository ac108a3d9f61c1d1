"""Sessions of several cases that differ in size, to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench.events import Event, PlanFinished, PlanStarted, SessionStarted
from bench.plan import Case, Plan
from tests.examples import MATMUL, numbered, settled_events
from tests.tui.command import BEFORE

Latencies = Mapping[str, Sequence[float]]

SLOWER: Latencies = {**BEFORE, "graph": (0.023,) * 3}


def sized(size: int) -> Case:
    """Return a matrix product of another size."""
    return replace(MATMUL, dims=(("m", size), *MATMUL.dims[1:]))


def settled(by_case: Mapping[Case, Latencies], name: str = "s", **more: str) -> list[Event]:
    """A session of several cases, each measured in three processes."""
    start = settled_events(BEFORE, **more)[:3]  # type: ignore[arg-type]
    ids = tuple(map(str, range(len(by_case))))
    events: list[Event] = [*start, PlanStarted(plan=Plan(tuple(by_case)), case_ids=ids)]
    for case_id, (case, latencies_s) in zip(ids, by_case.items(), strict=True):
        events += [numbered(event, case_id) for event in settled_events(latencies_s, case=case)[4:-1]]
    began = events[0]
    assert isinstance(began, SessionStarted)
    return [replace(began, session_id=name), *events[1:], PlanFinished()]


FEWER = {sized(8): BEFORE}

MORE = {sized(8): BEFORE, sized(16): BEFORE}

PLAN = """
workload = "matmul"
[[cases]]
dims = { m = 8 }
fail_if_slower_percent = 20
[[cases]]
dims = { m = 16 }
"""
