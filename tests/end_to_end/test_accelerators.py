"""Workers that hold an accelerator: they die slowly, are made ready slowly, and an error may leave them useless.

No accelerator is there: the far side is scripted, and time is what the test says.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import (
    CaseFinished,
    CaseStarted,
    DevicePreparing,
    Event,
    FarLost,
    Hello,
    Looked,
    ModeFailed,
    Notice,
    PlanFinished,
    SessionStarted,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import Case, Effort, Plan
from bench.session.session import Session
from tests.clock import Clock
from tests.driver import Driver
from tests.far_side import scripted

HASTY = Effort(budget_s=0.01)
ON_GPU = (Case("matmul", device="GPU:0"), Case("softmax", device="GPU:0"))
ILLEGAL_ADDRESS = (
    "InternalError: CUDA error: Failed to synchronize stream: "
    "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered"
)
OUT_OF_MEMORY = "OOM when allocating tensor with shape[1048576,1048576] on /device:GPU:0 by allocator GPU_0_bfc"


class SlowEnd:
    """Something that a far side's script waits for, until the test lets it go on."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._path = path
        self.word = f"wait {path}"

    def let_go(self) -> None:
        """Let the far side go on; it has come as far as this word."""
        with self._path.open("w"):
            pass


@pytest.fixture
def slow_end(tmp_path: Path) -> SlowEnd:
    return SlowEnd(tmp_path / "fifo")


def wait_until_it_waits(driver: Driver) -> None:
    driver.wait_for(Notice, lambda event: event.text == "waiting")


def events(driver: Driver, *kinds: type[Event]) -> list[Event]:
    return [event for event in driver.emitted if isinstance(event, kinds)]


def case_ends(driver: Driver) -> list[tuple[str, bool, str]]:
    ended = [event for event in driver.emitted if isinstance(event, CaseFinished)]
    return [(event.case_id, event.cancelled, event.error) for event in ended]


# --- a slow end -------------------------------------------------------------------------------------------------------


def test_a_worker_that_takes_a_minute_to_let_go_of_a_gpu_is_waited_for(slow_end: SlowEnd) -> None:
    clock = Clock()
    script = {"measure_1": ["begin"], "measure_1_1_again": ["finish"], "measure": ["finish"]}
    with Driver(scripted(**script, kill=[slow_end.word, "die"]), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU, HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 1)
        assert driver.wait_for(WorkerEnding).device == "GPU:0"
        wait_until_it_waits(driver)
        clock.pass_by(driver, 60)
        assert Session(driver.emitted).worker == "ending"
        slow_end.let_go()
        driver.wait_for(PlanFinished)
        assert events(driver, FarLost) == []
        assert case_ends(driver) == [("1", False, ""), ("2", False, "")]


