"""The supervisor and its worker, with a few lines in TensorFlow's place."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.worker.supervisor import Worker

PATIENCE_S = 60.0


def died(bootstrap: str, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What is reported of a worker that runs `bootstrap`, once it has ended."""
    worker = Worker({"bootstrap": bootstrap}, {"do": "start", "env": {}})
    worker._passer.join(PATIENCE_S)
    event: dict[str, Any] = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert event["kind"] == "died"
    return event


def test_last_words_are_those_since_the_mode_began_however_late_its_line_is_read(
    capfd: pytest.CaptureFixture[str],
) -> None:
    # All is written before the worker ends; the words are in the log before the line that names the mode is sent.
    event = died(
        "import os\nos.write(2, b'before\\n'); size = os.fstat(2).st_size\n"
        "os.write(2, b'last words\\n'); os.write(1, f'@graph {size}\\n'.encode()); os._exit(3)",
        capfd,
    )
    assert (event["running"], event["log_tail"], event["exit_code"]) == ("graph", ["last words"], 3)


def test_no_mode_is_running_between_modes(capfd: pytest.CaptureFixture[str]) -> None:
    assert died("import os; os.write(1, b'@graph 0\\n@ 0\\n'); os._exit(3)", capfd)["running"] is None


def test_a_signal_without_a_name_has_its_number(capfd: pytest.CaptureFixture[str]) -> None:
    number = int(signal.SIGRTMIN) + 3
    assert died(f"import os; os.kill(os.getpid(), {number})", capfd)["signal"] == f"signal {number}"


def test_a_number_that_is_no_longer_the_workers_is_never_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker({"bootstrap": "pass"}, {"do": "start", "env": {}})
    killed: list[int | None] = []
    monkeypatch.setattr(os, "killpg", lambda *_: killed.append(worker._process.returncode))
    worker._passer.join(PATIENCE_S)
    worker.kill()
    assert set(killed) <= {None}, "killed after it was reaped"


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_a_worker_ends_with_its_supervisor_even_if_that_is_killed(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    alive = f"import time; file = open({str(fifo)!r}, 'w'); print('alive', file=file, flush=True); time.sleep(600)"
    supervise = (
        "import time; from bench.worker.supervisor import Worker;"
        f"Worker({{'bootstrap': {alive!r}}}, {{'do': 'start', 'env': {{}}}}); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", supervise]) as supervisor, fifo.open() as file:
        assert file.readline() == "alive\n"
        supervisor.kill()
        # The end of the pipe is the end of the worker.
        assert select.select([file], [], [], PATIENCE_S)[0]
        assert file.read() == ""
