"""Every way to open a session, on every hostile file: nothing starts, nothing hangs, one line says what is wrong."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bench.report.formats import FORMATS
from bench.session.history import History
from tests.examples import NO_MODE_WINS
from tests.hostile import CORPUS, MARKER, RAW, Hostile, lay_traps
from tests.paths import ROOT
from tests.slow import slowly
from tests.terminal import Terminal
from tests.tui.earlier_sessions import TUESDAY, browse, keep
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.cli import console, screen_loop, startup
from tui.cli.main import main
from tui.cli.options import session_argument
from tui.cli.options.far import FarOptions
from tui.config.trust import Trust
from tui.screens.dialogs.confirm import GoingOnScreen
from tui.screens.dialogs.export import ExportScreen
from tui.screens.dialogs.trust import AdmittingScreen
from tui.screens.history.compare_sessions import CompareSessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen

GUARD_S = 120
"""Whatever takes longer hangs."""

pytestmark = [pytest.mark.usefixtures("home", "utc"), pytest.mark.timeout(GUARD_S)]

MOST_MEMORY_BYTES = 2 << 30
"""Of address space, that of Python and its libraries included."""

FAST = [hostile for hostile in CORPUS if not hostile.slow]

OPENED = [hostile for hostile in FAST if not hostile.told]
"""They are sessions like others, as far as they are only looked at."""

WORST = "texts that act on a terminal"
"""It would start something, too: the others that can be opened are like it."""

FEW = [hostile for hostile in FAST if hostile.name in (WORST, "cut short", "deep")]
"""Of each kind one: some can be opened, some cannot."""

each_file = pytest.mark.parametrize("hostile", FAST, ids=lambda hostile: hostile.name)
each_opened = pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(hostile, marks=() if hostile.name == WORST else pytest.mark.slow, id=hostile.name)
        for hostile in OPENED
    ],
)


@pytest.fixture(autouse=True)
def nothing_starts(home: Path) -> Iterator[None]:
    """Look for what a file would have started."""
    lay_traps(home)
    yield
    assert not (home / MARKER).exists()


def sessions_of(home: Path) -> Path:
    return home / "state" / "sessions"


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
    """One of each command: what is refused is refused before a command knows what to write."""
    return ways(path)[-3::2] + ways(path)[:1]


def beside(path: Path) -> None:
    """Put another session beside it, to compare it with."""
    shutil.copyfile(ROOT / "tests" / "recordings" / "matmul.jsonl", path.with_name("other.jsonl"))


def test_a_file_that_memory_is_too_small_for_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(click.Group, "invoke", read)
    with pytest.raises(SystemExit, match=str(console.USAGE)):
        main.main(["export", "s.jsonl"])
    assert capsys.readouterr().err.startswith("tfjit-tui: there is not enough memory")


# --- by command -----------------------------------------------------------------------------------------------------


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


# --- on the screen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [FEW, pytest.param(FAST, marks=pytest.mark.slow)], ids=["few", "all"])
async def test_the_list_on_the_screen_has_those_that_can_be_told_and_each_row_can_be_looked_at(
    files: list[Hostile], home: Path
) -> None:
    for number, hostile in enumerate(files):
        hostile.write(sessions_of(home), f"20260105T0900{number:02d}Z-0badf00d")
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("escape")
        table = await browse(screen)
        await screen.until(lambda: "reading" not in screen.text)
        assert table.row_count == len([*History(sessions_of(home)).outlines()])
        for _ in range(table.row_count):
            await screen.press("enter")
            await screen.until(lambda: "reading" not in screen.text.splitlines()[0])
            if isinstance(screen.app.screen, LookingBackScreen):
                await screen.press("d", "escape", "escape")
            await screen.until(lambda: "earlier sessions" in screen.text.splitlines()[0])
            await screen.press("down")


async def refuse(screen: Screen, way: str) -> None:
    """Say no to the question that going on brings."""
    await screen.until(lambda: isinstance(screen.app.screen, AdmittingScreen))
    await screen.press(way)
    await screen.until(lambda: not isinstance(screen.app.screen, AdmittingScreen))


@each_opened
async def test_on_the_screen_it_is_looked_at_compared_exported_and_not_gone_on_with(
    hostile: Hostile, home: Path
) -> None:
    hostile.write(sessions_of(home))
    stage = Stage(*NO_MODE_WINS[:3])
    async with opened(stage, size=(120, 40)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        await refuse(screen, "n")
        stage.play(*NO_MODE_WINS[3:])
        await screen.until(lambda: screen.app.session.begun and not screen.app.is_measuring)
        await browse(screen)
        await screen.press("o")
        await screen.until(lambda: not isinstance(screen.app.screen, MainScreen))
        await refuse(screen, "enter")
        await browse(screen)
        await screen.press("c")
        await screen.until(lambda: isinstance(screen.app.screen, CompareSessionsScreen))
        await screen.press("escape")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))
        await screen.press("e")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert (stage.plans, stage.looks, stage.closed) == ([], [], False)
    assert screen.app.next_session is None


@each_opened
async def test_on_the_screen_it_is_played_again(hostile: Hostile, home: Path) -> None:
    path, source = session_argument.play_session(str(hostile.write(home)), float("inf"))
    async with opened(source, size=(200, 60), read_only=True, session_path=path) as screen:
        await screen.until(lambda: screen.app.session.begun)
        await screen.press("d")
        await screen.press("escape", "end", "home", "r")
        await screen.until(lambda: "recording" in screen.text)


def test_after_a_no_the_session_cannot_be_gone_on_with_by_what_comes_next(home: Path) -> None:
    """The file may have changed since the screen asked."""
    path = OPENED[0].write(home)
    with pytest.raises(click.UsageError, match="never used here"):
        screen_loop.go_on(FarOptions(), str(path), Trust())


# --- at a terminal --------------------------------------------------------------------------------------------------

TEXTS = next(hostile for hostile in CORPUS if hostile.name == WORST)

READ_ON_A_TERMINAL = ["sessions", "export FILE --csv -"]
READ_ON_A_TERMINAL_MORE = ["export FILE --md -", "export FILE --json -", "compare FILE OTHER", "run --resume FILE"]


@pytest.mark.parametrize("words", [*READ_ON_A_TERMINAL, *slowly(*READ_ON_A_TERMINAL_MORE)])
def test_no_command_sends_a_terminal_what_acts_on_it(words: str, home: Path) -> None:
    path = TEXTS.write(sessions_of(home))
    beside(path)
    names = {"FILE": str(path), "OTHER": str(path.with_name("other.jsonl"))}
    called = [names.get(word, word) for word in words.split()]
    with Terminal(*called, home=home, columns=200, lines=60) as terminal:
        if called[0] == "run":
            terminal.shows("[y/N]")
            terminal.type("n\r")
        terminal.exit_status()
        assert terminal.written
        assert not [raw for raw in RAW if raw in terminal.written]


@pytest.mark.slow
def test_no_screen_sends_a_terminal_what_acts_on_it(home: Path) -> None:
    path = TEXTS.write(sessions_of(home))
    with Terminal("replay", str(path), "--speed", "inf", home=home, columns=200, lines=60) as terminal:
        terminal.shows("recording")
        terminal.shows("evil")
        terminal.type("d")
        terminal.shows("where the time of a call goes")
        terminal.type("d")
        terminal.until(lambda: "where the time of a call goes" not in terminal.text, "the dialog to close")
        terminal.type("q")
        assert terminal.exit_status() == 0
    assert not [raw for raw in RAW if raw in terminal.written]


def test_the_list_and_the_question_send_a_terminal_nothing_that_acts_on_it(home: Path) -> None:
    TEXTS.write(sessions_of(home))
    with Terminal("--far", "env true", home=home, columns=100, lines=30) as terminal:
        terminal.shows("Left to measure")
        terminal.type("\r")
        terminal.shows("never used here")
        terminal.shows("\\x1b]0;owned")
        terminal.shows("y starts it")
        terminal.type("n")
        terminal.until(lambda: "never used here" not in terminal.text, "the question to go")
        terminal.type("b")
        terminal.shows("earlier sessions")
        terminal.shows("evil")
        terminal.type("\x1b")
        terminal.until(lambda: "earlier sessions" not in terminal.text, "the list to close")
        terminal.type("q")
        assert terminal.exit_status() == 0
    assert not [raw for raw in RAW if raw in terminal.written]
