"""What is settled: where it is read from, what is wrong with it, what is stronger, and that it takes effect."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import WORKLOADS
from bench.engine.source import Source as Measuring
from bench.events import Device, Devices, SessionStarted, to_line
from bench.plan import EFFORTS, Case, Effort, Plan
from tests.examples import NO_MODE_WINS
from tests.paths import README
from tests.slow import slowly
from tests.tui.command import Scripted, invoke, stand_in
from tests.tui.stage import LOADED, Stage, opened
from tui.app.app import TfjitApp
from tui.cli import startup
from tui.cli.main import main
from tui.cli.options.defaults import default_map
from tui.cli.options.far import FarOptions
from tui.config import remembered
from tui.config.kinds import RefusedError, shown, toml
from tui.config.loader import ConfigSource, Configuration, read
from tui.config.schema import DEFAULTS, KEYS, Config
from tui.config.trust import command_key
from tui.terminal.ascii_fallback import InAscii
from tui.widgets.setup.setup_panel import SetupPanel


@pytest.fixture(autouse=True)
def at_home(home: Path) -> Path:
    """Every test has places of its own."""
    return home


def settle(home: Path, text: str) -> Path:
    """Write config.toml."""
    path = home / "config" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- what is declared -------------------------------------------------------------------------------------------------


def test_the_readme_has_a_row_for_every_key() -> None:
    _, _, section = README.partition("\n## Configuration\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{key.name}` | {f'`{toml(key.default)}`' if toml(key.default) else ''} | {key.help} |"
        for key in KEYS.values()
    ]


def test_the_example_settles_the_defaults_and_nothing_is_wrong_with_it(home: Path) -> None:
    example = invoke("config", "--example").stdout
    settle(home, re.sub(r"(?m)^# (?=\w+ = )(?!far)", "", example))
    found = read()
    assert found.troubles == ()
    assert set(found.sources) == set(KEYS) - {"far"}
    assert all(getattr(found.config, key.name) == key.typical for key in KEYS.values() if key.name != "far")


def test_what_the_screen_begins_with_is_the_first_of_the_catalogue() -> None:
    assert DEFAULTS.workload == next(iter(WORKLOADS))


def test_every_flag_that_is_declared_is_one() -> None:
    options = invoke("--help").stdout + invoke("run", "--help").stdout
    assert all(f"  {key.flag} " in options for key in KEYS.values() if key.flag)


# --- reading ----------------------------------------------------------------------------------------------------------

VALUES: Sequence[tuple[str, str, str, Any]] = [
    ("theme", '"light"', "light", "light"),
    ("ascii", '"on"', "on", "on"),
    ("ascii", "true", "on", "on"),
    ("animation", '"full"', "full", "full"),
    ("auto_run", "true", "yes", True),
    ("workload", '"lstm"', "lstm", "lstm"),
    ("dtype", '"bfloat16"', "bfloat16", "bfloat16"),
    ("device", '"gpu:1"', "gpu:1", "GPU:1"),
    ("modes", '["xla", "eager"]', "xla, eager", ("eager", "xla")),
    ("modes", '"no_grappler"', "no_grappler", ("no-grappler",)),
    ("effort", '"thorough"', "thorough", "thorough"),
    ("budget", "5", "5", 5.0),
    ("target", "0.5", "0.5", 0.5),
    ("processes", "4", "4", 4),
    ("effect", "3.5", "3.5", 3.5),
    ("case_timeout", "60", "60", 60.0),
    ("calls", "1_000", "1000", 1000),
    ("python", '["~/a/python", "b"]', "~/a/python:b", ("~/a/python", "b")),
    ("far", '"ssh box, python3"', "ssh box, python3", ("ssh box, python3",)),
    ("machine", '" ci 4-core "', "ci 4-core", "ci 4-core"),
    ("gpu_memory_limit", "512", "512", 512),
]


@pytest.mark.parametrize(("name", "in_toml", "in_variable", "value"), VALUES)
def test_a_key_is_read_from_the_file_and_from_its_variable(
    name: str, in_toml: str, in_variable: str, value: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, f"{name} = {in_toml}\n")
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.FILE})
    settle(home, "")
    monkeypatch.setenv(f"TFJIT_TUI_{name.upper()}", in_variable)
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.VARIABLE})


@pytest.mark.parametrize(
    ("name", "text", "value"), [("calls", " +1_000 ", 1000), ("calls", "1e3", 1000), ("budget", "1e-1", 0.1)]
)
def test_a_number_in_a_variable_may_be_typed_as_people_do(
    name: str, text: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TFJIT_TUI_{name.upper()}", text)
    assert read() == Configuration(Config(**{name: value}), {name: ConfigSource.VARIABLE})


def test_every_wrong_key_is_told_of_whichever_source_it_has(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settle(home, "calls = 2.5\nprocesses = '3'\nefort = 'quick'\nbudget = 3")
    monkeypatch.setenv("TFJIT_TUI_CALLS", "2.5")
    assert read().troubles == (
        f"{path}: calls = 2.5 is ignored: give a whole number",
        f'{path}: processes = "3" is ignored: give a whole number',
        f'{path}: there is no key "efort": did you mean effort or effect?',
        'TFJIT_TUI_CALLS="2.5" is ignored: give a whole number',
    )
    assert read().config == Config(budget=3)


def test_every_key_is_read_in_the_test_above() -> None:
    assert {name for name, *_ in VALUES} == set(KEYS)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('efort = "quick"', 'config.toml: there is no key "efort": did you mean effort or effect?'),
        ("zzzz = 1", 'config.toml: there is no key "zzzz": `tfjit-tui config` shows what there is'),
        ('"\\u001b[2J" = 1', 'there is no key "\\u001b[2J"'),
        ('theme = "ligt"', "theme = \"ligt\" is ignored: there is no theme 'ligt': did you mean light?"),
        ("theme = 3", "theme = 3 is ignored: give the name of a theme"),
        ('ascii = "maybe"', "there is no setting 'maybe': choose from auto, on, off"),
        ('auto_run = "sometimes"', 'auto_run = "sometimes" is ignored: give true or false'),
        ("auto_run = 1", "auto_run = 1 is ignored: give true or false"),
        ('workload = "matmull"', "there is no workload 'matmull': did you mean matmul"),
        ('device = "gpu"', "device 'GPU' is not named as TensorFlow does: CPU:0, GPU:1"),
        ('modes = ["egaer"]', "there is no mode 'egaer': did you mean eager"),
        ("modes = []", "no mode to measure"),
        ("modes = [1]", "modes = a list is ignored: give names of modes"),
        ('budget = "long"', 'budget = "long" is ignored: give a number of seconds'),
        ("budget = true", "budget = true is ignored: give a number of seconds"),
        ("budget = nan", "budget nan s is not between 0 and 86400"),
        (f"budget = 1{'0' * 400}", f"budget = 1{'0' * 39}… is ignored: give a number of seconds"),
        ("target = 100", "target 100 % is not between 0 and 100"),
        ("processes = 2.5", "processes = 2.5 is ignored: give a whole number"),
        ("processes = 101", "101 processes is not between 1 and 100"),
        (f"calls = {2**63}", f"calls = {2**63} is ignored: give a whole number"),
        ("effect = 2024-01-01", "is ignored: give a number of percent"),
        ("python = 'a'\nfar = 'b'", "config.toml: far is ignored beside python: they exclude each other"),
        ("machine = '  '", 'machine = "  " is ignored: give a name'),
        ('machine = "a\\u001bb"', "give a name of 1 to 64 printable characters"),
        ("gpu_memory_limit = 0", "GPU memory limit 0 MiB is less than 1"),
        ("[effort]\nname = 'quick'", "effort = a table is ignored: give quick or thorough"),
        ("dtype = ", "config.toml is ignored: not TOML: Invalid value (at "),
        (f"calls = {'1' * 5000}", "config.toml is ignored: not TOML: "),
        (f"calls = {'[' * 5000}", "config.toml is ignored: it is nested too deeply"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_in_one_line_and_the_rest_counts(text: str, trouble: str, home: Path) -> None:
    settle(home, text)
    (told,) = read().troubles
    assert trouble in told
    assert "\n" not in told
    if "is ignored: not" not in told and "deeply" not in told:
        settle(home, f"calls = 7\n{text}" if "calls" not in text else f"processes = 7\n{text}")
        assert 7 in (read().config.calls, read().config.processes)
    assert told in invoke("config").stderr
    assert invoke("config").exit_code == 2
    assert invoke("list").stderr == f"tfjit-tui: {told}\n"
    assert invoke("list").exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "trouble"),
    [
        (
            "TFJIT_TUI_EFORT",
            "quick",
            "there is no variable TFJIT_TUI_EFORT: did you mean TFJIT_TUI_EFFORT or TFJIT_TUI_EFFECT?",
        ),
        ("TFJIT_TUI_STATEDIR", "x", "did you mean TFJIT_TUI_STATE_DIR?"),
        ("TFJIT_TUI_CALLS", "many", 'TFJIT_TUI_CALLS="many" is ignored: give a whole number'),
        ("TFJIT_TUI_CALLS", "1" * 5000, "is ignored: give a whole number"),
        ("TFJIT_TUI_BUDGET", "inf", "budget inf s is not between 0 and 86400"),
        ("TFJIT_TUI_CONFIG_DIR", "~nobody-of-that-name/x", "TFJIT_TUI_CONFIG_DIR=~nobody-of-that-name/x: "),
    ],
)
def test_a_variable_that_is_wrong_is_named(name: str, text: str, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, text)
    (told,) = read().troubles
    assert trouble in told
    assert read().config == DEFAULTS
    result = invoke("config")
    assert (result.exit_code, result.stderr) == (2, f"tfjit-tui: {told}\n")


def test_a_variable_that_is_empty_settles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_CALLS", "")
    assert read() == Configuration()


def test_a_file_that_cannot_be_read_is_told_in_one_line(home: Path) -> None:
    (home / "config" / "config.toml").mkdir(parents=True)
    assert read().troubles == (f"{home}/config/config.toml is ignored: Is a directory",)


def test_a_file_where_the_directory_should_be_is_told_of(home: Path) -> None:
    (home / "config").touch()
    assert read().troubles == (f"{home}/config/config.toml is ignored: Not a directory",)


def test_a_file_that_is_not_text_is_told_in_one_line(home: Path) -> None:
    settle(home, "").write_bytes(b"theme = '\xff'")
    (told,) = read().troubles
    assert "config.toml is ignored: not TOML: 'utf-8' codec can't decode" in told


def test_reading_creates_nothing(home: Path) -> None:
    assert invoke("config").exit_code == 0
    assert list(home.iterdir()) == []


any_toml = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


@given(value=any_toml, name=st.sampled_from(sorted(KEYS)))
def test_any_value_is_taken_or_refused_in_one_line(value: object, name: str) -> None:
    kind = KEYS[name].kind
    try:
        taken = kind.read(value)
    except RefusedError as error:
        taken, refused = KEYS[name].typical, f"{shown(value)} is ignored: {error}"
    else:
        refused = ""
    assert kind.read(list(taken) if isinstance(taken, tuple) else taken) == taken
    assert len(refused.splitlines()) <= 1


@given(text=st.text(), name=st.sampled_from(sorted(KEYS)))
def test_any_text_of_a_variable_is_taken_or_refused_in_one_line(text: str, name: str) -> None:
    refused = ""
    try:
        KEYS[name].kind.parse(text)
    except RefusedError as error:
        refused = f"{shown(text)} is ignored: {error}"
    assert len(refused.splitlines()) <= 1


# --- what is stronger -------------------------------------------------------------------------------------------------


def config_row(name: str) -> list[str]:
    """A row of `tfjit-tui config`: value and source."""
    row = next(line for line in invoke("config", name).stdout.splitlines() if line.startswith(f"{name} "))
    return row.split(maxsplit=2)[1:]


def test_the_file_is_weaker_than_a_variable_and_both_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_row("calls") == ["100000", "default"]
    path = settle(home, "calls = 7")
    assert config_row("calls") == ["7", str(path)]
    monkeypatch.setenv("HOME", str(home))
    assert config_row("calls") == ["7", "~/config/config.toml"]
    monkeypatch.setenv("TFJIT_TUI_CALLS", "8")
    assert config_row("calls") == ["8", "TFJIT_TUI_CALLS"]


def test_the_remembered_theme_is_weaker_than_the_file(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="light"))
    assert config_row("theme") == ['"light"', "remembered"]
    path = settle(home, 'theme = "dark"')
    assert config_row("theme") == ['"dark"', str(path)]


def test_an_effort_that_is_chosen_by_something_stronger_brings_its_own_figures(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, "budget = 7\nprocesses = 2")
    assert read().config.efforts == {**EFFORTS, "quick": Effort(budget_s=7, processes=2)}
    monkeypatch.setenv("TFJIT_TUI_EFFORT", "thorough")
    assert read().config.efforts == EFFORTS
    monkeypatch.setenv("TFJIT_TUI_BUDGET", "30")
    assert read().config.efforts["thorough"].budget_s == 30


def test_where_to_measure_is_said_by_the_stronger(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(home, "python = 'a'")
    monkeypatch.setenv("TFJIT_TUI_FAR", "ssh box python3")
    assert (read().config.python, read().config.far) == ((), ("ssh box python3",))
    assert read().troubles == ()


def test_config_as_json_has_everything(home: Path) -> None:
    settle(home, "modes = ['xla']")
    told = json.loads(invoke("config", "--json").stdout)
    assert [key["key"] for key in told["keys"]] == list(KEYS)
    modes = next(key for key in told["keys"] if key["key"] == "modes")
    assert (modes["value"], modes["source"], modes["variable"]) == (["xla"], "file", "TFJIT_TUI_MODES")
    assert told["files"]["sessions"] == str(home / "state" / "sessions")


def test_a_key_that_there_is_not_is_named_with_the_nearest() -> None:
    result = invoke("config", "efort")
    assert (result.exit_code, result.stderr) == (
        2,
        "tfjit-tui: there is no key 'efort': did you mean effort or effect?\n",
    )


# --- that it takes effect: run ----------------------------------------------------------------------------------------


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


SETTLED = """\
dtype = "float64"
device = "GPU:1"
modes = ["xla", "eager"]
budget = 0.5
target = 1
processes = 5
effect = 5
case_timeout = 9
calls = 10
"""


def test_run_measures_as_it_is_settled(home: Path, source: Scripted) -> None:
    settle(home, SETTLED)
    assert invoke("run", "tiny_ops").exit_code == 0
    case = Case("tiny_ops", (("repeats", 100), ("size", 4)), "float64", "GPU:1", ("eager", "xla"))
    (plan,) = source.plans
    assert plan.cases[0].dtype == "float64"
    assert (plan.cases[0].device, plan.cases[0].modes) == (case.device, case.modes)
    assert plan == Plan(plan.cases, Effort(0.5, 0.01, 5), 0.05, 9.0, 10)


def test_flags_are_stronger(home: Path, source: Scripted) -> None:
    settle(home, SETTLED)
    invoke(
        *("run", "tiny_ops", "--dtype", "float32", "--device", "CPU:0", "--modes", "graph", "--budget", "3"),
        *("--target", "2", "--processes", "1", "--effect", "2", "--case-timeout", "120", "--calls", "100000"),
    )
    (plan,) = source.plans
    assert plan == Plan(plan.cases)
    assert (plan.cases[0].dtype, plan.cases[0].device, plan.cases[0].modes) == ("float32", "CPU:0", ("graph",))


def test_an_effort_by_flag_brings_its_own_figures_but_for_those_by_flag(home: Path, source: Scripted) -> None:
    settle(home, SETTLED)
    invoke("run", "tiny_ops", "--effort", "thorough", "--budget", "60")
    assert source.plans[0].effort == Effort(60, EFFORTS["thorough"].target, EFFORTS["thorough"].processes)


def test_the_settled_dtype_is_for_workloads_that_run_in_it(home: Path, source: Scripted) -> None:
    settle(home, "dtype = 'bfloat16'")
    invoke("run", "matmul", "fft", "own.py::f")
    assert [case.dtype for case in source.plans[0].cases] == ["bfloat16", "float32", "bfloat16"]


def test_a_preset_is_what_it_is(home: Path, source: Scripted) -> None:
    settle(home, "dtype = 'bfloat16'")
    assert invoke("run", "--preset", "seed").exit_code == 0
    assert source.plans[0].cases[0].dtype == "float32"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FarOptions]:
    """Where commands have asked to measure."""
    asked: list[FarOptions] = []

    def open_engine(options: FarOptions, *_: object, **__: object) -> tuple[Measuring, None]:
        asked.append(options)
        return Scripted(NO_MODE_WINS), None

    monkeypatch.setattr(startup, "open_engine", open_engine)
    monkeypatch.setattr(startup, "reopen_engine", open_engine)
    monkeypatch.setattr(startup, "show", lambda *_, **__: None)
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    return asked


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("far = 'sh -c x'", "run matmul", FarOptions(far=("sh -c x",))),
        ("far = 'sh -c x'", "devices", FarOptions(far=("sh -c x",))),
        ("far = 'sh -c x'", "", FarOptions(far=("sh -c x",))),
        ("far = 'sh -c x'", "run matmul --python python3", FarOptions(python=("python3",))),
        ("python = ['sh', 'env']", "run matmul", FarOptions(python=("sh", "env"))),
        ("python = ['sh', 'env']", "--far env", FarOptions(far=("env",))),
        ("python = 'sh'", "run matmul --python env", FarOptions(python=("env",))),
        ("machine = 'ci'", "run matmul", FarOptions(local_machine="ci")),
        ("machine = 'ci'", "", FarOptions(local_machine="ci")),
        ("machine = 'ci'", "--machine box", FarOptions(machine="box")),
        ("machine = 'ci'", "run matmul --machine box", FarOptions(machine="box")),
        ("machine = 'ci'", "run matmul --no-config", FarOptions()),
        ("machine = 'ci'", "devices", FarOptions()),
        ("gpu_memory_limit = 512", "run matmul", FarOptions(gpu_memory_limit=512)),
        ("gpu_memory_limit = 512", "devices --gpu-memory-limit 256", FarOptions(gpu_memory_limit=256)),
    ],
)
def test_where_to_measure_is_settled_unless_a_flag_says_it(
    text: str, words: str, options: FarOptions, home: Path, asked: list[FarOptions]
) -> None:
    settle(home, text)
    invoke(*words.split())
    assert asked == [options]


@pytest.mark.usefixtures("knows_python3")
def test_a_session_is_gone_on_with_where_it_was_measured(home: Path, asked: list[FarOptions]) -> None:
    (home / "kept.jsonl").write_text("".join(to_line(event) + "\n" for event in NO_MODE_WINS[:5]))
    began = NO_MODE_WINS[0]
    assert isinstance(began, SessionStarted)
    settle(home, SETTLED + "python = 'sh'\n")
    result = invoke("run", "--resume", "kept.jsonl")
    assert asked == [FarOptions(python=(began.far,))], result.stderr


@pytest.mark.usefixtures("knows_python3")
def test_a_session_is_gone_on_with_on_the_screen_where_it_was_measured(home: Path, asked: list[FarOptions]) -> None:
    (home / "kept.jsonl").write_text("".join(to_line(event) + "\n" for event in NO_MODE_WINS[:5]))
    settle(home, "python = 'sh'\ngpu_memory_limit = 512\n")
    began = NO_MODE_WINS[0]
    assert isinstance(began, SessionStarted)
    result = invoke("resume", "kept.jsonl")
    assert asked == [FarOptions(python=(began.far,), gpu_memory_limit=512)], result.stderr


@pytest.mark.usefixtures("knows_python3")
@pytest.mark.parametrize("command", ["run --resume kept.jsonl", "resume kept.jsonl"])
def test_the_machine_is_named_where_a_session_is_gone_on_with(
    command: str, home: Path, asked: list[FarOptions]
) -> None:
    (home / "kept.jsonl").write_text("".join(to_line(event) + "\n" for event in NO_MODE_WINS[:5]))
    settle(home, "machine = 'ci'")
    result = invoke(*command.split())
    assert [options.machine_name for options in asked] == ["ci"], result.stderr


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("run matmul", "laptop"),
        ("run matmul --python env", "laptop"),
        ("run matmul --far 'env python3'", ""),
        ("run matmul --far 'env python3' --machine box", "box"),
        ("--far 'env python3'", ""),
        ("", "laptop"),
        ("run --resume far.jsonl", ""),
        ("resume far.jsonl", ""),
        ("resume far.jsonl --machine box", "box"),
    ],
)
def test_a_configured_name_of_this_machine_is_not_given_to_another(
    words: str, name: str, home: Path, asked: list[FarOptions]
) -> None:
    began, *others = NO_MODE_WINS[:5]
    assert isinstance(began, SessionStarted)
    remembered.save(home / "state", remembered.Settings(known_commands=(command_key("env python3"),)))
    far = replace(began, far="env python3")
    (home / "far.jsonl").write_text("".join(to_line(event) + "\n" for event in (far, *others)))
    settle(home, "machine = 'laptop'")
    result = invoke(*shlex.split(words))
    assert [options.machine_name for options in asked] == [name], result.stderr


@pytest.mark.parametrize("text", ["machine = 'ci'", "theme = 'light'"])
def test_a_name_of_the_machine_or_a_theme_changes_nothing_of_what_a_command_repeats(text: str, home: Path) -> None:
    settle(home, text)
    assert not read().config.changes_run


def test_a_plans_file_says_all_that_is_measured(home: Path, source: Scripted) -> None:
    (home / "plan.toml").write_text('[[cases]]\nworkload = "tiny_ops"\n')
    settle(home, SETTLED)
    assert invoke("run", "plan.toml").exit_code == 0
    (plan,) = source.plans
    assert plan == Plan(plan.cases)
    assert plan.cases[0].dtype == "float32"


def test_a_gate_has_its_processes_unless_a_flag_says_otherwise(home: Path, source: Scripted) -> None:
    settle(home, "processes = 1")
    invoke("run", "tiny_ops", "--fail-if", "xla_vs_graph < 1.3")
    assert source.plans[0].effort.processes == 3


def test_compared_are_all_modes_whatever_is_settled(home: Path) -> None:
    settle(home, "modes = ['xla']")
    assert "compare" not in default_map(main, read())


def test_run_can_leave_aside_what_is_settled(home: Path, source: Scripted) -> None:
    settle(home, SETTLED + "python = 'nowhere'")
    assert invoke("run", "tiny_ops", "--no-config", "--calls", "7").exit_code == 0
    (plan,) = source.plans
    assert plan == Plan(plan.cases, calls=7)
    assert (plan.cases[0].dtype, plan.cases[0].device) == ("float32", "CPU:0")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("calls = 7", "tfjit-tui run matmul --no-config --far python3"),
        *slowly(("theme = 'light'", "tfjit-tui run matmul --far python3")),
    ],
)
async def test_the_command_that_repeats_does_so_whatever_is_settled(text: str, command: str, home: Path) -> None:
    async with opened(Stage(*NO_MODE_WINS), configuration=settled(home, text)) as screen:
        await screen.shows("Do not use XLA here")
        await screen.press("y")
        await screen.until((home / "state" / "verdict.txt").exists)
        assert (home / "state" / "verdict.txt").read_text().splitlines()[-1] == command


def test_support_tries_on_the_settled_device(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(home, "device = 'GPU:3'")
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    assert "there is no device GPU:3" in invoke("support", "matmul").stderr


# --- that it takes effect: the screen ---------------------------------------------------------------------------------


def settled(home: Path, text: str) -> Configuration:
    settle(home, text)
    found = read()
    assert found.troubles == ()
    return found


async def test_the_screen_begins_as_it_is_settled_and_measures_so(home: Path) -> None:
    stage = Stage(*LOADED[:2], Devices(devices=(Device("CPU:0", "A"), Device("GPU:1", "B"))))
    text = SETTLED + 'workload = "lstm"\nauto_run = true\nanimation = "full"\n'
    async with opened(stage, size=(120, 40), configuration=settled(home, text)) as screen:
        await screen.shows("lstm", "GPU:1 B", "float64", "auto-run", "☐graph")
        assert screen.app.animation_level == "full"
        assert screen.app.screen.query_one(SetupPanel)._settling is None  # nothing has changed: nothing is measured
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (plan,) = stage.plans
        assert plan == Plan(plan.cases, Effort(0.5, 0.01, 5), 0.05, 9.0, 10)
        (case,) = plan.cases
        assert (case.workload, case.dtype, case.device) == ("lstm", "float64", "GPU:1")
        assert case.modes == ("eager", "xla")


async def test_a_sweep_is_under_the_settled_rules(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage, configuration=settled(home, "calls = 10\neffect = 5")) as screen:
        await screen.press("s")
        await screen.press("enter")
        await screen.until(lambda: stage.plans)
        assert (stage.plans[0].calls, stage.plans[0].effect) == (10, 0.05)
        assert len(stage.plans[0].cases) > 1


async def test_the_thorough_run_is_the_settled_one_where_that_is_the_effort(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage, configuration=settled(home, "effort = 'thorough'\nprocesses = 7")) as screen:
        await screen.press("t")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].effort == Effort(10.0, 0.005, 7)


async def test_more_modes_are_told_from_the_start_and_a_device_that_is_not_there_once_that_is_known(
    home: Path,
) -> None:
    stage = Stage()
    configuration = settled(home, "modes = ['eager', 'concrete']\ndevice = 'GPU:7'")
    async with opened(stage, configuration=configuration) as screen:
        await screen.shows("+ concrete", "☑eager", "☐graph", "☐xla", "GPU:7")
        stage.play(*LOADED)
        await screen.shows("There is no device GPU:7", "set up.")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].device == "CPU:0"


async def test_what_is_wrong_is_told_on_the_screen_and_a_theme_whose_file_is_wrong_gives_way(home: Path) -> None:
    settle(home, "efort = 'quick'\nmodes = '[bold]'\ntheme = 'mine'")
    (home / "config" / "themes").mkdir(parents=True)
    (home / "config" / "themes" / "mine.toml").write_text("dark = true")
    async with opened(Stage(), size=(120, 40), configuration=read()) as screen:
        await screen.shows('"efort"', "effort or effect?", '"[bold]"', "Theme ignored: mine.toml")
        assert screen.app.theme == "dark"


# --- themes -----------------------------------------------------------------------------------------------------------


async def test_the_settled_theme_is_stronger_than_the_remembered_one(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="light"))
    async with opened(Stage(), configuration=settled(home, "theme = 'dark'")) as screen:
        assert screen.app.theme == "dark"
        screen.app.choose_theme("light")
        await screen.shows("The next start is dark again")
        assert remembered.load(home / "state")[0].theme == "light"


async def test_a_theme_by_flag_is_for_this_time(home: Path) -> None:
    configuration = Configuration().having({"theme": "light"}, ConfigSource.FLAG)
    async with opened(Stage(), configuration=configuration) as screen:
        assert screen.app.theme == "light"
        screen.app.choose_theme("dark")
        await screen.until(lambda: screen.app.settings.theme == "dark")
        assert "next start" not in screen.text
    assert remembered.load(home / "state")[0].theme == "dark"


@pytest.fixture
def shown_with(monkeypatch: pytest.MonkeyPatch) -> list[Configuration]:
    """What screens were opened with."""
    configurations: list[Configuration] = []
    monkeypatch.setattr(startup, "show", lambda *_, configuration, **__: configurations.append(configuration))
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    return configurations


def test_the_screens_flags_are_stronger_than_all(
    home: Path, shown_with: list[Configuration], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, "theme = 'dark'\nascii = false")
    monkeypatch.setenv("TFJIT_TUI_THEME", "dark")
    assert invoke().exit_code == 0
    assert invoke("--theme", "light", "--ascii").exit_code == 0
    without, with_flags = shown_with
    assert (without.config.theme, without.config.ascii_only) == ("dark", False)
    assert (with_flags.config.theme, with_flags.config.ascii_only) == ("light", True)
    assert with_flags.where("theme") == "--theme"
    assert DEFAULTS.ascii_only is None


def test_a_theme_that_there_is_not_is_refused(shown_with: list[Configuration]) -> None:
    result: Result = invoke("--theme", "ligth")
    assert (result.exit_code, result.stderr) == (2, "tfjit-tui: there is no theme 'ligth': did you mean light?\n")
    assert shown_with == []


async def test_a_place_that_cannot_be_had_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_CONFIG_DIR", "~nobody-of-that-name/x")
    async with opened(Stage(), size=(120, 40), configuration=read()) as screen:
        await screen.shows("~nobody-of-that-name/x")
        assert screen.text.count("~nobody-of-that-name/x") == 1


async def test_of_many_troubles_a_small_screen_has_the_first_and_where_all_of_them_are_told(home: Path) -> None:
    settle(home, "".join(f"nonsense_{number} = 1\n" for number in range(9)))
    async with opened(Stage(), configuration=read()) as screen:
        await screen.shows("nonsense_0", "nonsense_1", "7 more are settled wrongly", "tfjit-tui config")


@pytest.mark.usefixtures("source")
def test_the_command_in_a_report_repeats_whatever_is_settled(home: Path) -> None:
    settle(home, "calls = 7")
    assert invoke("run", "matmul", "--md", "out.md").exit_code == 0
    assert "tfjit-tui run matmul --no-config" in (home / "out.md").read_text()
    (home / "kept.jsonl").write_text("".join(to_line(event) + "\n" for event in NO_MODE_WINS))
    assert "tfjit-tui run matmul --no-config" in invoke("export", "kept.jsonl", "--md", "-").stdout


@pytest.mark.parametrize(("text", "is_ascii"), [("ascii = true", True), ("ascii = false", False)])
def test_what_is_settled_of_ascii_is_stronger_than_the_terminal(
    text: str, is_ascii: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    monkeypatch.setenv("LC_ALL", "C.UTF-8" if is_ascii else "C")
    monkeypatch.setattr(TfjitApp, "run", lambda app: drawn.append(InAscii in map(type, app.get_line_filters())))
    startup.show(Stage(), None, configuration=settled(home, text))
    assert drawn == [is_ascii]
