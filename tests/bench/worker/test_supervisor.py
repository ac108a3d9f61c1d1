"""The supervisor and its worker, with a few lines in TensorFlow's place."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from bench.worker.supervisor import Worker

PATIENCE_S = 60.0

LINES = 20_000
"""More than a pipe holds."""

START: dict[str, Any] = {"do": "start", "env": {}}


def died(bootstrap: str) -> dict[str, Any]:
    """What is reported of a worker that runs `bootstrap`, once it has ended."""
    lines: list[bytes] = []
    worker = Worker({"bootstrap": bootstrap}, START, lines.append)
    worker._passer.join(PATIENCE_S)
    event: dict[str, Any] = json.loads(lines[-1])
    assert event["kind"] == "died"
    return event


def test_last_words_are_those_since_the_mode_began_however_late_its_line_is_read() -> None:
    # All is written before the worker ends; the words are in the log before the line that names the mode is sent.
    event = died(
        "import os\nos.write(2, b'before\\n'); size = os.fstat(2).st_size\n"
        "os.write(2, b'last words\\n'); os.write(1, f'@graph {size}\\n'.encode()); os._exit(3)"
    )
    assert (event["running"], event["log_tail"], event["exit_code"]) == ("graph", ["last words"], 3)


def test_no_mode_is_running_between_modes() -> None:
    assert died("import os; os.write(1, b'@graph 0\\n@ 0\\n'); os._exit(3)")["running"] is None


def test_a_signal_without_a_name_has_its_number() -> None:
    number = int(signal.SIGRTMIN) + 3
    assert died(f"import os; os.kill(os.getpid(), {number})")["signal"] == f"signal {number}"


def test_a_number_that_is_no_longer_the_workers_is_never_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker({"bootstrap": "pass"}, START, print)
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
        f"Worker({{'bootstrap': {alive!r}}}, {START}, print); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", supervise]) as supervisor, fifo.open() as file:
        assert file.readline() == "alive\n"
        supervisor.kill()
        # The end of the pipe is the end of the worker.
        assert select.select([file], [], [], PATIENCE_S)[0]
        assert file.read() == ""


@pytest.mark.parametrize(("then", "is_killed"), [("time.sleep(600)", True), ("os._exit(0)", False)], ids=["killed", ""])
def test_what_a_worker_has_forked_ends_with_it(then: str, is_killed: bool, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    bootstrap = (
        f"import os, time; file = open({str(fifo)!r}, 'w')\nif os.fork():\n    {then}\n"
        "print('alive', file=file, flush=True); time.sleep(600)"
    )
    worker = Worker({"bootstrap": bootstrap}, START, print)
    with fifo.open("rb", buffering=0) as pipe:
        if is_killed:
            assert pipe.readline() == b"alive\n"
            worker.kill()
        # The end of the pipe is the end of all that hold it.
        while select.select([pipe], [], [], PATIENCE_S)[0]:
            if not pipe.read(99):
                return
    pytest.fail("what was forked goes on")


@pytest.mark.parametrize(
    ("handler", "signal_name", "left"),
    [("signal.SIG_DFL", "SIGTERM", ""), ("leave", None, "left in order"), ("signal.SIG_IGN", "SIGKILL", "")],
    ids=["at once", "in order", "by force"],
)
def test_a_worker_is_told_to_end_before_it_is_forced_to(
    handler: str, signal_name: str | None, left: str, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    bootstrap = (
        f"import os, signal, time; file = os.open({str(fifo)!r}, os.O_WRONLY)\n"
        "def leave(*_):\n    os.write(file, b'left in order'); os._exit(0)\n"
        f"signal.signal(signal.SIGTERM, {handler}); os.write(file, b'ready\\n'); time.sleep(600)"
    )
    lines: list[bytes] = []
    worker = Worker({"bootstrap": bootstrap}, START, lines.append)
    with fifo.open() as pipe:
        assert pipe.readline() == "ready\n"
        worker.kill()
        assert pipe.read() == left
    worker._passer.join(PATIENCE_S)
    assert json.loads(lines[-1])["signal"] == signal_name


def test_what_a_killed_worker_says_is_not_passed_on() -> None:
    bootstrap = (
        "import os, signal, time\n"
        "def leave(*_): raise SystemExit\n"
        "try:\n"
        "    signal.signal(signal.SIGTERM, leave); os.write(1, b'@graph 0\\nbegun\\n')\n"
        "    while True: time.sleep(0.01)\n"
        "except SystemExit:\n"
        "    os.write(1, b'graph failed\\n@xla 0\\n'); os._exit(0)"
    )
    lines: SimpleQueue[bytes] = SimpleQueue()
    worker = Worker({"bootstrap": bootstrap}, START, lines.put)
    assert lines.get(timeout=PATIENCE_S) == b"begun"
    worker.kill()
    told = [json.loads(lines.get(timeout=PATIENCE_S)) for _ in range(2)]
    assert [(event["kind"], event["running"]) for event in told] == [("killed", "graph"), ("died", "graph")]


def test_the_files_of_a_worker_that_its_driver_holds_on_to_are_gone_before_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Worker({"bootstrap": "import time; time.sleep(600)"}, START, print)
    scratch = Path(worker._scratch.name)
    assert scratch.is_dir()
    there: list[bool] = []
    monkeypatch.setattr(worker._passer, "join", lambda _: there.append(scratch.exists()))
    worker.end(within_s=0.0)
    assert there == [False]
    monkeypatch.undo()
    worker._passer.join(PATIENCE_S)


@contextmanager
def unread(tmp_path: Path, grace_s: float) -> Iterator[subprocess.Popen[bytes]]:
    """A supervisor whose worker has written LINES and ended, of which nobody has read any."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    bootstrap = f"print(('x' * 99 + chr(10)) * {LINES}, end='', flush=True); open({str(fifo)!r}, 'w').write('done')"
    supervise = (
        "from bench.worker import supervisor;"
        f"supervisor.GRACE_S = {grace_s}; supervisor.main({{'bootstrap': {bootstrap!r}}})"
    )
    command = [sys.executable, "-c", supervise]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdin is not None
        supervisor.stdin.write(json.dumps(START).encode() + b"\n")
        supervisor.stdin.flush()
        descriptor = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        assert select.select([descriptor], [], [], PATIENCE_S)[0], "the worker stands still"
        os.close(descriptor)
        yield supervisor


