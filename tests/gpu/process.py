"""Run a step in a process of its own, with a time limit: a crash, a hang or an out-of-memory ends that step alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from tests.gpu.child import FIGURES
from tests.gpu.outcomes import DIED, FAILED, OK, TIMED_OUT, Outcome
from tests.gpu.probe import Setting, Step, kind_of
from tests.gpu.scrubbing import scrub, scrub_text

ROOT = Path(__file__).parents[2]

GONE_S = 60.0
"""So long a killed process may take to end: one that holds a GPU is not gone at once."""

MOST_BYTES = 1 << 20
"""No step has so many figures: what a process writes beyond is not read."""

TAIL_BYTES = 2_000


def run_step(probe: str, step: Step, device: str, out: Path, limit_s: float) -> Outcome:
    """Measure a step, for `limit_s` at most, and return what became of it. An interrupt ends its process, too."""
    at, began = datetime.now(timezone.utc).isoformat(timespec="seconds"), monotonic()
    with tempfile.TemporaryDirectory(prefix="tfjit-gpu-", ignore_cleanup_errors=True) as scratch:
        setting = Setting(device, Path(scratch), out.absolute())
        with (Path(scratch) / "log").open("wb+") as log:
            process = _start(step, setting, log.fileno())
            try:
                code: int | None = process.wait(limit_s)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                gone = _end(process)
            figures, last = _read(Path(scratch) / FIGURES)
            status, error = _judge(code, last, limit_s, gone)
            if status == DIED:
                error = f"{error}: {_tail(log.fileno())}"
        return Outcome(probe, step.name, status, scrub(figures), scrub_text(error), round(monotonic() - began, 1), at)


def _start(step: Step, setting: Setting, log: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0", "KERAS_BACKEND": "tensorflow"}
    if kind_of(setting.device) == "XLA_CPU":
        environment["TF_XLA_FLAGS"] = f"{os.environ.get('TF_XLA_FLAGS', '')} --tf_xla_enable_xla_devices".strip()
    words = (step.measure.__module__, step.measure.__qualname__, setting.device, setting.scratch, setting.out)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.gpu.child", *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> bool:
    """Kill a process that has not ended, with what it started; return whether it is gone now."""
    assert process.stdin is not None
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GONE_S)
    process.stdin.close()
    return process.returncode is not None


def _judge(code: int | None, last: dict[str, Any], limit_s: float, gone: bool) -> tuple[str, str]:
    """Return a step's status and error from its exit code (None: it was killed for time) and its last line."""
    if code is None:
        left = "" if gone else f", and its process was not gone {GONE_S:.0f} s after it was killed"
        return TIMED_OUT, f"it took longer than {limit_s:.0f} s{left}"
    if last.get("done") is True:
        return OK, ""
    if "error" in last:
        return FAILED, " ".join(str(last["error"]).split())
    return DIED, signal.strsignal(-code) or f"signal {-code}" if code < 0 else f"exit code {code}"


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the figures in a step's file, and its last line; lines that are neither are left out."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError:
        return {}, {}
    figures: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for line in data.split(b"\n"):
        try:
            entry = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue  # torn, where the process was killed
        match entry:
            case [str(name), value]:
                figures[name] = value
            case dict():
                last = entry
    return figures, last


def _tail(log: int) -> str:
    """Return the end of a log, on one line."""
    size = os.fstat(log).st_size
    text = os.pread(log, TAIL_BYTES, max(size - TAIL_BYTES, 0)).decode(errors="replace")
    return " ".join(text.split())
