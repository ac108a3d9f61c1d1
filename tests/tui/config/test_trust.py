"""What a session's file may start: what was used on this machine before, and what the user agrees to."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from textual.containers import VerticalScroll
from textual.widgets import Button

from bench.engine.launch import FarSide
from bench.events import CaseStarted, Catalogue, Event, PlanStarted, SessionStarted, WorkloadInfo
from bench.files.targets import ExportError
from bench.plan import Case, Plan
from bench.session.session import Session
from bench.worker.workloads import user_modules
from bench.worker.workloads.load import reader
from tests.examples import session_events
from tests.hostile import EVIL, MARKER, lay_traps
from tests.slow import slowly
from tests.terminal import Terminal
from tests.tui.earlier_sessions import MONDAY, browse, keep
from tests.tui.stage import LOADED, Screen, Stage, open_code, opened
from tui.cli import console
from tui.cli.main import main
from tui.cli.options import trust_question
from tui.cli.options.trust_question import admit
from tui.config import remembered, trust
from tui.config.input_files import inputs_of
from tui.config.loader import ConfigSource, Configuration
from tui.config.schema import Config
from tui.config.trust import Strangers, Trust, code_key, command_key
from tui.screens.dialogs.confirm import GoingOnScreen
from tui.screens.dialogs.trust import AdmittingScreen
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen

pytestmark = pytest.mark.usefixtures("home", "utc")

SHELL = f"sh -c 'touch {MARKER}; exec python3'"

LOST = "env true"
"""A far side that ends at once: every case is left to be measured."""


def broken_off(far: str = "", workload: str = "matmul", fars: tuple[tuple[str, str], ...] = ()) -> list[Event]:
    started = SessionStarted(session_id=MONDAY, version="1", far=far, fars=fars)
    return [started, PlanStarted(plan=Plan((Case(workload),)), case_ids=("1",)), CaseStarted(case_id="1")]


def invoke(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


# --- what is the same command ---------------------------------------------------------------------------------------


RELATIVE = [
    *("./python", "../x", "bash run.sh", "sh -c './python'", "sh -c 'cd sub; python3'", "~/python"),
    *("sh -c '$PWD/x'", "env --chdir=sub python3", "sh -c 'exec ./py*'", "sh -c 'exec `pwd`/x'"),
    *("python -m mywrap", "make -s python", "uv run python", "docker compose run tf python3", "poetry run python"),
    *("ssh -F config box python3", "ssh -oProxyCommand=./x box python3", "ssh -i key box python3", "ssh box"),
    *("ssh box -F config python3", "ssh box '-oProxyCommand=./x %h' python3", "ssh -- box python3"),
    "./ssh box python3",
    *("srun python3 -m mywrap", "srun --task-prolog=run.sh python3", "srun -D sub python3", "srun bash -c python3"),
    *("kubectl --kubeconfig=x exec pod -- python3", "kubectl exec -f pod.yaml -- python3", "kubectl exec pod python3"),
]
"""They read files of the current directory, named or not."""

SAME = [
    *("python3", "no-such-python", "'/opt/my venv/bin/python3'"),
    *("ssh box python3", "ssh box 'module load tf; python3'"),
    *("ssh -p 22 -tt -l ann ann@box.example.org env -C data python3", "srun -n 1 --gpus=1 python3"),
    *("kubectl exec pod -- python3", "kubectl exec -i -n team pod/tf-0 -c main -- env -C sub python3"),
]
"""They start one program, or run elsewhere."""


@pytest.mark.parametrize("command", RELATIVE)
def test_a_command_that_may_read_the_directory_is_another_one_elsewhere(
    command: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []
    for name in ("mine", "theirs"):
        (home / name).mkdir()
        monkeypatch.chdir(home / name)
        keys.append(command_key(command))
    assert keys[0] != keys[1]


def test_a_relative_path_and_the_absolute_one_are_the_same_command(home: Path) -> None:
    (home / "python").touch(0o755)
    assert command_key("./python") == command_key(f"{home}/python")


@pytest.mark.parametrize("command", SAME)
def test_a_command_that_reads_nothing_here_is_the_same_everywhere(
    command: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust.remember((shlex.join(shlex.split(command)),))
    (home / "elsewhere").mkdir()
    monkeypatch.chdir(home / "elsewhere")
    assert not Trust().strangers((command,), ())


def test_a_program_found_by_a_relative_entry_of_the_path_is_another_one_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "mine").mkdir()
    (home / "mine" / "own_python").touch(0o755)
    monkeypatch.setenv("PATH", "mine")
    assert command_key("own_python") == f"own_python in {home}"


@pytest.mark.parametrize("command", ["", "'", "a\0b", "x" * 5000, EVIL])
def test_what_is_no_command_is_a_stranger_too(command: str) -> None:
    assert bool(Trust().strangers((command,), ())) is bool(command)  # an empty one means the default


# --- where code lies ------------------------------------------------------------------------------------------------


def test_code_is_known_by_its_file_whatever_the_function_and_the_spelling(home: Path) -> None:
    (home / "link.py").symlink_to("steps.py")
    names = ("steps.py::scale", "./steps.py::other", f"{home}/steps.py::scale", "link.py::scale", "steps.py")
    assert {code_key(name) for name in names} == {str(home / "steps.py")}


def test_a_module_is_known_by_its_name_and_by_the_directory_that_has_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "package").mkdir()
    (home / "package" / "module.py").touch()
    assert code_key("package.module:function") == f"package.module in {home}"
    monkeypatch.chdir(home / "package")
    assert code_key("package.module:function") == "package.module:function"


def test_to_find_a_module_imports_nothing(home: Path) -> None:
    lay_traps(home)
    assert code_key("evil:f") == f"evil in {home}"
    assert code_key("evil.sub:f") == f"evil.sub:f in {home}"
    assert not (home / MARKER).exists()


@pytest.mark.parametrize("name", ["exported::serving_default", "model.keras", "a\0b.py::f", ":f", "::", "/", EVIL])
def test_what_an_option_has_to_name_means_the_same_code(name: str) -> None:
    assert code_key(trust.place_of(name)) == code_key(name)


def linked(home: Path) -> str:
    """Return a workload whose path means another file to who follows its link than to who reads it as text."""
    for name in ("good/sub", "mailed"):
        (home / name).mkdir(parents=True)
    for name in ("good", "mailed"):
        (home / name / "steps.py").write_text("def f():\n    return 1\n")
    (home / "mailed" / "link").symlink_to("../good/sub")
    return "link/../steps.py::f"


def test_the_file_that_is_known_and_shown_is_the_one_that_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workload = linked(home)
    trust.remember(code=("good/steps.py::f",))
    monkeypatch.chdir(home / "mailed")
    monkeypatch.setattr(user_modules, "HOME", str(Path.cwd()))
    monkeypatch.setattr(sys, "path", [*sys.path])
    ran = reader(workload)().module
    assert ran is not None
    strangers = Trust().strangers((), (workload,))
    assert strangers.listed == (("It runs code that was never run here:", (str(ran.__file__),)),)
    assert ran.__file__ == f"{home}/mailed/steps.py"


def test_a_known_file_is_another_one_where_a_link_has_it_import_from_elsewhere(home: Path) -> None:
    linked(home)
    (home / "mailed" / "other.py").symlink_to(home / "good" / "steps.py")
    trust.remember(code=("good/steps.py::f",))
    assert Trust().strangers((), ("mailed/other.py::f",))
    assert code_key("mailed/other.py::f") == f"{home}/mailed/other.py -> {home}/good/steps.py"


@pytest.mark.parametrize("name", ["os:system", "json:loads", "installed.layers:mine"])
def test_of_a_module_from_elsewhere_one_function_is_known(name: str, home: Path) -> None:
    (home / "os").mkdir()
    (home / "json.py").touch()  # the far side has Python's own already
    trust.remember(code=(name,))
    assert not Trust().strangers((), (name,))
    assert Trust().strangers((), (f"{name}_",)).code == (f"{name}_",)


def test_no_output_replaces_the_file_that_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workload = linked(home)
    monkeypatch.chdir(home / "mailed")
    (file,) = inputs_of([Case(workload)])
    with pytest.raises(ExportError, match="the same file"):
        file.refuse("--csv", Path("steps.py"))


# --- what is known --------------------------------------------------------------------------------------------------


def test_the_default_python_is_known_and_an_empty_command_means_it() -> None:
    assert not Trust().strangers((str(FarSide.from_options()), ""), ("matmul",))


@pytest.mark.parametrize(
    "config", [Config(far=("ssh box python3", "ssh  'other' python3")), Config(python=("~/python", "a b/python"))]
)
def test_what_is_configured_is_known(config: Config, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    commands = ("ssh other python3", "ssh box python3") if config.far else (f"{home}/python", "'a b/python'")
    known = Trust(Configuration(config, {"far": ConfigSource.FILE}))
    assert not known.strangers(commands, ())
    assert known.strangers(("ssh third python3",), ()) == Strangers(("ssh third python3",), (), ("ssh third python3",))


def test_of_the_known_commands_and_code_the_oldest_are_forgotten_and_the_used_are_not(home: Path) -> None:
    for number in range(remembered.MOST_KNOWN + 9):
        trust.remember((f"ssh box{number} python3", "ssh daily python3"), (f"steps{number}.py",))
    kept = remembered.load(home / "state")[0]
    assert len(kept.known_commands) == len(kept.known_code) == remembered.MOST_KNOWN
    assert "ssh daily python3" in kept.known_commands
    assert "ssh box0 python3" not in kept.known_commands


def test_what_is_used_every_day_is_not_written_every_day(home: Path) -> None:
    trust.remember(("ssh box python3",))
    before = (home / "state" / "settings.json").stat().st_mtime_ns
    trust.remember(("ssh box python3",))
    assert (home / "state" / "settings.json").stat().st_mtime_ns == before


def test_what_another_process_remembers_meanwhile_is_not_lost(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="light", starred=("lstm",)))
    trust.remember(("ssh box python3",), ("steps.py::f",))
    kept = remembered.load(home / "state")[0]
    assert (kept.theme, kept.starred, kept.known_commands) == ("light", ("lstm",), ("ssh box python3",))


async def test_what_is_remembered_while_the_screen_is_open_stays(home: Path) -> None:
    async with opened(Stage(*LOADED)) as screen:
        trust.remember(("ssh box python3",))
        screen.app.turn_star("lstm")
    kept = remembered.load(home / "state")[0]
    assert (kept.starred, kept.known_commands) == (("lstm",), ("ssh box python3",))


@pytest.mark.parametrize("state", ["unreadable", "no place"])
def test_where_nothing_can_be_remembered_it_is_asked_again(state: str, home: Path) -> None:
    if state == "unreadable":
        (home / "state").mkdir()
        (home / "state" / "settings.json").write_text("{")
    else:
        (home / "state").touch()
    known = Trust()
    known.agree(Strangers(("ssh box python3",), ("steps.py",)))
    assert not known.strangers(("ssh box python3",), ("steps.py::f",))
    assert Trust().strangers(("ssh box python3",), ("steps.py::f",))
    if state == "unreadable":
        assert (home / "state" / "settings.json").read_text() == "{"  # what a person may want to mend


# --- run --resume ---------------------------------------------------------------------------------------------------


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


# --- on the screen --------------------------------------------------------------------------------------------------


async def asked(screen: Screen, *words: str) -> AdmittingScreen:
    """Wait for the question; it has these words."""
    await screen.until(lambda: isinstance(screen.app.screen, AdmittingScreen))
    await screen.shows("y starts it", *words)
    assert isinstance(screen.app.screen, AdmittingScreen)
    return screen.app.screen


async def test_going_on_asks_first_and_a_no_leaves_all_as_it_was(home: Path) -> None:
    keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        await asked(screen, f"touch {MARKER}", "evil.py")
        await screen.press("n")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        for key in ("escape", "enter"):
            await browse(screen)
            await screen.press("o")
            await asked(screen, f"touch {MARKER}", "evil.py")
            await screen.press(key)
            await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        assert not stage.closed
    assert screen.app.next_session is None
    assert remembered.load(home / "state")[0].known_commands == ()


async def test_a_yes_goes_on_and_is_remembered(home: Path) -> None:
    path = keep(home, MONDAY, broken_off(SHELL, "evil.py::f"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("escape")
        await browse(screen)
        await screen.press("o")
        await asked(screen, f"touch {MARKER}")
        await screen.press("y")
        await screen.until(lambda: stage.closed)
    assert screen.app.next_session == path
    kept = remembered.load(home / "state")[0]
    assert (kept.known_commands, kept.known_code) == ((command_key(SHELL),), (str(home / "evil.py"),))


async def test_a_long_command_is_shown_whole_on_a_small_screen(home: Path) -> None:
    far = f"sh -c '{'first ' + 'word ' * 1000}; {EVIL[:-1]} exec last'"
    keep(home, MONDAY, broken_off(far))
    async with opened(Stage(*LOADED), size=(60, 20)) as screen:
        await screen.until(lambda: isinstance(screen.app.screen, GoingOnScreen))
        await screen.press("enter")
        question = await asked(screen, "never used", "sh -c 'first word", "Start it")
        assert screen.app.focused is question.query_one("#no", Button)
        await screen.press("end")
        await screen.shows("exec last", "\\x1b]0;owned", "Start it")
        assert question.query_one(VerticalScroll).scroll_y > 0
        assert "└" in screen.text.splitlines()[-2] + screen.text.splitlines()[-1]
        await screen.press("pageup", "k", "home")
        await screen.shows("sh -c 'first word")


async def look_back(screen: Screen) -> None:
    if isinstance(screen.app.screen, GoingOnScreen):
        await screen.press("escape")
    await browse(screen)
    await screen.press("enter")
    await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))


async def test_code_of_a_row_is_neither_read_nor_run_before_a_yes_and_asked_about_once(home: Path) -> None:
    lay_traps(home)
    keep(home, MONDAY, session_events({"eager": 0.1}, case=Case("evil.py::f", modes=("eager",))))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await look_back(screen)
        await screen.press("r")
        await asked(screen, "evil.py", "run it?")
        await screen.press("n")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
        await screen.press("r")
        await asked(screen, "evil.py")
        assert (stage.plans, stage.looks) == ([], [])
        await screen.press("y")
        await screen.until(lambda: len(stage.plans) == 1)
        await screen.press("r")
        await screen.until(lambda: len(stage.plans) == 2)
    assert remembered.load(home / "state")[0].known_code == (str(home / "evil.py"),)


async def test_code_that_the_user_opens_is_not_asked_about_then_or_later() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await open_code(screen, "steps.py::scale")
        await screen.until(lambda: stage.looks)
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert Trust().strangers((), ("steps.py::other",)) == Strangers()


def test_what_a_file_says_that_a_far_side_offers_counts_for_nothing() -> None:
    offered = WorkloadInfo("evil.py::f", "own", "", "", (), ("float32",))
    before = [*session_events({"eager": 0.1}), Catalogue(workloads=(offered,))]
    assert Session(before).workloads == (offered,)
    assert Session([*before, SessionStarted(session_id="1", version="1", far="")]).workloads == ()


async def test_what_a_far_side_offers_itself_is_not_asked_about() -> None:
    offered = WorkloadInfo("installed.layers:mine", "installed", "", "", (), ("float32",))
    stage = Stage(*LOADED, Catalogue(workloads=(offered,)))
    async with opened(stage, size=(80, 60)) as screen:
        await screen.until(lambda: screen.app.session.workloads)
        await screen.press("slash", *"mine", "enter")
        await screen.shows("op      mine")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert not Trust().strangers((), ("installed.layers:mine",))  # so that its session is gone on with unasked