def test_a_supervisor_that_does_not_tell_of_a_cpu_workers_end_is_given_up_as_soon_as_ever(slow_end: SlowEnd) -> None:
    clock = Clock()
    on_cpu = tuple(replace(case, device="CPU:0") for case in ON_GPU)
    with Driver(scripted(measure=["begin"], kill=[slow_end.word, "die"]), clock=clock) as driver:
        driver.engine.submit(Plan(on_cpu, HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 1)
        wait_until_it_waits(driver)
        clock.pass_by(driver, 3)
        driver.wait_for(FarLost)
        assert events(driver, WorkerEnding) == []


def test_a_gpu_that_is_never_let_go_costs_its_far_side_and_that_is_said() -> None:
    clock = Clock()
    with Driver(scripted(measure=["begin"], kill=[]), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU[:1], HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 91)
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", False, "the far side was lost: GPU:0 was not let go after 90 s")]


def test_a_cancel_waits_for_no_gpu_but_the_next_plan_does(slow_end: SlowEnd) -> None:
    clock = Clock()
    script = {"measure_1": ["begin"], "stop": ["say stopping"], "kill": [slow_end.word, "die"], "measure": ["finish"]}
    with Driver(scripted(**script), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(CaseStarted)
        driver.engine.cancel()
        driver.wait_for(Notice, lambda event: event.text == "stopping")
        clock.pass_by(driver, 1)
        assert driver.wait_for(PlanFinished).cancelled
        driver.engine.submit(Plan(ON_GPU))
        wait_until_it_waits(driver)
        assert [type(event) for event in events(driver, WorkerReleased, WorkerStarting)] == [WorkerStarting]
        slow_end.let_go()
        driver.wait_for(PlanFinished, lambda event: not event.cancelled)
        assert driver.wait_for(WorkerReleased).reason == "it did not stop in time"
        assert case_ends(driver)[2:] == [("3", False, ""), ("4", False, "")]


def test_a_cancel_while_a_timed_out_worker_lets_go_of_a_gpu_ends_the_plan_at_once(slow_end: SlowEnd) -> None:
    clock = Clock()
    with Driver(scripted(measure=["begin"], kill=[slow_end.word, "finish", "die"]), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU, HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 1)
        driver.wait_for(WorkerEnding)
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        slow_end.let_go()
        driver.wait_for(WorkerReleased)
        assert case_ends(driver) == [("1", True, ""), ("2", True, "")], "what a killed worker still says is not heard"
        driver.wait_for(WorkerStarting, lambda _: len(events(driver, WorkerStarting)) == 2)  # ready for what comes


@pytest.mark.parametrize("modes", [("eager", "graph", "xla"), ("xla",)], ids=["others", "no other"])
def test_a_case_that_timed_out_waits_for_no_gpu_unless_it_goes_on(modes: tuple[str, ...], slow_end: SlowEnd) -> None:
    clock = Clock()
    script = {"measure_1": ["begin"], "measure_1_1_again": ["begin", "estimate", "end"]}
    with Driver(scripted(**script, kill=["killed xla", slow_end.word, "die"]), clock=clock) as driver:
        driver.engine.submit(Plan((replace(ON_GPU[0], modes=modes),), HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 1)
        assert driver.wait_for(ModeFailed).status == "timed_out"
        wait_until_it_waits(driver)
        assert [event.cancelled for event in events(driver, PlanFinished)] == ([] if len(modes) > 1 else [False])  # type: ignore[attr-defined]
        slow_end.let_go()
        assert driver.wait_for(WorkerReleased).reason == "its case took too long"
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", False, "")]
        assert len(events(driver, ModeFailed)) == 1


def test_a_skip_goes_on_with_the_next_case_once_the_gpu_is_free(slow_end: SlowEnd) -> None:
    clock = Clock()
    script = {"measure_1": ["begin"], "kill": [slow_end.word, "die"], "measure": ["finish"]}
    with Driver(scripted(**script), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU, HASTY, case_timeout_s=0.1))
        driver.wait_for(CaseStarted)
        clock.pass_by(driver, 1)
        driver.wait_for(WorkerEnding)
        driver.engine.skip()
        assert driver.wait_for(CaseFinished).cancelled
        slow_end.let_go()
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", True, ""), ("2", False, "")]


def test_a_worker_is_not_loaded_anew_beside_what_another_far_side_measures(slow_end: SlowEnd) -> None:
    clock = Clock()
    slow = scripted(measure_1=["begin"], stop=["say stopping"], kill=[slow_end.word, "die"], measure=["finish"])
    with Driver(slow, scripted(measure_2=["begin"], stop=["give_up"]), clock=clock) as driver:
        first, second = (name for name, _ in driver.wait_for(SessionStarted).fars)
        for name in (first, second):
            driver.wait_for(Hello, lambda event, name=name: event.far == name)  # type: ignore[misc]
        driver.engine.submit(Plan((*(replace(ON_GPU[0], far=far) for far in (first, second, first)),)))
        driver.wait_for(CaseStarted)
        driver.engine.skip()
        driver.wait_for(Notice, lambda event: event.text == "stopping")
        clock.pass_by(driver, 1)
        driver.wait_for(CaseStarted, lambda event: event.case_id == "2")
        slow_end.let_go()
        mark = driver.emitted.index(driver.wait_for(WorkerReleased))
        driver.engine.skip()
        driver.wait_for(PlanFinished)
        told = [type(event) for event in driver.emitted[mark:] if isinstance(event, WorkerStarting | CaseFinished)]
        assert told == [CaseFinished, WorkerStarting, CaseFinished]


# --- first use --------------------------------------------------------------------------------------------------------


def test_making_a_gpu_ready_takes_nothing_of_a_cases_time(slow_end: SlowEnd) -> None:
    clock = Clock()
    script = {"measure_1": ["begin", "preparing GPU:0", slow_end.word, "prepared GPU:0", "finish"]}
    with Driver(scripted(**script, measure=["finish"]), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU, HASTY, case_timeout_s=5))
        wait_until_it_waits(driver)
        clock.pass_by(driver, 60)
        slow_end.let_go()
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", False, ""), ("2", False, "")]
        assert len(events(driver, WorkerStarting)) == 1


def test_a_gpu_that_is_never_ready_ends_its_case_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.engine.far_worker.PREPARE_S", 20.0)
    clock = Clock()
    script = {"measure_1": ["begin", "preparing GPU:0"], "kill": ["die nothing"], "measure": ["finish"]}
    with Driver(scripted(**script), clock=clock) as driver:
        driver.engine.submit(Plan(ON_GPU, HASTY, case_timeout_s=5))
        driver.wait_for(DevicePreparing)
        clock.pass_by(driver, 21)
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", False, "GPU:0 was not ready after 10 minutes"), ("2", False, "")]


# --- errors that outlast their case -----------------------------------------------------------------------------------


def test_a_mode_that_breaks_the_gpu_fails_and_the_others_are_measured_in_a_fresh_worker() -> None:
    broken = ["begin", f"fail graph failed {ILLEGAL_ADDRESS}", f"fail xla failed {ILLEGAL_ADDRESS}", "end"]
    script = {"measure_1_1": broken, "measure_1_1_again": ["begin", "estimate", "end"], "measure": ["finish"]}
    with Driver(scripted(**script, kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(PlanFinished)
        assert [event.mode for event in driver.emitted if isinstance(event, ModeFailed)] == ["graph"]
        assert driver.wait_for(WorkerReleased).reason == "GPU:0 met an error"
        assert "GPU:0 met an error in graph" in driver.wait_for(Notice, lambda event: event.severity != "log").text
        case = Session(driver.emitted).cases["1"]
        assert [(mode.mode, mode.status) for mode in case.modes] == [
            ("eager", "ok"),
            ("graph", "failed"),
            ("xla", "ok"),
        ]
        assert len(events(driver, WorkerStarting)) == 2


def test_a_reference_that_breaks_the_gpu_is_blamed_in_place_of_the_modes_after_it() -> None:
    broken = ["begin", f"fail eager failed {ILLEGAL_ADDRESS}", f"fail graph failed {ILLEGAL_ADDRESS}"]
    with Driver(
        scripted(measure_1_1=broken, measure_1_1_again=["begin", "echo", "estimate", "end"], kill=["die"])
    ) as driver:
        driver.engine.submit(Plan((replace(ON_GPU[0], modes=("graph", "xla")),)))
        driver.wait_for(PlanFinished)
        assert events(driver, ModeFailed) == []
        assert '"without": ["eager"]' in driver.wait_for(Notice, lambda event: event.text.startswith("{")).text
        assert [mode.status for mode in Session(driver.emitted).cases["1"].modes] == ["ok", "ok"]


@pytest.mark.parametrize("modes", [("eager", "graph", "xla"), ("xla",)], ids=["measured", "no other"])
def test_a_case_of_which_nothing_is_left_to_measure_waits_for_no_gpu(modes: tuple[str, ...], slow_end: SlowEnd) -> None:
    broken = ["begin", "estimate", f"fail xla failed {ILLEGAL_ADDRESS}", "end"]
    with Driver(scripted(measure=broken, kill=[slow_end.word, "die"])) as driver:
        driver.engine.submit(Plan((replace(ON_GPU[0], modes=modes),)))
        driver.wait_for(PlanFinished)
        assert events(driver, WorkerReleased) == []
        wait_until_it_waits(driver)
        slow_end.let_go()
        assert driver.wait_for(WorkerReleased).reason == "GPU:0 met an error"
        assert case_ends(driver) == [("1", False, "")]


def test_a_skip_of_a_case_that_waits_for_a_gpu_to_go_on_is_heard_at_once(slow_end: SlowEnd) -> None:
    script = {"measure_1": ["begin", f"fail graph failed {ILLEGAL_ADDRESS}"], "measure": ["finish"]}
    with Driver(scripted(**script, kill=[slow_end.word, "die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        wait_until_it_waits(driver)
        driver.engine.skip()
        assert driver.wait_for(CaseFinished).cancelled
        slow_end.let_go()
        driver.wait_for(PlanFinished)
        assert case_ends(driver) == [("1", True, ""), ("2", False, "")]


def test_a_gpu_that_ran_out_of_memory_is_taken_anew_for_the_next_case_alone() -> None:
    exhausted = ["begin", f"fail graph out_of_memory {OUT_OF_MEMORY}", "estimate eager,xla", "end"]
    with Driver(scripted(measure_1=exhausted, measure=["finish"], kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(PlanFinished)
        assert driver.wait_for(WorkerReleased).reason == "GPU:0 ran out of memory"
        case = Session(driver.emitted).cases["1"]
        assert [mode.status for mode in case.modes] == ["ok", "out_of_memory", "ok"]


def test_a_gpu_that_breaks_before_any_mode_is_taken_anew_for_the_next_case() -> None:
    with Driver(scripted(measure_1=[f"end {ILLEGAL_ADDRESS}"], measure=["finish"], kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(PlanFinished)
        assert driver.wait_for(WorkerReleased).reason == "GPU:0 met an error"


def test_a_users_code_is_looked_at_by_a_worker_whose_gpu_is_not_in_trouble() -> None:
    exhausted = ["begin", f"fail graph out_of_memory {OUT_OF_MEMORY}", "estimate eager,xla", "end"]
    with Driver(scripted(measure=exhausted, look=["looked"], kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU[:1]))
        driver.wait_for(PlanFinished)
        driver.engine.look("mine.py::step", "", "GPU:0")
        driver.wait_for(Looked)
        released = [event.reason for event in driver.emitted if isinstance(event, WorkerReleased)]
        assert released == ["GPU:0 ran out of memory"]
        assert len(events(driver, WorkerStarting)) == 2


def test_no_error_of_a_cpus_costs_a_worker() -> None:
    failing = ["begin", f"fail graph failed {ILLEGAL_ADDRESS}", f"fail xla out_of_memory {OUT_OF_MEMORY}", "finish"]
    with Driver(scripted(measure=failing, kill=["die"])) as driver:
        driver.engine.submit(Plan((Case("matmul"), Case("softmax"))))
        driver.wait_for(PlanFinished)
        assert len(events(driver, WorkerStarting)) == 1


# --- what a worker holds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "workers"), [(5, 1), (6, 2)])
def test_a_worker_is_let_go_for_what_its_cases_left_not_for_what_libraries_take(held: int, workers: int) -> None:
    with Driver(scripted(start=["hello 3"], measure=[f"bloat {held}"], kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(PlanFinished)
        assert len(events(driver, WorkerStarting)) == workers


def test_what_a_gpus_libraries_take_counts_from_when_it_is_ready() -> None:
    begun = ["begin", "preparing GPU:0", "prepared GPU:0 3", "bloat 5"]
    with Driver(scripted(start=["hello 1"], measure_1=begun, measure=["finish"], kill=["die"])) as driver:
        driver.engine.submit(Plan(ON_GPU))
        driver.wait_for(PlanFinished)
        assert len(events(driver, WorkerStarting)) == 1
