"""Stopping, hanging, dying: whatever happens to a worker, the engine goes on and nothing stays behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import psutil
import pytest

from bench.events import (
    CaseFinished,
    Died,
    Disturbed,
    Hello,
    ModeFailed,
    PhaseStarted,
    PlanFinished,
    Round,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import Case, Effort, Plan
from tests.driver import QUICK, Driver
from tests.processes import outliving
from tests.programs import program
from tests.slow import slowly

ENDLESS = Effort(budget_s=3600, target=1e-9)
MARK = "TFJIT_TEST_MARK"


def worker_processes(mark: str | None = None) -> list[psutil.Process]:
    """Workers and supervisors below this process, or anywhere with that mark in their environment."""
    if mark is None:
        return [child for child in psutil.Process().children(recursive=True) if {"-c", "code"} & set(child.cmdline())]
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_stopped_case_keeps_its_figures_and_its_worker(driver: Driver) -> None:
    mark = driver.mark
    driver.engine.submit(Plan(cases=(Case("softmax"), Case("matmul")), effort=ENDLESS))
    driver.wait_for(Round, lambda event: event.index == 3, since=mark)
    driver.engine.cancel()
    assert driver.wait_for(PlanFinished, since=mark).cancelled
    ended = [event for event in driver.emitted[mark:] if isinstance(event, CaseFinished)]
    assert [event.cancelled for event in ended] == [True, True]
    assert driver.measure(Case("softmax"))[0].all_ok
    assert not [event for event in driver.emitted[mark:] if isinstance(event, WorkerStarting)]


def test_a_new_plan_takes_the_place_of_the_one_under_way(driver: Driver) -> None:
    mark = driver.mark
    driver.engine.submit(Plan(cases=(Case("softmax"),), effort=ENDLESS))
    driver.wait_for(Round, since=mark)
    driver.engine.submit(Plan(cases=(Case("matmul", (("m", 16), ("k", 16), ("n", 16))),), effort=QUICK))
    driver.wait_for(PlanFinished, lambda event: not event.cancelled, since=mark)
    ended = [event.cancelled for event in driver.emitted[mark:] if isinstance(event, PlanFinished)]
    assert ended == [True, False]


@pytest.mark.parametrize("workload", ["long_compile", "never_returns", *slowly("compiler_ir")])
def test_a_worker_that_does_not_answer_is_killed_and_replaced(driver: Driver, workload: str) -> None:
    phase = {"long_compile": ("xla", "first_call"), "compiler_ir": ("eager", "build")}
    mode, step = phase.get(workload, ("eager", "first_call"))
    begun = driver.mark
    driver.engine.submit(Plan(cases=(Case(program(workload)),)))
    driver.wait_for(PhaseStarted, lambda event: (event.mode, event.phase) == (mode, step), since=begun)
    mark = driver.mark
    driver.engine.cancel()
    driver.wait_for(WorkerReleased, since=mark)
    assert driver.wait_for(PlanFinished, since=mark).cancelled
    assert driver.measure(Case(program("add_one")))[0].all_ok


def test_a_mode_that_hangs_is_timed_out_and_the_others_are_measured(driver: Driver) -> None:
    hung, after = driver.measure(Case(program("never_returns_in_graph")), Case(program("add_one")), case_timeout_s=3)
    assert [mode.status for mode in hung.modes] == ["ok", "timed_out", "timed_out"]
    assert hung.modes[1].error == "not finished after 3 s (--case-timeout)"
    assert after.all_ok


def test_a_mode_that_kills_its_worker_is_named_and_the_rest_goes_on(driver: Driver) -> None:
    mark = driver.mark
    dead, after = driver.measure(Case(program("segfaults_in_graph")), Case(program("add_one")))
    assert [mode.status for mode in dead.modes] == ["ok", "failed", "failed"]
    assert "SIGSEGV" in dead.modes[1].error
    assert "Segmentation fault" in dead.modes[1].error
    died = driver.wait_for(Died, since=mark)
    assert died.running == "graph"
    assert any("misbehaving.py" in line or "autograph" in line for line in died.log_tail)
    assert after.all_ok


@pytest.mark.tensorflow
def test_rounds_in_which_the_worker_was_stopped_are_told_of() -> None:
    others = worker_processes()
    with Driver() as driver:
        driver.engine.submit(Plan(cases=(Case("softmax"),), effort=ENDLESS))
        driver.wait_for(Round, lambda event: event.index == 10)
        ours = [process for process in worker_processes() if process not in others]
        (worker,) = (process for process in ours if "-c" in process.cmdline())
        worker.suspend()
        worker.resume()
        disturbed = driver.wait_for(Disturbed, lambda event: "the worker was stopped" in event.reason)
        driver.wait_for(Round, lambda event: event.index > disturbed.last + 10)


def test_a_mode_that_was_stopped_while_it_was_traced_has_no_cost_that_one_could_trust(driver: Driver) -> None:
    (case,) = driver.measure(Case(program("stopped_while_traced"), modes=("eager", "graph")))
    eager, graph = case.modes
    assert not eager.suspicions
    assert graph.suspicions == ("the worker was stopped while it was traced, so what it costs once is too much",)


@pytest.mark.slow
def test_killed_at_random_twenty_times_the_next_case_runs_every_time(driver: Driver) -> None:
    rng = random.Random(20)
    for _ in range(20):
        mark = driver.mark
        cases = (Case("softmax"), Case(program("add_one")))
        driver.engine.submit(Plan(cases=cases, effort=ENDLESS))  # a busy machine has few rounds in a second
        last = rng.randrange(1, 40)
        driver.wait_for(Round, lambda event, last=last: event.index == last, since=mark)  # type: ignore[misc]
        for process in worker_processes():
            if "-c" in process.cmdline():
                os.kill(process.pid, signal.SIGKILL)
        failed = driver.wait_for(ModeFailed, since=mark)
        assert "SIGKILL" in failed.error
        assert failed.mode in ("eager", "graph", "xla")
        of_next = driver.wait_for(Round, lambda event, first=failed.case_id: event.case_id != first, since=mark)  # type: ignore[misc]
        driver.engine.cancel()
        driver.wait_for(PlanFinished, since=mark)
        ended = [event for event in driver.emitted[mark:] if isinstance(event, CaseFinished)]
        assert [(event.case_id, event.error) for event in ended][-1] == (of_next.case_id, "")


@pytest.mark.tensorflow
@pytest.mark.parametrize("workload", ["long_compile", *slowly("compiler_ir", "rude")])
def test_nothing_outlives_an_engine_that_is_killed(workload: str) -> None:
    mark = uuid.uuid4().hex
    script = f"""
