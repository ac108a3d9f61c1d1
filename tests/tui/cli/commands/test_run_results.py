"""`tfjit-tui run`: what is printed and written, its exit codes, Ctrl-C, and the file of its session."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bench.events import CaseFinished, Device, Devices, Event, FarLost, ModeFailed, Notice, PlanFinished, WorkerStarting
from tests.examples import NO_MODE_WINS, session_events
from tests.slow import slowly
from tests.tui.command import LACKS_TENSORFLOW, Scripted, invoke, stand_in
from tui.cli import startup


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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "GPU:0 (NVIDIA H100) is there, too: choose it by --device GPU:0.\n"),
        (("--device", "CPU:0"), ""),
        (("--device", "GPU:0"), ""),
    ],
)
def test_who_names_no_device_is_told_once_of_a_gpu(
    words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpu = Devices(devices=(Device("CPU:0", "A Processor"), Device("GPU:0", "NVIDIA H100")))
    stand_in(monkeypatch, Scripted([with_gpu, with_gpu, *NO_MODE_WINS]))
    assert invoke("run", "matmul", *words).stderr == said


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


def test_a_mode_that_there_is_none_of_is_exit_code_0(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = ModeFailed(case_id="1", mode="eager", status="unsupported", error="it is a graph", absent=True)
    stand_in(monkeypatch, Scripted(session_events({"graph": 0.01, "xla": 0.01}, beside=[absent])))
    result = invoke("run", "matmul")
    assert result.exit_code == 0
    assert "it is a graph" in result.stdout


def test_what_the_far_side_finds_impossible_is_exit_code_2_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = CaseFinished(case_id="1", error="model has no signature to call", refused=True)
    stand_in(monkeypatch, Scripted(session_events({}, finish=refused)))
    result = invoke("run", "matmul")
    assert result.exit_code == 2
    assert result.stdout.count("model has no signature to call") == 1


NOT_THERE = (
    "steps.py::scal",
    "steps.py:scale",
    "step.py::scale",
    "absent:f",
    "steps.py::scale --inputs y=float32[2]",
    "steps.py::scale --inputs x=float32[2",
)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("words", NOT_THERE)
def test_what_is_not_there_is_exit_code_2_before_anything_is_started(words: str, source: Scripted) -> None:
    Path("steps.py").write_text("def scale(x): ...\n", encoding="utf-8")
    result = invoke("run", *words.split())
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert source.plans == []


def test_a_wrong_mode_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted(session_events({"eager": 1.0, "xla": 1.0}, wrong={"xla": "shape (0,), not (1,)"})))
    assert invoke("run", "matmul").exit_code == 1


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
