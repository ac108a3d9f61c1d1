"""What is settled takes effect in `tfjit-tui run` and the other commands, unless a flag is stronger."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import click
import pytest

from bench.engine.source import Source as Measuring
from bench.events import SessionStarted, to_line
from bench.plan import EFFORTS, Case, Effort, Plan
from tests.examples import NO_MODE_WINS
from tests.tui.command import Scripted, invoke, stand_in
from tests.tui.config.settling import SETTLED, settle
from tui.cli import startup
from tui.cli.main import main
from tui.cli.options.far import FarOptions
from tui.config import remembered
from tui.config.loader import read
from tui.config.trust import command_key


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


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
    (home / "own.py").write_text("def f(x): ...\n")
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
    context = click.Context(main, obj=read(), default_map={})
    main.get_command(context, "compare")
    assert context.default_map == {}


def test_run_can_leave_aside_what_is_settled(home: Path, source: Scripted) -> None:
    settle(home, SETTLED + "python = 'nowhere'")
    assert invoke("run", "tiny_ops", "--no-config", "--calls", "7").exit_code == 0
    (plan,) = source.plans
    assert plan == Plan(plan.cases, calls=7)
    assert (plan.cases[0].dtype, plan.cases[0].device) == ("float32", "CPU:0")


def test_support_tries_on_the_settled_device(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(home, "device = 'GPU:3'")
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    assert "there is no device GPU:3" in invoke("support", "matmul").stderr


@pytest.mark.usefixtures("source")
def test_the_command_in_a_report_repeats_whatever_is_settled(home: Path) -> None:
    settle(home, "calls = 7")
    assert invoke("run", "matmul", "--md", "out.md").exit_code == 0
    assert "tfjit-tui run matmul --no-config" in (home / "out.md").read_text()
    (home / "kept.jsonl").write_text("".join(to_line(event) + "\n" for event in NO_MODE_WINS))
    assert "tfjit-tui run matmul --no-config" in invoke("export", "kept.jsonl", "--md", "-").stdout
