"""Code of the user's is looked at before it is measured: what it is, or why nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.engine.launch import FarSide
from bench.events import (
    CaseFinished,
    CaseStarted,
    FarLost,
    Looked,
    Looking,
    ModeFailed,
    PlanFinished,
    PlanStarted,
    SessionStarted,
    WorkerReleased,
    WorkerStarting,
)
from bench.plan import MIXED, Case, Plan
from tests.driver import QUICK, Driver
from tests.far_side import ONE, scripted


def look_at(driver: Driver, name: str, inputs: str = "") -> Looked:
    """What the far side says of a name."""
    mark = driver.mark
    driver.engine.look(name, inputs, "CPU:0")
    return driver.wait_for(Looked, since=mark)


@pytest.fixture
def code(tmp_path: Path) -> str:
    """A file of the user's."""
    path = tmp_path / "mine.py"
    path.write_text("def scale(x, factor=2.0):\n    return x * factor\n", encoding="utf-8")
    return str(path)


def test_it_is_said_what_code_is_and_what_it_can_be_measured_with(driver: Driver, code: str) -> None:
    looked = look_at(driver, f"{code}::scale", "x=float16[batch=8,3]")
    assert looked.error == ""
    assert looked.workload is not None
    assert looked.workload.dims == (("batch", 8, 1, 2**31 - 1),)
    assert looked.workload.dtypes == ("float16", *MIXED)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("::scale", "nothing says what to call scale with"),
        ("::gone", "has no function 'gone'"),
        ("", "is a file: name a function"),
    ],
)
def test_why_nobody_can_tell_is_said_in_a_line(driver: Driver, code: str, path: str, words: str) -> None:
    looked = look_at(driver, code + path)
    assert looked.workload is None
    assert words in looked.error
    assert "\n" not in looked.error


def test_code_that_raises_when_it_is_read_shows_its_own_lines(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("data = {}\nscale = data['scale']\n", encoding="utf-8")
    looked = look_at(driver, f"{tmp_path}/broken.py::scale")
    assert "KeyError" in looked.error
    assert looked.traceback == ("broken.py:2 in <module>: scale = data['scale']",)
    assert looked.message == ""


def test_all_that_code_says_when_it_is_read_is_kept(driver: Driver, tmp_path: Path) -> None:
    code = "try:\n    {}['scale']\nexcept KeyError as error:\n    raise ValueError('no data') from error\n"
    (tmp_path / "broken.py").write_text(code, encoding="utf-8")
    looked = look_at(driver, f"{tmp_path}/broken.py::scale")
    assert looked.error.startswith("ValueError: no data")
    assert looked.message == "ValueError: no data\n\nwhich came from\n\nKeyError: 'scale'"


def test_while_something_is_measured_a_look_waits(driver: Driver, code: str) -> None:
    mark = driver.mark
    driver.engine.submit(Plan((Case("matmul", (("m", 8), ("k", 8), ("n", 8))),), QUICK))
    driver.engine.look(f"{code}::scale", "x=float32[3]", "CPU:0")
    driver.wait_for(Looked, since=mark)
    kinds = [type(event) for event in driver.emitted[mark:]]
    assert kinds.index(CaseFinished) < kinds.index(Looked)


def test_code_that_is_never_read_to_its_end_is_given_up_and_the_worker_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bench.engine.far_worker.LOOK_S", 0.0)
    with Driver(scripted(look=[], kill=["die"], measure=["finish"])) as driver:
        assert look_at(driver, "mine.py::hangs").error == "it was not read after 60 s"
        driver.wait_for(WorkerReleased)
        driver.engine.submit(Plan(ONE))
        assert not driver.wait_for(PlanFinished).cancelled


def test_reading_that_is_given_up_ends_at_once_and_nobody_is_told_what_was_not_found() -> None:
    with Driver(scripted(look=[], kill=["die"], measure=["finish"])) as driver:
        driver.engine.look("mine.py::hangs", "", "CPU:0")
        driver.wait_for(Looking)
        driver.engine.cancel()
        assert driver.wait_for(WorkerReleased).reason == "what it read is not asked for any more"
        driver.engine.submit(Plan(ONE))
        driver.wait_for(PlanFinished)
        assert not [event for event in driver.emitted if isinstance(event, Looked)]


def test_what_was_read_just_as_it_is_given_up_leaves_the_next_case_alone() -> None:
    with Driver(scripted(look=[], kill=["looked", "die"], measure=["finish"])) as driver:
        driver.engine.look("mine.py::hangs", "", "CPU:0")
        driver.wait_for(Looking)
        driver.engine.cancel()
        driver.engine.submit(Plan(ONE))
        driver.wait_for(PlanFinished)
        assert not [event for event in driver.emitted if isinstance(event, ModeFailed)]


def test_what_is_opened_next_takes_the_place_of_what_is_being_read() -> None:
    with Driver(scripted(look_1=[], look=["looked"], kill=["die"])) as driver:
        driver.engine.look("mine.py::hangs", "", "CPU:0")
        driver.wait_for(Looking)
        driver.engine.look("mine.py::quick", "", "CPU:0")
        assert driver.wait_for(Looked).name == "mine.py::quick"


@pytest.mark.parametrize("command", ["sh -c 'echo no route to host >&2; exit 255;'", "sh /nowhere/python"])
def test_a_far_side_that_cannot_be_reached_is_asked_once(command: str) -> None:
    with Driver(FarSide.from_options(far=command)) as driver:
        driver.wait_for(FarLost)
        assert look_at(driver, "mine.py::scale").error.startswith("the far side was lost: ")
        assert len([event for event in driver.emitted if isinstance(event, WorkerStarting)]) == 2


def test_nothing_is_measured_on_one_far_side_while_another_reads_code() -> None:
    reading, other = scripted(look=[], kill=["die"]), scripted(measure=["finish"])
    with Driver(reading, other) as driver:
        (_, name) = (name for name, _ in driver.wait_for(SessionStarted).fars)
        driver.engine.look("mine.py::hangs", "", "CPU:0")
        driver.wait_for(Looking)
        driver.engine.submit(Plan((Case("matmul", far=name),)))
        driver.wait_for(PlanStarted)
        driver.engine.cancel()
        assert driver.wait_for(PlanFinished).cancelled
        assert not [event for event in driver.emitted if isinstance(event, CaseStarted)]
