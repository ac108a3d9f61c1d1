from __future__ import annotations

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from itertools import islice
from pathlib import Path
from typing import Any

import click
import pytest

from bench.engine.source import Replay, Source
from bench.events import (
    CaseFinished,
    CaseStarted,
    Devices,
    Died,
    Event,
    FarLost,
    Notice,
    PlanFinished,
    PlanStarted,
    WorkerStarting,
    to_line,
)
from bench.plan import DEFAULT_SEED, EFFORTS, MODES, Case, Effort, Plan
from bench.plans.presets import SEED
from bench.report.reproduce import repeat_command
from bench.runtime import Runtime
from tests.examples import NO_MODE_WINS, STRINGS, THREE_MODES, first_case, session_events, sweep_events
from tests.paths import RECORDINGS
from tests.slow import slowly
from tests.tui.command import Scripted, invoke, one_line, stand_in
from tui.cli import startup
from tui.cli.options.session_argument import open_session, play_session
from tui.cli.report import case_text, table
from tui.config.loader import NOTHING_SETTLED, Configuration


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The source that stands in for an engine: three modes of a matrix product, no mode wins."""
    return stand_in(monkeypatch, Scripted(NO_MODE_WINS))


# --- run: what is asked for -------------------------------------------------------------------------------------------


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
    invoke(*shlex.split(command)[1:])
    assert source.plans == [Plan((case,), **rules)]


# --- run: what comes of it --------------------------------------------------------------------------------------------


def test_the_table_and_the_sentences_are_on_stdout_and_nothing_else(source: Scripted) -> None:
    result = invoke("run", "matmul")
    assert result.stderr == ""
    assert result.stdout == (
        "matmul · m=1024 k=1024 n=1024 · float32 · CPU:0 (A Processor)\n"
        "mode   per call  likely range  vs eager  pays after  first call\n"
        "eager  24.2 ms   24.0-24.4 ms                        24.2 ms\n"
        "graph  24.6 ms   24.4-24.8 ms  1.00×     never       125 ms\n"
        "xla    26 ms     25.7-26.3 ms  0.93×     never       4.13 s\n"
        "Do not use XLA here: each call takes 7 % more time than eager's (likely range 5-9 %). "
        "Graph makes no difference: its time is within 2 % of eager's (likely range −0.5 to +1.2 %).\n\n"
    )
    assert source.closed


def test_csv_has_stdout_to_itself(source: Scripted) -> None:
    result = invoke("run", "matmul", "--csv", "-")
    assert [row["mode"] for row in csv.DictReader(io.StringIO(result.stdout, newline=""))] == ["eager", "graph", "xla"]
    assert b"\r\n" in result.stdout_bytes
    assert b"\r\r\n" not in result.stdout_bytes
    assert "Do not use XLA here" in result.stderr
    assert source.closed


@pytest.mark.usefixtures("source")
def test_files_are_written_over_and_named_on_stderr(tmp_path: Path) -> None:
    table_file, object_file = tmp_path / "out.csv", tmp_path / "out.json"
    invoke("run", "tiny_ops", "--csv", str(table_file))
    result = invoke("run", "matmul", "--csv", str(table_file), "--json", str(object_file))
    assert result.exit_code == 0
    assert result.stderr == f"wrote {table_file}\nwrote {object_file}\n"
    assert table_file.read_text().startswith("session_id,")
    assert json.loads(object_file.read_text())[0]["workload"] == "matmul"


@pytest.mark.parametrize("status", ["unsupported", "failed", "timed_out", "out_of_memory"])
def test_a_mode_that_failed_is_exit_code_1_with_the_others_there(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    events = session_events({"eager": 0.01, "graph": 0.01}, failed={"xla": (status, "op Lu")})
    stand_in(monkeypatch, Scripted(events))
    result = invoke("run", "matmul")
    assert result.exit_code == 1
    assert f"{status.replace('_', ' ')}: op Lu" in result.stdout
    assert "10 ms" in result.stdout


def test_a_wrong_mode_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted(session_events({"eager": 1.0, "xla": 1.0}, wrong={"xla": "shape (0,), not (1,)"})))
    assert invoke("run", "matmul").exit_code == 1


LACKS_TENSORFLOW = Died(exit_code=1, log_tail=("ModuleNotFoundError: No module named 'tensorflow'",))
UNREACHABLE = FarLost(exit_code=255, reason="ssh: Could not resolve hostname box")


def cannot_start(trouble: Event) -> Scripted:
    start, _, _, *plan = session_events({}, finish=CaseFinished(case_id="1", error="the worker could not start"))
    return Scripted([start, WorkerStarting(), trouble, *plan])


def test_a_far_side_that_cannot_be_reached_is_not_told_to_install_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, cannot_start(UNREACHABLE))
    assert invoke("run", "matmul").stderr == "ssh: Could not resolve hostname box\n"
    assert "install" not in invoke("devices").stderr


def test_a_worker_that_cannot_start_is_exit_code_1_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, cannot_start(LACKS_TENSORFLOW))
    result = invoke("run", "matmul")
    assert result.exit_code == 1
    assert "Not measured: the worker could not start." in result.stdout
    assert "No module named 'tensorflow'\ninstall TensorFlow there, or" in result.stderr


def test_warnings_go_to_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    notices = [Notice(text="the disk is full", severity="error"), Notice(text="a banner", severity="log")]
    stand_in(monkeypatch, Scripted([*notices, *NO_MODE_WINS]))
    assert invoke("run", "matmul").stderr == "the disk is full\n"


def test_a_terminal_that_lacks_a_sign_gets_another() -> None:
    code = (
        "from tests.examples import NO_MODE_WINS; from tests.tui.command import Scripted;"
        "from tui.cli import main as cli, startup;"
        "startup.open_engine = lambda *_, **__: (Scripted(NO_MODE_WINS), None); cli.main(['run', 'matmul'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=True
    )
    assert "likely range ?0.5 to +1.2 %" in run.stdout.decode("latin-1")


# --- Ctrl-C and closed pipes ------------------------------------------------------------------------------------------

INTERRUPTED = [CaseFinished(case_id="1", cancelled=True), PlanFinished(cancelled=True)]


def test_ctrl_c_prints_and_writes_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted(NO_MODE_WINS[:-2], after_cancel=INTERRUPTED))
    before = signal.getsignal(signal.SIGINT)
    result = invoke("run", "matmul", "--csv", str(tmp_path / "out.csv"))
    assert result.exit_code == 130
    assert "24.2 ms" in result.stdout
    statuses = [row["status"] for row in csv.DictReader((tmp_path / "out.csv").open(newline=""))]
    assert statuses == ["cancelled"] * 3
    assert source.closed
    assert signal.getsignal(signal.SIGINT) == before


def test_after_ctrl_c_a_second_one_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted(NO_MODE_WINS[:-2], after_cancel=INTERRUPTED))
    handlers = []

    def cancel() -> None:
        handlers.append(signal.getsignal(signal.SIGINT))
        source._cancelled.set()

    monkeypatch.setattr(source, "cancel", cancel)
    assert invoke("run", "matmul").exit_code == 130
    assert handlers == [signal.SIG_DFL]


@pytest.mark.slow
def test_a_reader_that_leaves_is_told_nothing_and_the_exit_code_is_4() -> None:
    command = [sys.executable, "-c", "from tui.cli.main import main; main(['list', '--json'])"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 4


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", ["run matmul --json - --csv out.csv", *slowly("run matmul --csv out.csv")])
def test_a_full_disk_under_stdout_is_one_line_and_the_files_are_written(words: str, tmp_path: Path) -> None:
    code = (
        "import os; from tests.examples import NO_MODE_WINS; from tests.tui.command import Scripted;"
        "from tui.cli import main as cli, startup;"
        f"startup.open_engine = lambda *_, **__: (Scripted(NO_MODE_WINS), None); os.chdir({str(tmp_path)!r});"
        f"cli.main({words.split()!r})"
    )
    with FULL.open("w") as full:
        run = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert run.returncode == 4
    assert run.stderr.splitlines()[-1] == "tfjit-tui: cannot write to stdout: No space left on device"
    assert run.stderr.count("No space left") == 1
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 4


@pytest.mark.slow
@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
def test_any_command_tells_of_a_full_disk_in_one_line() -> None:
    with FULL.open("w") as full:
        code = "from tui.cli.main import main; main(['list'])"
        run = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (run.returncode, run.stderr) == (4, "tfjit-tui: cannot write to stdout: No space left on device\n")


# --- the session's file -----------------------------------------------------------------------------------------------


def test_a_session_is_kept_in_the_usual_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path))
    journal = startup.open_journal(None, "an-id")
    assert journal is not None
    journal.close()
    assert (tmp_path / "sessions" / "an-id.jsonl").exists()


def test_a_usual_place_that_cannot_be_had_is_said_and_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path / "file"))
    assert startup.open_journal(None, "an-id") is None
    assert "this session is not kept: cannot create" in capsys.readouterr().err


def test_a_session_file_that_exists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.jsonl").touch()
    with pytest.raises(click.UsageError, match="exists already"):
        startup.open_journal(tmp_path / "kept.jsonl", "an-id")


# --- sweeps, and going on with one ------------------------------------------------------------------------------------


def test_a_sweep_is_a_case_for_each_size_and_dtype(source: Scripted) -> None:
    invoke("run", "matmul", "--sweep", "m=k=n=16..64", "--sweep", "dtype=float32,bfloat16")
    (plan,) = source.plans
    assert plan.sweep == ("m=k=n=16..64", "dtype=float32,bfloat16")
    assert [(case.dims_text, case.dtype) for case in plan.cases] == [
        (f"m={size} k={size} n={size}", dtype) for size in (16, 32, 64) for dtype in ("float32", "bfloat16")
    ]


def test_a_sweep_says_how_much_it_is_and_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted([*sweep_events(10, 100, 1000), PlanFinished()]))
    result = invoke("run", "elementwise_chain", "--sweep", "size=10,100,1000")
    assert result.stderr == "3 cases, at most 9 s of rounds beside tracing and compiling\n"
    assert "XLA from size=100; compiling the" in result.stdout.splitlines()[-1]


@pytest.mark.usefixtures("knows_python3")
def test_what_a_session_has_left_undone_is_measured_into_its_own_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second case was under way when the process was killed."""
    under_way = CaseStarted(case_id="2")
    path = tmp_path / "kept.jsonl"
    recorded(path, [*sweep_events(10), under_way])
    rest = [event for event in sweep_events(10, 100, 1000) if getattr(event, "case_id", None) in ("2", "3")]
    source = Scripted([*rest, PlanFinished()])
    monkeypatch.setattr(startup, "reopen_engine", lambda options, *_: (source, None) if options.python else None)
    result = invoke("run", "--resume", str(path), "--csv", "-")
    assert [dict(case.dims)["size"] for case in source.plans[0].cases] == [100, 1000]
    assert source.plans[0].sweep == ("size=10,100,1000",)
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert [row["case_id"] for row in rows if row["mode"] == "xla"] == ["1", "2", "3"]
    assert "XLA from size=100" in result.stderr


