"""`tfjit-tui run`: what a command line asks for, and what is wrong with one, told before anything is measured."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.plan import DEFAULT_SEED, EFFORTS, MODES, Case, Effort, Plan
from bench.plans.presets import SEED
from bench.report.reproduce import repeat_command
from bench.runtime import Runtime
from tests.examples import THREE_MODES, first_case, session_events
from tests.tui.command import Scripted, invoke, one_line, stand_in


def test_a_workload_alone_is_measured_with_the_defaults(source: Scripted) -> None:
    assert invoke("run", "matmul").exit_code == 0
    assert source.plans == [Plan((Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024))),))]
    assert source.closed


def test_every_option_reaches_the_plan(source: Scripted) -> None:
    invoke(
        *("run", "matmul", "--dim", "m=2", "--dim", "n=3", "--dtype", "float64", "--device", "gpu:1", "--seed", "7"),
        *("--modes", "xla,eager", "--budget", "0.5", "--target", "1", "--effect", "5", "--case-timeout", "9"),
        *("--calls", "10", "--processes", "5"),
    )
    (plan,) = source.plans
    assert plan.cases == (Case("matmul", (("m", 2), ("k", 1024), ("n", 3)), "float64", "GPU:1", ("eager", "xla"), 7),)
    assert (plan.effort.budget_s, plan.effort.target, plan.effect) == (0.5, 0.01, 0.05)
    assert (plan.case_timeout_s, plan.calls, plan.effort.processes) == (9, 10, 5)


def test_each_workload_is_measured_on_each_device(source: Scripted) -> None:
    invoke("run", "matmul", "tiny_ops", "--device", "CPU:0", "--device", "CPU:1")
    cases = source.plans[0].cases
    assert {(case.workload, case.device) for case in cases} == {
        (workload, device) for workload in ("matmul", "tiny_ops") for device in ("CPU:0", "CPU:1")
    }


def test_settings_of_tensorflows_reach_the_cases(source: Scripted) -> None:
    invoke("run", "matmul", "--runtime", "onednn=off", "--sweep", "intra_op_threads=1,2")
    runtimes = [case.runtime for case in source.plans[0].cases]
    assert runtimes == [Runtime(onednn=False, intra_op_threads=threads) for threads in (1, 2)]


def test_each_case_is_measured_on_each_far_side_in_turn(source: Scripted, tmp_path: Path) -> None:
    pythons = [tmp_path / name / "bin" / "python" for name in ("tf218", "tf221")]
    for python in pythons:
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
    invoke("run", "matmul", "softmax", "--python", str(pythons[0]), "--python", str(pythons[1]))
    sides = [(case.workload, case.far) for case in source.plans[0].cases]
    assert sides == [(name, far) for name in ("matmul", "softmax") for far in ("tf218", "tf221")]


def test_thorough_is_an_effort_and_its_parts_can_be_replaced(source: Scripted) -> None:
    invoke("run", "matmul", "--effort", "thorough", "--budget", "60")
    assert source.plans[0].effort.budget_s == 60
    assert source.plans[0].effort.target == EFFORTS["thorough"].target
    assert source.plans[0].effort.processes == 3


def test_the_preset_shows_its_claims_and_says_why_figures_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted(session_events(THREE_MODES, preset="seed")))
    result = invoke("run", "--preset", "seed")
    assert source.plans == [Plan((SEED.case,), preset="seed")]
    assert "4-6 ms" in result.stdout
    assert f"The claims differ because {SEED.why}" in result.stdout


@pytest.mark.usefixtures("source")
def test_the_same_sizes_without_the_preset_claim_nothing() -> None:
    assert "claim" not in invoke("run", "matmul").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("run", "no workload is named: `tfjit-tui list` shows what there is"),
        ("run matmull", "there is no workload 'matmull': did you mean matmul"),
        ("run matmul --dim mm=3", "matmul has no dimension 'mm': there is m"),
        ("run matmul lstm --dim q=3", "none of matmul, lstm has a dimension 'q': there is m, k, n, batch"),
        ("run matmul --dim m=0", "m=0 is below its least size, 1"),
        ("run matmul --dim m", "--dim m: give a name and a whole number, such as m=1024"),
        ("run matmul --dim m=1.5", "--dim m=1.5: give a name and a whole number"),
        ("run matmul --dim m=1 --dim m=2", "--dim m is given twice: 1 and 2"),
        ("run matmul --dtype float23", "there is no dtype 'float23': did you mean float32"),
        ("run fft --dtype bfloat16", "fft does not run in bfloat16: choose from float32"),
        ("run matmul --dtype mixed", "there is no dtype 'mixed': did you mean mixed_float16 or mixed_bfloat16?"),
        ("run train_step --dtype bfloat16", "does not run in bfloat16: choose from float32, float64, mixed_float16"),
        ("run train_step --dtype bfloat16", "; mixed_bfloat16 is the nearest"),
        ("run matmul --modes egaer", "there is no mode 'egaer': did you mean eager"),
        ("run matmul --modes ,", "no mode to measure: choose from eager, graph, xla"),
        ("run matmul --device gpu", "device 'GPU' is not named as TensorFlow does: CPU:0, GPU:1"),
        ("run matmul --effort fast", "there is no effort 'fast': choose from quick, thorough"),
        ("run matmul --budget -1", "budget -1 s is not between 0 and 86400"),
        ("run matmul --processes 0", "0 processes is not between 1 and 100"),
        ("run matmul --budget long", "Invalid value for '--budget'"),
        ("run matmul --gpu-memory-limit 0", "GPU memory limit 0 MiB is less than 1"),
        ("run matmul --preset seed", "a preset says what to measure"),
        ("run --preset sede", "there is no preset 'sede': did you mean seed?"),
        ("run matmul --runtime onednn", "onednn: give a setting and its value, such as onednn=off"),
        ("run matmul --runtime tf32=off", "tf32 is for GPUs: CPU:0 does not compute in TensorFloat-32"),
        ("run matmul --python nothing --python python3", "there is no program 'nothing' to run as Python"),
        ("devices --far a --far b", "this command asks one far side: give --python or --far once"),
        ("run matmul --sweep m", "--sweep m: give a name and values, such as m=64..4096:x2"),
        ("run matmul --sweep m=4..2", "--sweep m=4..2: 4 is above 2"),
        ("run matmul --sweep m=0..4:+1", "m=0 is below its least size, 1"),
        ("run matmul --sweep q=1,2", "matmul has no dimension 'q': it has m, k, n"),
        ("run fft --sweep dtype=float32,bfloat16", "fft does not run in bfloat16"),
        ("run fft --sweep dtype=float32,mixed", "mixed is not one of float16, bfloat16, float32"),
        ("run matmul --sweep m=1..20000:+1", "a sweep of 10,001 cases is more than 10,000"),
        ("run matmul --inputs float32[2]", "--inputs are for code of your own: matmul has inputs already"),
        ("run --resume nowhere", "there is no file nowhere"),
        ("run matmul --resume nowhere", "--resume goes on as the session began: give no WORKLOAD... with it"),
        ("run --resume nowhere --budget 3", "--resume goes on as the session began: give no --budget with it"),
        ("support matmull", "there is no workload 'matmull': did you mean matmul"),
        ("support --device gpu", "device 'GPU' is not named as TensorFlow does"),
        ("run my_ops.py", "my_ops.py is a file: name a function in it, as my_ops.py::FUNCTION"),
        ("run matmul --csv nowhere/out.csv", "cannot write nowhere/out.csv: there is no directory nowhere"),
        ("run matmul --csv .", ". is a directory: name a file in it"),
        ("run matmul --csv - --json -", "--json and --csv are the same file, '-'"),
        ("run matmul --json a.json --md out --html out", "--html and --md are the same file, 'out'"),
        ("run matmul --python nowhere/python", "there is no program 'nowhere/python'"),
        ("run matmul --python python3 --far python3", "--python and --far exclude each other"),
        ("run matmul --sed 3", "No such option '--sed'"),
        ("rnu matmul", "there is no command 'rnu': did you mean `tfjit-tui run`?"),
        ("matmul", "there is no command 'matmul': did you mean `tfjit-tui run matmul`?"),
        ("--session x run matmul", "put the options after the command"),
        ("export nowhere.jsonl --csv -", "there is no file nowhere.jsonl"),
        ("replay nowhere.jsonl", "there is no file nowhere.jsonl"),
        ("replay nowhere.jsonl --speed 0", "--speed 0: give a number above 0"),
        ("", "the screen needs a terminal; without one, use `tfjit-tui run WORKLOAD`"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_before_anything_is(
    words: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path / "state"))
    result = invoke(*words.split())
    assert result.exit_code == 2
    assert message in one_line(result)
    assert not list(tmp_path.glob("**/*.jsonl"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "case",
    [
        Case("matmul", (("m", 64), ("k", 1024), ("n", 1024)), "float64", "GPU:1", ("eager", "xla"), 7),
        Case("tiny_ops", (("repeats", 10), ("size", 4)), modes=MODES, seed=DEFAULT_SEED),
        Case("my ops.py::gelu", (("rows", 5),)),
        Case("fft", (("batch", 8), ("size", 64)), runtime=Runtime(onednn=False, inter_op_threads=2)),
    ],
    ids=lambda case: case.workload,
)
@pytest.mark.parametrize(
    ("effort", "words"),
    [
        (Effort(), ""),
        (EFFORTS["thorough"], "--effort thorough"),
        (replace(EFFORTS["thorough"], processes=5), "--effort thorough --processes 5"),
        (Effort(processes=3), "--processes 3"),
        (Effort(budget_s=60, target=0.001, processes=10), "--processes 10 --budget 60 --target 0.1"),
    ],
)
def test_the_command_that_repeats_a_case_repeats_it(case: Case, effort: Effort, words: str, source: Scripted) -> None:
    rules: dict[str, Any] = {"effort": effort, "effect": 0.035, "calls": 12}
    result = first_case(session_events({}, case=case, **rules))
    command = repeat_command(result)
    assert words in command
    Path("my ops.py").write_text("def gelu(x): ...\n", encoding="utf-8")
    invoke(*shlex.split(command)[1:])
    assert source.plans == [Plan((case,), **rules)]
