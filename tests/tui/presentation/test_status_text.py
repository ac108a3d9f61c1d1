"""What the state says of a device that takes its time, before anything is measured there."""

from __future__ import annotations

import pytest

from bench.events import (
    CaseStarted,
    DevicePrepared,
    DevicePreparing,
    Event,
    PlanStarted,
    WorkerEnding,
    WorkerReleased,
)
from bench.plan import Plan
from bench.session.session import Session
from tests.accelerated import ON_GPU
from tests.tui.stage import LOADED
from tui.presentation.status_text import describe

PREPARING = DevicePreparing(device="GPU:0")
PREPARED = DevicePrepared(device="GPU:0", duration_s=30.0)
ENDING = WorkerEnding(device="GPU:0")
RELEASED = WorkerReleased(reason="GPU:0 met an error")
PLANNED = PlanStarted(plan=Plan((ON_GPU,)), case_ids=("1",))


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((PREPARING,), "preparing GPU:0"),
        ((PREPARING, PREPARED), "ready"),
        ((PLANNED, PREPARING), "preparing GPU:0, then it runs"),
        ((PLANNED, CaseStarted(case_id="1"), PREPARING), "preparing GPU:0"),
        ((PLANNED, CaseStarted(case_id="1"), PREPARING, PREPARED), "starting"),
    ],
)
def test_a_gpu_that_is_made_ready_is_named_until_it_is(events: tuple[Event, ...], words: str) -> None:
    assert describe(Session([*LOADED, *events])) == words


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((ENDING,), "waiting for GPU:0 to be let go"),
        ((PREPARING, ENDING), "waiting for GPU:0 to be let go"),
        ((PLANNED, ENDING), "waiting for GPU:0 to be let go, then it runs"),
        ((ENDING, RELEASED), "worker released: r starts one"),
    ],
)
def test_a_gpu_that_a_killed_worker_still_holds_is_named_until_it_is_let_go(
    events: tuple[Event, ...], words: str
) -> None:
    assert describe(Session([*LOADED, *events])) == words


def test_what_is_to_run_once_the_gpu_is_free_is_promised() -> None:
    assert describe(Session([*LOADED, ENDING]), waiting=True) == "waiting for GPU:0 to be let go, then it runs"
