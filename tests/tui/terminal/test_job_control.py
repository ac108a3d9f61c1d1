"""The screen is suspended, and comes back whole."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from bench.session.journal_reader import read
from bench.session.session import Session
from tests.processes import outliving
from tests.slow import slowly
from tests.terminal import MEASURING, PROMPT, Terminal
from tests.tui.terminal.measuring import assert_left_as_it_was, rounds_kept, session_file


@pytest.mark.parametrize("shell", ["{}", *slowly("sh -c '{}; :'")], ids=["", "in a script"])
def test_a_suspended_screen_comes_back_whole_in_a_window_of_another_size_and_goes_on(
    tmp_path: Path, shell: str
) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell=shell) as terminal:
        terminal.shows("round ")
        terminal.type("\x1a")
        terminal.is_suspended()
        rounds = rounds_kept(tmp_path)
        terminal.resize(120, 40)
        terminal.type("fg\r")
        terminal.shows("latency by round: e eager, g graph, x xla")
        terminal.until(lambda: rounds_kept(tmp_path) > rounds + 10, "more rounds")
        terminal.shows("─setup─")
        assert max(map(len, terminal.lines)) == 120
        terminal.type("qq")
        terminal.shows(PROMPT)
        terminal.tells("echo said $?", "said 0")


@pytest.mark.slow
def test_a_screen_that_others_stop_and_let_go_on_has_its_terminal_and_its_keys(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell="{}") as terminal:
        attributes = terminal.attributes
        terminal.shows("round ")
        (program,) = psutil.Process(terminal.pid).children()
        program.suspend()
        terminal.is_suspended()
        terminal.type("fg\r")
        terminal.shows("─setup─")
        for size in (" 2048 ", " 4096 ", " 8192 "):
            terminal.type("]")
            terminal.shows(size)
        terminal.type("qq")
        terminal.shows(PROMPT)
        terminal.tells("echo said $?", "said 0")
        assert_left_as_it_was(terminal, attributes)


@pytest.mark.slow
def test_a_suspended_screen_that_is_told_to_end_does_so_and_leaves_a_session_to_go_on_with(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=MEASURING, shell="{}") as terminal:
        terminal.shows("round ")
        terminal.type("\x1a")
        terminal.is_suspended()
        jobs = psutil.Process(terminal.pid).children(recursive=True)
        terminal.tells("kill %1", PROMPT)
        assert outliving(jobs) == []
    assert [case.case.workload for case in Session(read(session_file(tmp_path)).events).unfinished] == ["matmul"]
