"""Steps run one after the other within the budget; what is kept is not measured again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.gpu.misbehaving import works
from tests.gpu.outcomes import FAILED, NOT_RUN, OK, TIMED_OUT, Outcome, Outcomes, OutcomesError
from tests.gpu.probe import Probe, Step
from tests.gpu.running import outcomes_of, run_missing, steps_on

PROBES = (
    Probe("one", "", (Step("first", works, 60), Step("second", works, 60)), (), kinds=("GPU", "CPU")),
    Probe("two", "", (Step("only", works, 60),), (), kinds=("GPU",)),
)
ALL = steps_on(PROBES, "GPU:0")


class Machine:
    """A clock that steps move on, and what was run; `takes` is how long each step would take, and how it would end."""

    def __init__(self, **takes: tuple[float, str]) -> None:
        self._takes = takes
        self.now = 0.0
        self.ran: list[str] = []
        self.said: list[str] = []

    def clock(self) -> float:
        return self.now

    def run(self, probe: str, step: Step, limit_s: float) -> Outcome:
        self.ran.append(step.name)
        takes_s, status = self._takes.get(step.name, (1.0, OK))
        self.now += min(takes_s, limit_s)
        return Outcome(probe, step.name, TIMED_OUT if takes_s > limit_s else status, {"limit_s": limit_s})

    def start(self, kept: Outcomes, budget_s: float = 1200.0, steps: Sequence[tuple[Probe, Step]] = ALL) -> None:
        run_missing(steps, kept, self.run, budget_s=budget_s, say=self.said.append, clock=self.clock)


def statuses(kept: Outcomes) -> list[str]:
    return [outcome.status for outcome in outcomes_of(ALL, kept)]


def test_only_probes_that_mean_something_on_the_device_have_steps() -> None:
    assert [step.name for _, step in steps_on(PROBES, "CPU:0")] == ["first", "second"]


def test_every_step_is_run_once_however_it_ends(tmp_path: Path) -> None:
    machine = Machine(second=(90.0, OK), only=(1.0, FAILED))
    kept = Outcomes(tmp_path)
    machine.start(kept)
    machine.start(kept)
    assert machine.ran == ["first", "second", "only"]
    assert statuses(kept) == [OK, TIMED_OUT, FAILED]
    assert any("kept from an earlier start" in text for text in machine.said)


def test_steps_beyond_the_budget_are_not_run_until_the_next_start(tmp_path: Path) -> None:
    machine = Machine(first=(55.0, OK))
    kept = Outcomes(tmp_path)
    machine.start(kept, budget_s=60.0)
    assert statuses(kept) == [OK, NOT_RUN, NOT_RUN]
    machine.start(kept, budget_s=60.0)
    assert statuses(kept) == [OK, OK, OK]


def test_a_step_that_the_budget_cuts_short_is_measured_again(tmp_path: Path) -> None:
    machine = Machine(first=(30.0, OK), second=(50.0, OK))
    kept = Outcomes(tmp_path)
    machine.start(kept, budget_s=60.0)
    assert statuses(kept) == [OK, NOT_RUN, NOT_RUN]
    assert machine.now == 60.0
    machine.start(kept)
    assert statuses(kept) == [OK, OK, OK]


def test_no_step_gets_more_time_than_its_limit_or_the_budget(tmp_path: Path) -> None:
    machine = Machine(first=(10.0, OK))
    kept = Outcomes(tmp_path)
    machine.start(kept, budget_s=65.0)
    assert [outcome.figures.get("limit_s") for outcome in outcomes_of(ALL, kept)] == [60, 55, 54]


def test_forgotten_steps_are_measured_again(tmp_path: Path) -> None:
    machine = Machine()
    kept = Outcomes(tmp_path)
    machine.start(kept)
    kept.forget([("one", "second")])
    machine.start(kept)
    assert machine.ran == ["first", "second", "only", "second"]


@pytest.mark.parametrize("text", ["", "{", '{"probe": "one"}', '{"probe": 1, "step": "first", "status": "ok"}'])
def test_a_kept_file_that_is_none_is_an_error_that_says_what_to_do(text: str, tmp_path: Path) -> None:
    kept = Outcomes(tmp_path)
    kept.keep(Outcome("one", "first", OK))
    (path,) = tmp_path.iterdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OutcomesError, match=r"one\.first\.json: .*: delete the file to measure it again"):
        kept.of("one", "first")