from bench.events import PhaseStarted
from bench.plan import Case, Effort, Plan
from tests.driver import Driver
with Driver() as driver:
    driver.engine.submit(Plan(cases=(Case({program(workload)!r}),), effort=Effort(budget_s=3600, target=1e-9)))
    mode, phase = {{"long_compile": ("xla", "first_call"), "compiler_ir": ("eager", "build")}}.get(
        {workload!r}, ("", "rounds")
    )
    driver.wait_for(PhaseStarted, lambda event: (event.mode, event.phase) == (mode, phase))
    print("now", flush=True)
    driver.wait_for(PhaseStarted, lambda event: event.phase == "never")
"""
    engine = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, MARK: mark}, text=True
    )
    assert engine.stdout is not None
    assert engine.stdout.readline() == "now\n"
    left = [process for process in worker_processes(mark) if process.pid != engine.pid]
    assert len(left) >= 2, "a supervisor and a worker are at work"
    engine.kill()
    engine.wait()
    engine.stdout.close()
    assert outliving(left) == []


@pytest.mark.tensorflow
def test_closing_ends_a_far_side_whose_supervisor_is_stopped() -> None:
    others = worker_processes()
    with Driver() as driver:
        driver.wait_for(Hello)
        ours = [process for process in worker_processes() if process not in others]
        (supervisor,) = (process for process in ours if "code" in process.cmdline())
        supervisor.suspend()
    assert outliving(ours) == []


@pytest.mark.tensorflow
def test_closing_ends_the_far_side_and_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AutoGraph writes a file for every function that it converts, here a step of a loop."""
    others = worker_processes()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Driver() as driver:
        driver.wait_for(Hello)
        (place,) = tmp_path.iterdir()
        driver.measure(Case("while_loop", (("steps", 2), ("batch", 2), ("width", 2)), modes=("graph",)))
        assert any(place.iterdir())
        ours = [process for process in worker_processes() if process not in others]
        assert len(ours) == 2, "a supervisor and a worker are at work"
    assert outliving(ours) == []
    assert list(tmp_path.iterdir()) == []
