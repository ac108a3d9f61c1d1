"""What is known on this machine: commands, and code by where it lies."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from bench.engine.launch import FarSide
from bench.files.targets import ExportError
from bench.plan import Case
from bench.worker.workloads import user_modules
from bench.worker.workloads.load import reader
from tests.hostile import EVIL, MARKER, lay_traps
from tests.tui.stage import LOADED, Stage, opened
from tui.config import remembered, trust
from tui.config.input_files import inputs_of
from tui.config.loader import ConfigSource, Configuration
from tui.config.schema import Config
from tui.config.trust import Strangers, Trust, code_key, command_key

pytestmark = pytest.mark.usefixtures("home", "utc")

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
