"""`python -m tests.gpu` as it is typed: without a GPU it says so; a rehearsal on the CPU leaves what it promises."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.session.wire import read_line
from tests.gpu.process import ROOT

pytestmark = pytest.mark.slow

PATIENCE_S = 300.0


def start(*words: str, out: Path) -> subprocess.Popen[str]:
    """Start the command with GPUs hidden, if there are any, and hearing signals that whoever runs the tests ignores."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.gpu", *words, "--out", str(out)],
        cwd=ROOT,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def run(*words: str, out: Path) -> tuple[int, str, str]:
    """Return the command's exit code, and what it wrote on stdout and stderr."""
    process = start(*words, out=out)
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    return process.returncode, stdout, stderr


def decisions(out: Path, device: str) -> dict[str, str]:
    """Return the verdicts of the report by claim."""
    told = json.loads((out / device / "report.json").read_text(encoding="utf-8"))
    return {each["claim"]: each["verdict"] for each in told["decisions"]}


def test_without_a_gpu_one_line_says_so_and_why(tmp_path: Path) -> None:
    code, stdout, stderr = run(out=tmp_path)
    assert (code, stdout) == (3, "")
    (line,) = stderr.splitlines()
    assert line.startswith("no GPU:0: TensorFlow ")
    assert "Its log says: " in line
    assert "Its log says: nothing" not in line


@pytest.mark.parametrize("words", [("--device", "gpu0"), ("--device", "CPU:0", "placement"), ("no_such_probe",)])
def test_a_device_or_a_probe_that_is_none_is_a_usage_error(words: tuple[str, ...], tmp_path: Path) -> None:
    assert run(*words, out=tmp_path)[0] == 2


def test_a_rehearsal_on_the_cpu_leaves_a_session_and_a_report_and_a_second_start_goes_on(tmp_path: Path) -> None:
    code, stdout, _ = run("session", "flush", "--device", "CPU:0", out=tmp_path)
    assert code == 1  # the other probes were not run
    assert "(a rehearsal: no GPU)" in stdout
    told = decisions(tmp_path, "CPU-0")
    assert told["Assigning a variable to another moves no data"] == "confirmed"
    assert told["The engine measures every mode of the recorded cases"] == "confirmed"
    assert told["A warm worker holds most of the 3 GiB at which workers are recycled"] == "cannot tell"
    session = (tmp_path / "CPU-0" / "session.jsonl").read_bytes()
    assert all(read_line(line) is not None for line in session.splitlines())
    assert os.fsencode(sys.prefix) not in session

    _, _, stderr = run("flush", "memory", "--device", "CPU:0", out=tmp_path)
    assert "flush: ok, kept from an earlier start" in stderr
    told = decisions(tmp_path, "CPU-0")
    assert told["A warm worker holds most of the 3 GiB at which workers are recycled"] == "refuted"
    assert told["The engine measures every mode of the recorded cases"] == "confirmed"


def test_on_a_device_without_kernels_soft_placement_decides(tmp_path: Path) -> None:
    run("placement", "--device", "XLA_CPU:0", out=tmp_path)
    told = decisions(tmp_path, "XLA_CPU-0")
    assert told["model.predict fails with soft placement off"] == "confirmed"
    assert told["Eager calls with strings, tables or tf.data fail with soft placement off"] == "confirmed"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_the_report_of_what_was_done(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = start("memory", "--device", "CPU:0", out=tmp_path)
    assert process.stderr is not None
    for line in process.stderr:
        if "memory" in line:
            break
    process.send_signal(number)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    report = json.loads((tmp_path / "CPU-0" / "report.json").read_text(encoding="utf-8"))
    assert {each["probe"] for each in report["steps"] if each["status"] == "ok"} == {"presence"}
