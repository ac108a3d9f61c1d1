"""What is paid before the modes of an accelerator are prepared, and that nothing of it is left to them.

The job names an emulated device; TensorFlow computes wherever it is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import Event, ModeFailed, Noted, PeakMemory, PhaseFinished, PhaseStarted
from bench.plan import Case, Effort
from bench.worker.case.first_use import LEFT_OUT
from bench.worker.case.job import Job
from bench.worker.case.preparation import Preparation
from bench.worker.machine.suspensions import Stops
from bench.worker.modes.shared_objects import SharedObjects

pytestmark = pytest.mark.usefixtures("tf")

CODE = """
import os
import tensorflow as tf

calls = []
weight = tf.Variable(1.0)

def step(x):
    calls.append(x)
    with open(os.environ["CALLS"], "a") as file:
        file.write(f"{'eager' if tf.executing_eagerly() else 'traced'} {len(calls)}\\n")
    weight.assign_add(1.0)
    return x * weight

def step_inputs():
    return tf.ones(4)

def failing(x):
    raise RuntimeError("no such thing")

failing_inputs = step_inputs
"""

ONCE = CODE + '\ntf.RegisterGradient("TestFirstUse{name}")(lambda op, grad: grad)\n'


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the user's code notes its calls: which one of its own module, and whether eager."""
    path = tmp_path / "calls.txt"
    path.touch()
    monkeypatch.setenv("CALLS", str(path))
    return path


def prepared(path: Path, function: str = "step", *, device: str = "XLA_CPU:0", **facts: Any) -> tuple[Job, list[Event]]:
    """Prepare eager and graph of a function in a file."""
    events: list[Event] = []
    log = SimpleNamespace(new_text=str)
    channel: Any = SimpleNamespace(emit=events.append, log=log, running=lambda _: None, stop_requested=lambda: False)
    unused: Any = None
    case = Case(f"{path}::{function}", modes=("eager", "graph"))
    shared = SharedObjects(case.workload)
    job = Job(
        channel=channel,
        case_id="1",
        case=case,
        workload=shared.load(),
        effort=Effort(),
        effect=0.05,
        device=device,
        peaks=unused,
        stops=Stops(),
        shared=shared,
    )
    Preparation(replace(job, **facts)).prepare()
    return job, events


def code(tmp_path: Path, text: str = CODE) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_on_an_accelerator_eager_is_called_once_before_and_every_mode_starts_afresh(
    tmp_path: Path, calls: Path
) -> None:
    prepared(code(tmp_path))
    assert calls.read_text().splitlines() == ["eager 1", "eager 1", "eager 2", "traced 1"]


def test_on_a_cpu_nothing_is_called_before(tmp_path: Path, calls: Path) -> None:
    prepared(code(tmp_path), device="CPU:0")
    assert calls.read_text().splitlines() == ["eager 1", "eager 2", "traced 1"]


@pytest.mark.usefixtures("calls")
def test_the_call_before_leaves_no_event(tmp_path: Path) -> None:
    def course(device: str) -> list[tuple[str, str, str]]:
        _, events = prepared(code(tmp_path), device=device)
        kinds = PhaseStarted, PhaseFinished
        return [(event.kind, event.mode, event.phase) for event in events if isinstance(event, kinds)]

    assert course("XLA_CPU:0") == course("CPU:0")


@pytest.mark.parametrize("facts", [{"may_share": True}, {"without": ("eager",)}])
def test_where_modes_may_share_objects_or_eager_has_ended_a_worker_there_is_no_call_before(
    tmp_path: Path, calls: Path, facts: dict[str, Any]
) -> None:
    _, events = prepared(code(tmp_path), **facts)
    assert calls.read_text().splitlines() == ["eager 1", "eager 2", "traced 1"]
    notes = [event.note for event in events if isinstance(event, Noted)]
    assert (LEFT_OUT in notes) == ("may_share" in facts)


def test_what_cannot_be_read_twice_is_not_called_before_and_that_is_told(
    tmp_path: Path, calls: Path, request: pytest.FixtureRequest
) -> None:
    job, events = prepared(code(tmp_path, ONCE.replace("{name}", str(id(request)))))
    assert job.shared.once
    assert calls.read_text().splitlines() == ["eager 1", "eager 2", "traced 3"], "the modes share its objects"
    assert LEFT_OUT in [event.note for event in events if isinstance(event, Noted)]


def test_what_fails_before_fails_in_eager_again_and_is_told_there(tmp_path: Path) -> None:
    def failed(device: str) -> list[tuple[str, str, str]]:
        _, events = prepared(code(tmp_path), "failing", device=device)
        return [(event.mode, event.status, event.error) for event in events if isinstance(event, ModeFailed)]

    assert failed("XLA_CPU:0") == failed("CPU:0")
    assert [mode for mode, _, _ in failed("XLA_CPU:0")] == ["eager", "graph"]


class Allocator:
    """The statistics of a device that `tf.config.experimental` documents, moved by the calls that are noted."""

    def __init__(self, calls: Path) -> None:
        self._calls = calls
        self._start = 0
        self._held = 1_000

    def take_for(self, call: str) -> int:
        """Return what a call needs for a moment: the first of a mode tries algorithms out."""
        return 9_000 if call.endswith(" 1") else 2_000

    def reset_memory_stats(self, device: str) -> None:
        assert device == "GPU:0"
        self._start = len(self._calls.read_text().splitlines())

    def get_memory_info(self, device: str) -> dict[str, int]:
        assert device == "GPU:0"
        since = self._calls.read_text().splitlines()[self._start :]
        return {"current": self._held, "peak": self._held + max(map(self.take_for, since), default=0)}


def test_memory_is_that_of_the_second_call(tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    allocator = Allocator(calls)
    for name in ("reset_memory_stats", "get_memory_info"):
        monkeypatch.setattr(tf.config.experimental, name, getattr(allocator, name))
    _, events = prepared(code(tmp_path), device="GPU:0")
    told = {event.mode: (event.peak_bytes, event.source) for event in events if isinstance(event, PeakMemory)}
    assert told["eager"] == (2_000, "device"), "the first call took 9,000 more"
    assert set(told) == {"eager", "graph"}
