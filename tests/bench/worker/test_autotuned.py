"""A worker tells which cases of a GPU it had compiled before: XLA keeps in the process what it has tuned.

No GPU is there: the requests name one, and TensorFlow computes on the CPU.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bench.events import CaseFinished, CaseSized, Event
from bench.plan import Case, Effort, WorkerOptions, to_dict
from bench.worker import serve
from bench.worker.machine.devices import DeviceHold
from bench.worker.serve import CaseRequests

FIRST, LARGER = Case("softmax", (("rows", 2), ("columns", 2))), Case("softmax", (("rows", 2), ("columns", 3)))
OTHER = Case("reduction", (("rows", 2), ("columns", 2)))


@pytest.fixture
def autotuned(tf: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return which of some cases on a device are said to be autotuned earlier."""
    monkeypatch.setattr(DeviceHold, "take", lambda *_: "CPU:0")
    monkeypatch.setattr(CaseRequests, "warm_up", lambda *_: None)
    monkeypatch.setattr(serve, "find_gpu", lambda *_: None)

    def verify(device: str, *cases: Case) -> list[bool]:
        events: list[Event] = []
        log = SimpleNamespace(new_text=str)
        channel: Any = SimpleNamespace(
            emit=events.append, log=log, running=lambda _: None, stop_requested=lambda: False
        )
        requests = CaseRequests(tf, channel, WorkerOptions())
        for number, case in enumerate(cases):
            asked = {**to_dict(case), "device": device}
            effort = to_dict(Effort())
            requests.measure({"do": "verify", "case_id": str(number), "case": asked, "effort": effort, "effect": 0.05})
        assert [event.error for event in events if isinstance(event, CaseFinished)] == [""] * len(cases)
        return [event.autotuned for event in events if isinstance(event, CaseSized)]

    return verify


def test_what_a_gpus_worker_had_compiled_before_is_told_in_whatever_sizes(autotuned: Any) -> None:
    assert autotuned("GPU:0", FIRST, OTHER, LARGER, FIRST) == [False, False, True, True]


def test_on_a_cpu_there_is_nothing_of_that(autotuned: Any) -> None:
    assert autotuned("CPU:0", FIRST, FIRST) == [False, False]
