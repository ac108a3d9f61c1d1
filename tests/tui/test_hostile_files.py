"""Every command that opens a session, on every hostile file: nothing starts or hangs, one line says what is wrong."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bench.report.formats import FORMATS
from tests.examples import NO_MODE_WINS
from tests.hostile import CORPUS, RAW, Hostile
from tests.paths import ROOT
from tests.tui.earlier_sessions import TUESDAY, keep
from tests.tui.hostile_files import FAST, GUARD_S, beside, sessions_of
from tui.cli import console, startup
from tui.cli.main import main
from tui.cli.options import session_argument

pytestmark = [pytest.mark.usefixtures("home", "utc", "nothing_starts"), pytest.mark.timeout(GUARD_S)]

MOST_MEMORY_BYTES = 2 << 30
"""Of address space, that of Python and its libraries included."""

each_file = pytest.mark.parametrize("hostile", FAST, ids=lambda hostile: hostile.name)


def ways(path: Path) -> list[list[str]]:
    """The command lines that open a session's file."""
    exports = [["export", str(path), f"--{each.name}", "-"] for each in FORMATS]
    return [
        *exports,
        ["compare", str(path), str(path.with_name("other.jsonl"))],
        ["compare", str(path.with_name("other.jsonl")), str(path)],
        ["run", "--resume", str(path)],
    ]


def few_ways(path: Path) -> list[list[str]]:
    """One that reads and one that goes on: what is refused is refused before a command knows what to do with it."""
    return [ways(path)[0], ways(path)[-1]]


def test_a_file_that_memory_is_too_small_for_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(click.Group, "invoke", read)
    with pytest.raises(SystemExit, match=str(console.USAGE)):
        main.main(["export", "s.jsonl"])
    assert capsys.readouterr().err.startswith("tfjit-tui: there is not enough memory")


@each_file
def test_every_command_ends_with_its_code_and_one_line(hostile: Hostile, home: Path) -> None:
    assert_answered(hostile, home, few_ways if hostile.told else ways)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", [each for each in FAST if each.told], ids=lambda hostile: hostile.name)
def test_so_does_every_other_way_to_call_it(hostile: Hostile, home: Path) -> None:
    assert_answered(hostile, home, ways)


def assert_answered(hostile: Hostile, home: Path, ways: Callable[[Path], list[list[str]]]) -> None:
    """Run each command on the file: it tells what is wrong, or refuses to start what the file names, or reads it."""
    path = hostile.write(sessions_of(home))
    beside(path)
    for words in ways(path):
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), words
        if hostile.told:
            assert result.exit_code == console.USAGE, words
            assert re.search(hostile.told, result.stderr), result.stderr[:500]
            assert (result.stdout, result.stderr.count("\n")) == ("", 1)
        elif words[0] == "run":
            assert result.exit_code == console.USAGE, words
            assert re.search("never (used|run) here: to allow that, add --", result.stderr)
        else:
            assert result.exit_code in (0, console.CANNOT_TELL), result.stderr[:500]


@each_file
def test_going_on_refuses_it_before_anything_is_opened(
    hostile: Hostile, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    path = hostile.write(home)
    result = CliRunner().invoke(main, ["resume", str(path)])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == console.USAGE
    assert re.search(hostile.told or "to allow that, add --", result.stderr)


@each_file
def test_playing_it_again_reads_it_to_the_end_or_says_why_not(hostile: Hostile, home: Path) -> None:
    result = CliRunner().invoke(main, ["replay", str(hostile.write(home))])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == console.USAGE  # there is no terminal
    assert result.stderr.count("\n") == 1


def test_the_list_and_completion_survive_all_of_them_at_once(home: Path) -> None:
    for number, hostile in enumerate(FAST):
        hostile.write(sessions_of(home), f"20260105T0900{number:02d}Z-0badf00d")
    keep(home, TUESDAY, NO_MODE_WINS)
    listed = CliRunner().invoke(main, ["sessions"])
    assert (listed.exit_code, listed.stderr) == (0, "")
    assert TUESDAY in listed.stdout
    assert CliRunner().invoke(main, ["sessions", "--json"]).exit_code == 0
    completed = CliRunner(env={"COMP_WORDS": "tfjit-tui export ", "COMP_CWORD": "2"}).invoke(
        main, [], prog_name="tfjit-tui", complete_var="COMPLETE", env={"COMPLETE": "bash_complete"}
    )
    assert completed.stdout.count("plain,") == len(FAST) + 1
    assert not any(raw.decode(errors="replace") in completed.stdout for raw in RAW)


@pytest.mark.slow
@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.name)
def test_in_a_process_of_its_own_none_takes_much_memory_or_hangs(hostile: Hostile, home: Path) -> None:
    path = hostile.write(sessions_of(home))
    beside(path)
    for words in [*ways(path), ["sessions"], ["sessions", "--json"]]:
        ended = subprocess.run(
            [sys.executable, "-m", "tui", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GUARD_S,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES)),
        )
        assert b"Traceback" not in ended.stderr
        reads = words[0] == "sessions" or (words[0] != "run" and not hostile.told)
        assert ended.returncode in ((0, console.CANNOT_TELL) if reads else (console.USAGE,))


def test_a_session_that_grows_while_it_is_read_is_read_as_it_was(home: Path) -> None:
    path = keep(home, TUESDAY, NO_MODE_WINS)
    _, source = session_argument.play_session(str(path), float("inf"))
    played = 0
    for played, _ in enumerate(source.events(), 1):
        with path.open("a") as file:
            file.write('{"kind":"notice","text":"more"}\n')
        if played == len(NO_MODE_WINS):
            source.close()
    assert played == len(NO_MODE_WINS)


def test_a_session_that_comes_by_a_pipe_is_read(home: Path) -> None:
    path = keep(home, TUESDAY, NO_MODE_WINS)
    read, write = os.pipe()
    os.write(write, path.read_bytes())
    os.close(write)
    result = CliRunner().invoke(main, ["export", f"/dev/fd/{read}", "--csv", "-"])
    os.close(read)
    assert (result.exit_code, result.stdout_bytes.count(b"\r\n")) == (0, 4)


def test_a_pipe_is_not_gone_on_with(home: Path) -> None:
    path = keep(home, TUESDAY, NO_MODE_WINS)
    read, write = os.pipe()
    os.write(write, path.read_bytes().replace(b"plan_finished", b"plan_fin"))
    os.close(write)
    result = CliRunner().invoke(main, ["run", "--resume", f"/dev/fd/{read}"])
    os.close(read)
    assert result.exit_code == console.USAGE
