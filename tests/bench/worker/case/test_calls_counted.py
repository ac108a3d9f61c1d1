"""Data that runs out in the middle of a case is told with how many calls it served."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Event, ModeFailed
from bench.plan import Case, Effort
from bench.worker.case.case_run import CaseRun
from bench.worker.case.job import Job
from bench.worker.machine.suspensions import Stops
from bench.worker.workloads.load import load_workload

pytestmark = pytest.mark.usefixtures("tf")

CODE = """
import tensorflow as tf

def data(rows):
    return tf.data.Dataset.range(rows).map(lambda row: tf.cast(row, tf.float32))

one, two = iter(data(1)), iter(data(2))

def step(x):
    return x * next(one)

def step_inputs():
    return tf.ones(4)

def argument(rows):
    return next(rows) + 1.0

def argument_inputs():
    return iter(data(1))

def empty_inputs():
    return iter(data(0))

empty = argument

def sets(x):
    return x * next(two)

def sets_inputs():  # the second is met after two calls with the first
    return [(tf.ones(4),), (tf.ones(4),)]
"""

REPEAT = "end the dataset with .repeat()"


def failures(path: Path, name: str) -> dict[str, str]:
    """Return why each mode of a function in a file failed while it was prepared."""
    path.write_text(CODE, encoding="utf-8")
    events: list[Event] = []
    log = SimpleNamespace(new_text=str)
    channel: Any = SimpleNamespace(emit=events.append, log=log, running=lambda _: None, stop_requested=lambda: False)
    unused: Any = None
    case = Case(f"{path}::{name}", modes=("eager", "graph"))
    job = Job(
        channel=channel,
        case_id="1",
        case=case,
        workload=load_workload(case.workload, ""),
        effort=Effort(),
        effect=0.05,
        device="CPU:0",
        peaks=unused,
        stops=Stops(),
    )
    CaseRun(job).verify()
    return {event.mode: event.error for event in events if isinstance(event, ModeFailed)}


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("step", "after 1 call"),
        ("argument", "after 1 call"),
        ("empty", "in the first call"),
        ("sets", "after 2 calls"),
    ],
)
def test_data_that_ran_out_is_told_with_the_calls_that_it_served(tmp_path: Path, name: str, when: str) -> None:
    told = failures(tmp_path / "mine.py", name)
    assert list(told) == ["eager", "graph"]
    for words in told.values():
        assert words.startswith(f"the data ran out {when}: {REPEAT} (mine.py:")
