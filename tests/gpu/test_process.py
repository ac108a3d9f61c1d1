"""A step runs in a process of its own: whatever becomes of it, what it measured before is kept and the rest goes on."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from tests.gpu import misbehaving
from tests.gpu.outcomes import DIED, FAILED, OK, TIMED_OUT, Outcome
from tests.gpu.probe import Figures, Setting, Step
from tests.gpu.process import run_step

PATIENCE_S = 60.0
"""Longer than any step here takes that ends."""


def outcome_of(measure: Callable[[Setting], Figures], out: Path, limit_s: float = PATIENCE_S) -> Outcome:
    return run_step("probe", Step("step", measure), "CPU:0", out, limit_s)


def test_the_figures_of_a_step_come_without_what_tells_whose_machine_it_is(tmp_path: Path) -> None:
    outcome = outcome_of(misbehaving.works, tmp_path)
    assert (outcome.status, outcome.error) == (OK, "")
    assert outcome.figures == {"device": "CPU:0", "place": "log of GPU-0"}


@pytest.mark.parametrize(
    ("measure", "status", "words"),
    [
        (misbehaving.raises, FAILED, "RuntimeError: no kernel \x1b[31mfor it"),
        (misbehaving.crashes, DIED, "Segmentation fault: about to crash"),
    ],
)
def test_a_step_that_fails_or_crashes_leaves_what_it_had_measured(
    measure: Callable[[Setting], Figures], status: str, words: str, tmp_path: Path
) -> None:
    outcome = outcome_of(measure, tmp_path)
    assert (outcome.status, outcome.figures) == (status, {"before": 1})
    assert outcome.error == words


def test_a_step_that_hangs_is_killed_with_what_it_started(tmp_path: Path) -> None:
    outcome = outcome_of(misbehaving.hangs, tmp_path, limit_s=6.0)
    assert outcome.status == TIMED_OUT
    assert "longer than 6 s" in outcome.error
    assert outcome.figures == {"child": "holds it"}
    with (tmp_path / "locked").open("wb") as file:
        waiting = Thread(target=fcntl.flock, args=(file, fcntl.LOCK_EX), daemon=True)
        waiting.start()
        waiting.join(PATIENCE_S)
        assert not waiting.is_alive(), "what the step started still holds its lock"


def test_lines_that_are_no_figures_are_left_out(tmp_path: Path) -> None:
    outcome = outcome_of(misbehaving.writes_nonsense, tmp_path)
    assert (outcome.status, outcome.figures) == (OK, {"after": 2})


def test_what_is_not_a_number_is_missing(tmp_path: Path) -> None:
    assert outcome_of(misbehaving.holds_not_a_number, tmp_path).figures == {"ratio": None}