def read_all(supervisor: subprocess.Popen[bytes]) -> list[bytes]:
    """What the worker has written, and how it ended."""
    assert supervisor.stdout is not None
    return [supervisor.stdout.readline() for _ in range(LINES + 2)][1:]


def test_a_worker_waits_for_nobody_who_does_not_read(tmp_path: Path) -> None:
    with unread(tmp_path, PATIENCE_S) as supervisor:
        *lines, last = read_all(supervisor)
        assert lines == [b"x" * 99 + b"\n"] * LINES
        assert b"died" in last


def test_who_is_told_to_end_lets_the_last_lines_be_read(tmp_path: Path) -> None:
    with unread(tmp_path, PATIENCE_S) as supervisor:
        supervisor.terminate()
        *lines, last = read_all(supervisor)
        assert lines == [b"x" * 99 + b"\n"] * LINES
        assert b"died" in last
        assert supervisor.wait(PATIENCE_S) == 0


def test_who_is_told_to_end_does_so_even_if_nobody_reads(tmp_path: Path) -> None:
    with unread(tmp_path, grace_s=0) as supervisor:
        supervisor.terminate()
        assert supervisor.wait(PATIENCE_S) == 0


def test_a_worker_that_its_driver_holds_on_to_is_left_to_die_without_its_files(tmp_path: Path) -> None:
    # A signal that never arrives stands for a driver that takes a minute to take a GPU back.
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    bootstrap = (
        f"import os, sys; file = os.open({str(fifo)!r}, os.O_WRONLY)\n"
        "os.write(file, (os.environ['TMPDIR'] + '\\n').encode()); sys.stdin.read()"
    )
    supervise = (
        "import os; from bench.worker import supervisor;"
        f"os.killpg = lambda *_: None; supervisor.main({{'bootstrap': {bootstrap!r}}})"
    )
    command = [sys.executable, "-c", supervise]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdin is not None
        supervisor.stdin.write(json.dumps(START).encode() + b"\n")
        supervisor.stdin.flush()
        with fifo.open() as pipe:
            files = Path(pipe.readline().strip())
            assert files.is_dir()
            supervisor.stdin.close()
            try:
                assert supervisor.wait(PATIENCE_S) == 0
            finally:
                supervisor.kill()
            assert not files.exists()