def test_what_is_left_on_a_far_side_that_is_not_named_again_is_refused_before_the_file_is_touched(
    tmp_path: Path,
) -> None:
    case = Case("matmul", far="tf218")
    path = tmp_path / "kept.jsonl"
    recorded(path, [*session_events({})[:3], PlanStarted(plan=Plan((case,)), case_ids=("1",))])
    before = path.read_bytes()
    result = invoke("run", "--resume", str(path), "--python", sys.executable)
    assert "what is left is to be measured on tf218: name all its far sides again, or none" in one_line(result)
    assert path.read_bytes() == before


def test_a_session_that_is_complete_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    result = invoke("run", "--resume", recorded(tmp_path / "kept.jsonl", NO_MODE_WINS))
    assert result.exit_code == 2
    assert "kept.jsonl has nothing left to measure" in one_line(result)


# --- what works where -------------------------------------------------------------------------------------------------


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where things are remembered."""
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("state")
def test_what_works_is_tried_once_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted(STRINGS))
    result = invoke("support", "matmul")
    assert result.stdout == (
        "workload  eager  graph  xla\n"
        "matmul    works  works  unsupported  op AsString\n\n"
        "0 of 1 work in every mode: TensorFlow 2.21.0, A Processor.\n"
    )
    assert [case.dims for case in source.plans[0].cases] == [(("m", 1), ("k", 1), ("n", 1))]
    again = stand_in(monkeypatch, Scripted(STRINGS[:3]))
    assert invoke("support", "matmul").stdout == result.stdout
    assert again.plans == []
    anew = stand_in(monkeypatch, Scripted(STRINGS))
    modes = json.loads(invoke("support", "matmul", "--again", "--json").stdout)[0]["modes"]
    assert modes["xla"] == {"status": "unsupported", "error": "op AsString"}
    assert len(anew.plans) == 1


@pytest.mark.usefixtures("state")
def test_a_device_that_is_not_there_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted(STRINGS))
    result = invoke("support", "matmul", "--device", "gpu:0")
    assert result.exit_code == 2
    assert "there is no device GPU:0: TensorFlow lists CPU:0" in one_line(result)


@pytest.mark.usefixtures("state")
def test_where_tensorflow_cannot_be_loaded_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted([WorkerStarting(), LACKS_TENSORFLOW]))
    result = invoke("support")
    assert result.exit_code == 3
    assert "install TensorFlow there" in one_line(result)
    assert source.plans == []


@pytest.mark.usefixtures("state")
def test_the_list_shows_what_was_found_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fails in" not in invoke("list").stdout
    stand_in(monkeypatch, Scripted(STRINGS))
    invoke("support", "matmul")
    listed = invoke("list").stdout
    assert "fails in" in listed.splitlines()[0]
    assert next(line.split()[5] for line in listed.splitlines() if line.startswith("matmul ")) == "xla"
    assert "1 of them was tried: TensorFlow 2.21.0, A Processor." in listed


# --- the other commands -----------------------------------------------------------------------------------------------


def test_list_names_every_workload_with_its_default_sizes() -> None:
    result = invoke("list")
    assert result.exit_code == 0
    assert "m=1024 k=1024 n=1024" in result.stdout
    listed = json.loads(invoke("list", "--json").stdout)
    assert {"name": "m", "default": 1024, "low": 1, "high": 16_384} in listed[0]["dims"]
    assert (listed[0]["flops"], listed[0]["bytes"]) == (2 * 1024**3, 3 * 4 * 1024**2)
    assert next(workload["flops"] for workload in listed if workload["name"] == "tiny_ops") is None
    assert all(workload["name"] in result.stdout for workload in listed)


def test_what_installed_packages_offer_is_listed_and_run_by_its_name(
    source: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = EntryPoints([EntryPoint("my_layer", "my_package.layers:layer", "tfjit_tui.workloads")])
    monkeypatch.setattr("bench.catalogue.installed.entry_points", lambda group: offered.select(group=group))
    assert "my_layer" in invoke("list").stdout
    invoke("run", "my_layer", "--dim", "rows=3")
    assert source.plans[0].cases == (Case("my_package.layers:layer", (("rows", 3),)),)


def test_devices_are_tensorflows_with_their_makers_names(source: Scripted) -> None:
    assert invoke("devices").stdout == "device  hardware\nCPU:0   A Processor\n"
    assert json.loads(invoke("devices", "--json").stdout) == [{"name": "CPU:0", "hardware": "A Processor"}]
    assert source.closed


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (LACKS_TENSORFLOW, "No module named 'tensorflow': install TensorFlow there, or"),
        (FarLost(exit_code=255, reason="no route to host"), "no route to host"),
        (Devices(devices=()), "TensorFlow listed no device"),
    ],
)
def test_devices_that_cannot_be_listed_are_exit_code_3(
    trouble: Event, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, Scripted([WorkerStarting(), trouble]))
    result = invoke("devices")
    assert result.exit_code == 3
    assert message in one_line(result)


def recorded(path: Path, events: Sequence[Event]) -> str:
    path.write_text("".join(to_line(event) + "\n" for event in events))
    return str(path)


def test_a_recorded_session_is_exported_as_it_was(tmp_path: Path) -> None:
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    result = invoke("export", session, "--csv", "-", "--json", str(tmp_path / "out.json"))
    assert result.exit_code == 0
    assert [row["status"] for row in csv.DictReader(io.StringIO(result.stdout, newline=""))] == ["ok"] * 3
    assert json.loads((tmp_path / "out.json").read_text())[0]["state"] == "done"


def test_a_recorded_session_is_exported_for_people(tmp_path: Path) -> None:
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    result = invoke("export", session, "--md", "-", "--html", str(tmp_path / "out.html"))
    assert result.exit_code == 0
    assert result.stdout.startswith("### matmul")
    assert "tfjit-tui run matmul --far python3\n" in result.stdout
    assert (tmp_path / "out.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("source")
def test_a_run_can_be_a_comment_to_paste() -> None:
    result = invoke("run", "matmul", "--md", "-")
    assert result.exit_code == 0
    assert result.stdout.startswith("### matmul")


def test_a_session_is_found_by_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path))
    (tmp_path / "sessions").mkdir()
    recorded(tmp_path / "sessions" / "an-id.jsonl", NO_MODE_WINS)
    assert invoke("export", "an-id", "--csv", "-").exit_code == 0


def test_a_session_that_broke_off_is_exported_as_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    recorded(path, NO_MODE_WINS[:-1])
    path.write_bytes(path.read_bytes()[:-5])
    result = invoke("export", str(path), "--csv", "-")
    assert [row["status"] for row in csv.DictReader(io.StringIO(result.stdout, newline=""))] == ["cancelled"] * 3
    assert "was cut short" in result.stderr


def test_events_that_do_not_fit_together_are_told_in_one_line(tmp_path: Path) -> None:
    session = recorded(tmp_path / "odd.jsonl", NO_MODE_WINS[4:])
    result = invoke("export", session, "--csv", "-")
    assert result.exit_code == 2
    damage = "odd.jsonl is damaged: event 1 (case_started) is about case 1, which no plan before it has. Lines are"
    assert damage in one_line(result)
    assert "put back a whole copy of the file, or delete it" in one_line(result)


def test_export_needs_to_know_what_to_write(tmp_path: Path) -> None:
    result = invoke("export", recorded(tmp_path / "kept.jsonl", NO_MODE_WINS))
    assert result.exit_code == 2
    assert "say what to write: --csv FILE, --json FILE, --md FILE or --html FILE (- is stdout)" in one_line(result)


def test_replay_feeds_the_screen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[Source, Path | None, bool]] = []

    def show(source: Source, path: Path | None, *, read_only: bool = False, configuration: Configuration) -> None:
        assert configuration == NOTHING_SETTLED
        shown.append((source, path, read_only))

    monkeypatch.setattr(startup, "show", show)
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    session = recorded(tmp_path / "kept.jsonl", NO_MODE_WINS)
    assert invoke("replay", session, "--speed", "inf").exit_code == 0
    ((source, path, read_only),) = shown
    assert isinstance(source, Replay)
    assert (path, read_only) == (Path(session), True)


@pytest.mark.parametrize(
    ("end", "severity", "words"),
    [('{"kind":"notice","text":7}\n', "error", "line 16: notice: "), ('{"kind":"noti', "warning", "was cut short")],
)
def test_a_damaged_session_is_played_up_to_there(tmp_path: Path, end: str, severity: str, words: str) -> None:
    path = tmp_path / "kept.jsonl"
    recorded(path, NO_MODE_WINS)
    path.write_text(path.read_text() + end)
    _, source = play_session(str(path), float("inf"))
    *events, notice = islice(source.events(), len(NO_MODE_WINS) + 1)
    assert events == NO_MODE_WINS
    assert isinstance(notice, Notice)
    assert notice.severity == severity
    assert words in notice.text


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ((), ()),
        (("--far", "ssh box python3"), ("--far", "ssh box python3")),
        (("--python", "python3", "--gpu-memory-limit", "512"), ("--python", "python3", "--gpu-memory-limit", "512")),
    ],
)
def test_the_bare_command_opens_the_screen(
    words: Sequence[str], arguments: tuple[str, ...], source: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[Source, tuple[str, ...]]] = []
    monkeypatch.setattr(
        startup, "show", lambda source, _path, far_arguments, **_: shown.append((source, far_arguments))
    )
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    assert invoke(*words).exit_code == 0
    assert shown == [(source, arguments)]


def test_version_and_help() -> None:
    assert invoke("--version").stdout.startswith("tfjit-tui, version ")
    result = invoke("--help")
    assert result.exit_code == 0
    assert all(command in result.stdout for command in ("run", "list", "devices", "export", "replay"))


# --- texts ------------------------------------------------------------------------------------------------------------


def test_every_recorded_case_can_be_told() -> None:
    for path in RECORDINGS.glob("*.jsonl"):
        _, session = open_session(str(path))
        for case in session.cases.values():
            assert case_text(case).startswith(case.case.workload)


def test_a_column_in_which_nothing_is_known_is_left_out() -> None:
    assert table([("a", "b", "c"), ("1", "", "3"), ("22", "", "")]) == "a   c\n1   3\n22"


# --- what is loaded ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run matmul", *slowly("list", "devices")])
def test_no_command_without_a_screen_loads_textual_and_none_loads_tensorflow(command: str) -> None:
    code = (
        "import sys; from tests.examples import NO_MODE_WINS; from tests.tui.command import Scripted\n"
        "from tui.cli import main as cli, startup\n"
        "assert 'textual' not in sys.modules\n"
        "startup.open_engine = lambda *_, **__: (Scripted(NO_MODE_WINS), None)\n"
        f"try: cli.main({command.split()!r})\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'textual', 'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
