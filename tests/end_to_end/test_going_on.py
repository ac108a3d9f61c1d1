"""A session that broke off, and what is made of it by the next start."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from bench.engine.engine import Engine
from bench.events import CaseStarted, Notice, PlanFinished, PlanStarted, SessionStarted, to_line
from bench.plan import Plan
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.driver import Driver
from tests.end_to_end.main_screen import choose_small_matmul, result_rows, rounds_shown
from tests.examples import settled_events
from tests.far_side import ONE, TWO, scripted
from tests.slow import slowly
from tests.terminal import Terminal
from tui.cli import startup
from tui.cli.options.far import FarOptions


@pytest.mark.parametrize("stopped", [False, True], ids=["closed", "stopped, then closed"])
def test_a_plan_that_is_closed_without_having_been_stopped_has_broken_off(stopped: bool) -> None:
    with Driver(scripted(measure=["begin"], stop=[], kill=["die"])) as driver:
        driver.engine.submit(Plan(TWO))
        driver.wait_for(CaseStarted)
        if stopped:
            driver.engine.cancel()
    assert driver.wait_for(PlanFinished) == driver.emitted[-1]
    assert driver.wait_for(PlanFinished).broke_off is not stopped


def test_new_cases_of_a_session_that_is_gone_on_with_are_numbered_after_the_old_ones() -> None:
    engine = Engine(scripted(measure=["finish"]), cases=3)
    engine.submit(Plan(TWO), ("2", "3"))
    started, ended = [], 0
    for event in engine.events():
        started += [event.case_ids] if isinstance(event, PlanStarted) else []
        if isinstance(event, PlanFinished):
            ended += 1
            engine.submit(Plan(ONE)) if ended == 1 else engine.close()
    assert started == [("2", "3"), ("4",)]


def test_what_the_machine_is_called_stands_in_the_first_event_of_a_session() -> None:
    engine = Engine(scripted(measure=["finish"]), machine="ci-4core")
    started = next(engine.events())
    engine.close()
    assert isinstance(started, SessionStarted)
    assert started.machine == "ci-4core"


@pytest.mark.parametrize(("before", "said"), [("another", ["warning"]), ("box", []), ("", [])])
def test_a_session_that_goes_on_on_another_machine_says_so_once(before: str, said: list[str]) -> None:
    engine = Engine(scripted(measure=["die"]), hosts={"": before})
    engine.submit(Plan(TWO))
    notices = []
    for event in engine.events():
        notices += [event] if isinstance(event, Notice) and before and before in event.text else []
        if isinstance(event, PlanFinished):
            engine.close()
    assert [notice.severity for notice in notices] == said


@pytest.mark.parametrize(("machine", "warned"), [("ci", False), ("laptop", True), ("", True)])
def test_machines_of_one_name_are_not_warned_about(machine: str, warned: bool, tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    begun = settled_events({"xla": (0.01,) * 3}, machine="ci", host="another")
    path.write_text("".join(to_line(event) + "\n" for event in begun))
    options = FarOptions(far=(str(scripted(measure=["die"])),), machine=machine)
    source, journal = startup.reopen_engine(options, path, Session(begun))
    source.submit(Plan(TWO))
    notices = []
    for event in source.events():
        notices += [event.text] if isinstance(event, Notice) else []
        if isinstance(event, PlanFinished):
            source.close()
    journal.close()
    assert any("before on another" in notice for notice in notices) is warned


@pytest.mark.tensorflow
@pytest.mark.parametrize("how", [signal.SIGKILL, *slowly(signal.SIGHUP)], ids=lambda how: how.name)
def test_what_was_left_when_the_screen_was_killed_is_measured_after_the_next_start(
    tmp_path: Path, how: signal.Signals
) -> None:
    with Terminal(home=tmp_path) as terminal:
        terminal.shows("○ ready")
        choose_small_matmul(terminal)
        terminal.type("s")
        terminal.shows("Axes")
        terminal.type("\x15")
        terminal.shows("give a name and values")
        terminal.type("m=16,32")
        terminal.shows("2 cases, at most")
        terminal.type("\r")
        terminal.until(lambda: rounds_shown(terminal) > 0, "figures to arrive")
        os.kill(terminal.pid, how)
        terminal.exit_status()
    (path,) = tmp_path.glob("state/sessions/*.jsonl")
    assert len(Session(read(path).events).left) == 2

    with Terminal(home=tmp_path) as terminal:
        terminal.shows("Left to measure: 2 cases")
        terminal.type("\r")
        terminal.until(lambda: len(re.findall("…", "".join(result_rows(terminal)))) == 0, "every row to have figures")
        terminal.until(lambda: "○ ready" in terminal.text and len(result_rows(terminal)) == 2, "both cases to end")
        terminal.type("q")
        assert terminal.exit_status() == 0
    session = Session(read(path).events)
    assert [case.all_ok for case in session.cases.values()] == [True, True]
    assert not session.left
