"""Going on with a session by a command: what it may start, and what is asked at a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bench.events import Event
from tests.hostile import EVIL, MARKER, lay_traps
from tests.slow import slowly
from tests.terminal import Terminal
from tests.tui.config.strangers import SHELL, broken_off
from tests.tui.earlier_sessions import MONDAY, keep
from tui.cli import console
from tui.cli.main import main
from tui.cli.options import trust_question
from tui.cli.options.trust_question import admit
from tui.config import remembered
from tui.config.trust import Trust, command_key

pytestmark = pytest.mark.usefixtures("home", "utc")

LOST = "env true"
"""A far side that ends at once: every case is left to be measured."""


def invoke(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (
            broken_off(SHELL),
            f"starts a command that was never used here: to allow that, add --far {shlex.quote(SHELL)}",
        ),
        (broken_off("./python"), "to allow that, add --far ./python"),
        (
            broken_off("python3", fars=(("a", "python3"), ("b", SHELL))),
            f"to allow that, add --far python3 --far {shlex.quote(SHELL)}",
        ),
        (
            broken_off(workload="evil.py::f"),
            "runs code that was never run here: to allow that, add --allow-code evil.py",
        ),
        (broken_off(against="evil.py::f"), "to allow that, add --allow-code evil.py"),
        (broken_off(workload="evil:f"), "to allow that, add --allow-code evil"),
        (broken_off(SHELL, "evil.py::f"), f"--far {shlex.quote(SHELL)} --allow-code evil.py"),
    ],
)
def test_without_a_terminal_what_is_not_known_is_refused_with_the_options_that_allow_it(
    events: list[Event], said: str, home: Path
) -> None:
    lay_traps(home)
    path = keep(home, MONDAY, events)
    before = path.read_bytes()
    result = invoke("run", "--resume", MONDAY)
    assert result.exit_code == console.USAGE
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert not (home / MARKER).exists()
    assert path.read_bytes() == before


def test_a_command_that_acts_on_a_terminal_is_shown_escaped(home: Path) -> None:
    keep(home, MONDAY, broken_off(f"sh -c 'touch {MARKER} {EVIL[:-1]}'"))
    said = invoke("run", "--resume", MONDAY).stderr
    assert "\\x1b]0;owned\\x07" in said
    assert "\\u202e" in said
    assert "\x1b" not in said


def test_what_cannot_be_started_here_says_where_it_was_measured(home: Path) -> None:
    keep(home, MONDAY, broken_off("/home/ann/bin/python"))
    result = invoke("run", "--resume", MONDAY)
    assert result.exit_code == console.USAGE
    assert "no program '/home/ann/bin/python'; say where with --far or --python" in result.stderr


def test_a_session_of_ones_own_is_gone_on_with_unasked_and_so_is_one_of_a_command_typed_before(home: Path) -> None:
    session = home / "s.jsonl"
    assert invoke("run", "matmul", "--far", LOST, "--session", str(session)).exit_code == console.FAILED
    assert command_key(LOST) in remembered.load(home / "state")[0].known_commands
    result = invoke("run", "--resume", str(session))
    assert (result.exit_code, "add --far" in result.stderr) == (console.FAILED, False)
    assert session.read_text().count('"kind":"session_started"') == 2


def test_code_that_was_named_before_is_run_unasked_and_elsewhere_it_is_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = home / "s.jsonl"
    invoke("run", "steps.py::scale", "--far", LOST, "--session", str(session))
    assert remembered.load(home / "state")[0].known_code == (str(home / "steps.py"),)
    assert "add --allow-code" not in invoke("run", "--resume", str(session)).stderr
    (home / "elsewhere").mkdir()
    monkeypatch.chdir(home / "elsewhere")
    assert "add --allow-code steps.py" in invoke("run", "--resume", str(session), "--far", LOST).stderr


def test_what_the_user_names_is_not_asked_about_and_code_is_allowed_for_good(home: Path) -> None:
    path = keep(home, MONDAY, broken_off(SHELL, "steps.py::f"))
    assert "add --allow-code steps.py" in invoke("run", "--resume", MONDAY, "--far", LOST).stderr
    assert invoke("run", "--resume", MONDAY, "--far", LOST, "--allow-code", "steps.py").exit_code == console.FAILED
    path.write_text(path.read_text().replace("steps.py::f", "steps.py::g"))
    assert invoke("run", "--resume", MONDAY).exit_code == console.FAILED
    assert not (home / MARKER).exists()


def test_code_that_was_allowed_is_forgotten_when_the_session_is_refused(home: Path) -> None:
    keep(home, MONDAY, broken_off(SHELL, "steps.py::f"))
    assert invoke("run", "--resume", MONDAY, "--allow-code", "steps.py").exit_code == console.USAGE
    assert remembered.load(home / "state")[0].known_code == ()


def test_what_is_allowed_and_not_needed_is_told_and_forgotten(home: Path) -> None:
    keep(home, MONDAY, broken_off(SHELL, "steps.py::f"))
    words = ("run", "--resume", MONDAY, "--far", LOST, "--allow-code", "steps.py", "--allow-code", "os:x\x1b")
    result = invoke(*words)
    assert result.exit_code == console.FAILED
    assert result.stderr.splitlines()[0] == (
        f"not needed: --allow-code 'os:x\\x1b': what {MONDAY}.jsonl has left runs no such code"
    )
    assert remembered.load(home / "state")[0].known_code == (str(home / "steps.py"),)


def test_code_is_allowed_of_a_session_alone() -> None:
    result = invoke("run", "matmul", "--allow-code", "steps.py")
    assert (result.exit_code, "--allow-code goes with --resume" in result.stderr) == (console.USAGE, True)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """What is answered to each question, the last first."""
    to_give: list[bool] = []
    monkeypatch.setattr(trust_question, "can_ask", lambda: True)
    monkeypatch.setattr(trust_question, "ask", lambda *_: to_give.pop())
    yield to_give
    assert not to_give


def test_a_yes_holds_for_good_and_a_no_for_nothing(home: Path, answers: list[bool]) -> None:
    path = keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    answers += [False]
    with pytest.raises(click.UsageError, match="nothing was started"):
        admit(Trust(), path, (SHELL,), ("evil.py::f",))
    answers += [True]
    admit(Trust(), path, (SHELL,), ("evil.py::f",))
    admit(Trust(), path, (SHELL,), ("evil.py::g",))


@pytest.mark.parametrize(("typed", "is_started"), [("", False), ("y", True), *slowly(("n", False))])
def test_at_a_terminal_it_is_asked_and_nothing_starts_before_a_yes(home: Path, typed: str, is_started: bool) -> None:
    path = keep(home, MONDAY, broken_off(f"sh -c 'touch {MARKER} {EVIL[:-1]}; exec true'"))
    with Terminal("run", "--resume", str(path), home=home) as terminal:
        terminal.shows("[y/N]")
        assert "\\x1b]0;owned" in terminal.text
        assert not (home / MARKER).exists()
        terminal.type(f"{typed}\r")
        assert terminal.exit_status() == (console.FAILED if is_started else console.USAGE)
    assert (home / MARKER).exists() is is_started
    assert b"\x1b]0;owned" not in terminal.written


def test_the_screen_of_a_session_opens_after_a_yes_alone(home: Path) -> None:
    lay_traps(home)
    path = keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    with Terminal("resume", str(path), home=home, columns=300) as terminal:  # no path is broken
        terminal.shows("[y/N]")
        assert all(words in terminal.text for words in (SHELL, f"{home}/evil.py"))
        terminal.type("\x03")
        assert terminal.exit_status() == console.INTERRUPTED
    assert not (home / MARKER).exists()


@pytest.mark.parametrize("answer", ["y", *slowly("n")])
def test_the_screen_starts_what_was_agreed_to_and_keys_typed_before_the_question_are_no_answer(
    answer: str, home: Path
) -> None:
    keep(home, MONDAY, broken_off(SHELL))
    with Terminal("--far", "env true", home=home) as terminal:
        terminal.shows("Left to measure")
        terminal.type("\ryyyyyyyy")
        terminal.shows("y starts it")
        terminal.shows(SHELL)
        assert not (home / MARKER).exists()
        terminal.type(answer)
        if answer == "y":
            terminal.until((home / MARKER).exists, "the far side to be started")
        else:
            terminal.until(lambda: SHELL not in terminal.text, "the question to go")
        terminal.type("qq")
        terminal.exit_status()
    assert (home / MARKER).exists() is (answer == "y")
