"""Starts the worker, passes lines between it and the engine, and makes sure that it is never left behind.

It does not import TensorFlow, so it answers whatever the worker is doing. Requests are lines of JSON on standard input:
`start` and `kill` are for the supervisor, the rest for the worker. The end of standard input ends the worker.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import queue
import re
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import IO, Any

from ..events import Died, Killed, to_line

START_WORKER = """
import sys
sys.path = [place for place in sys.path if place]  # the directory's own modules may be named like anyone's
import os
try:
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL: not even a killed supervisor leaves it behind
except (ImportError, OSError, AttributeError):
    pass  # not Linux
if os.getppid() != {parent}:
    os._exit(1)
import json
bundle = json.load(open({fd}, encoding="utf-8"))
exec(bundle["bootstrap"])
"""

RUNNING = b"@"
"""A worker's line `@MODE SIZE` names the mode at work and where its log begins; kept for `died`, not passed on."""

END_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

GRACE_S = 5.0
"""For so long the last lines may take to be read once the end has come: an engine that is suspended reads none."""

TERMINATE_S = 0.25
"""A worker that SIGTERM has not ended by then, because user code handles it, gets SIGKILL."""

END_S = 0.3
"""Limits the wait for a killed worker once the engine is gone: a driver may take a minute to take a GPU back."""

LOG_TAIL_LINES = 40
LOG_TAIL_BYTES = 16_384
INFORMATION = re.compile(
    r"I\d{4} [\d:.]+ |WARNING: All log messages before absl"
    r"|\s+@\s+0x[0-9a-f]+ |\*\*\* Check failure|Extension modules: "
)
"""Log lines that say nothing about an end: those that we asked TensorFlow for, frames of C++."""


def main(bundle: dict[str, Any]) -> None:
    """Serve until standard input ends, then leave no process behind."""
    for number in END_SIGNALS:
        signal.signal(number, _end)
    worker: Worker | None = None
    outbox = Outbox()
    outbox.put(b"")  # ends the prompt of the console that read us
    try:
        for line in iter(sys.stdin.readline, ""):
            request = json.loads(line)
            if request["do"] == "start":
                if worker is not None:
                    worker.end()
                worker = Worker({**bundle, "main": "worker.main"}, request, outbox.put)
            elif worker is not None and request["do"] == "kill":
                worker.kill()
            elif worker is not None:
                worker.send(line)
    finally:
        _end_no_more()
        if worker is not None:
            worker.end(END_S)
        outbox.close()
        os._exit(0)


def _end(*_: object) -> None:
    _end_no_more()
    raise SystemExit


def _end_no_more() -> None:
    for number in END_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


class Outbox:
    """Lines on their way to the engine: as many as there are wait here, if it is suspended or its line is slow.

    In a pipe they would soon be too many, and the worker would stand still between rounds while its budget runs out.
    """

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def put(self, line: bytes) -> None:
        """Have a line written; waits for nothing."""
        self._lines.put(line + b"\n")

    def close(self) -> None:
        """Wait until all is written, the engine is gone, or GRACE_S are over. The process has to end then."""
        self._lines.put(None)
        self._writer.join(GRACE_S)

    def _write(self) -> None:
        try:
            while (data := self._lines.get()) is not None:
                while data:
                    data = data[os.write(1, data) :]
        except OSError:
            # The engine is gone: main may be stuck in a read, so end it from here.
            os.kill(os.getpid(), signal.SIGTERM)


class Worker:
    """One worker process, leader of its own process group, and its log. `pass_on` takes every line that it writes."""

    def __init__(self, bundle: dict[str, Any], request: dict[str, Any], pass_on: Callable[[bytes], None]) -> None:
        self._pass_on = pass_on
        self._running = b""
        self._log_start = 0
        self._is_killed = False
        self._reaping = threading.Lock()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        # AutoGraph leaves a file for every function that it converts, if the process is killed.
        self._scratch = tempfile.TemporaryDirectory(prefix="tfjit-", ignore_cleanup_errors=True)
        fcntl.fcntl(self._log, fcntl.F_SETFL, fcntl.fcntl(self._log, fcntl.F_GETFL) | os.O_APPEND)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
            json.dump(bundle, file)
            file.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, "-c", START_WORKER.format(fd=file.fileno(), parent=os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                pass_fds=[file.fileno()],
                env={**os.environ, **request["env"], "TMPDIR": self._scratch.name},
                start_new_session=True,
            )
        self.send(json.dumps(request) + "\n")
        # A child that the worker forked may hold its output open: the worker's end is told apart from the pipe's.
        ended, self._ended_writer = os.pipe()
        threading.Thread(target=self._wait, daemon=True).start()
        self._passer = threading.Thread(target=self._pass_lines, args=(self._process.stdout, ended), daemon=True)
        self._passer.start()

    def send(self, line: str) -> None:
        """Pass a line on; a worker that is no longer there has already been reported."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()

    def kill(self) -> None:
        """Tell which mode is at work and have the worker and all that it forked end, by SIGTERM, else by SIGKILL.

        What it writes from now on is not passed on: user code that handles SIGTERM may leave the mode under way by an
        exception, and that mode would be told to have failed, and the next one to be running.
        """
        self._is_killed = True
        self._pass_on(to_line(Killed(running=self._running.decode() or None)).encode())
        self._signal_group(signal.SIGTERM)
        self._passer.join(TERMINATE_S)
        self._signal_group(signal.SIGKILL)

    def end(self, within_s: float | None = None) -> None:
        """Kill the worker and wait until its last event is passed on; after `within_s` leave it to die, without files.

        A killed process runs nothing any more: what may take long is that its driver takes back what it held.
        """
        self._signal_group(signal.SIGKILL)
        self._scratch.cleanup()  # at once, since the engine may not wait until this has returned
        self._passer.join(within_s)
        self._scratch.cleanup()

    def _signal_group(self, number: int) -> None:
        with self._reaping:
            if self._process.returncode is None:
                self._kill_group(number)

    def _wait(self) -> None:
        # Its number is its own until it is reaped, so what it forked is killed before.
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            with self._reaping:
                self._kill_group(signal.SIGKILL)
                self._process.wait()
        else:  # macOS before Python 3.13
            self._process.wait()
            self._kill_group(signal.SIGKILL)
        os.close(self._ended_writer)

    def _kill_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: a group of zombies is not permitted
            os.killpg(self._process.pid, number)

    def _pass_lines(self, output: IO[bytes], ended: int) -> None:
        buffer = b""
        while True:
            ready, _, _ = select.select([output.fileno(), ended], [], [])
            chunk = os.read(output.fileno(), 1 << 16) if output.fileno() in ready else b""
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                self._pass(line)
            if not chunk and ended in ready:
                break
            if not chunk:
                select.select([ended], [], [])
        os.close(ended)
        self._process.wait()
        self._report_death()
        self._log.close()
        output.close()
        self._scratch.cleanup()

    def _pass(self, line: bytes) -> None:
        if self._is_killed:
            return
        if line.startswith(RUNNING):
            self._running, _, size = line.removeprefix(RUNNING).partition(b" ")
            self._log_start = int(size)
        else:
            self._pass_on(line)

    def _report_death(self) -> None:
        code = self._process.returncode
        died = Died(
            exit_code=code if code >= 0 else None,
            signal=_signal_name(-code) if code < 0 else None,
            running=self._running.decode() or None,
            log_tail=self._log_tail(),
        )
        self._pass_on(to_line(died).encode())

    def _log_tail(self) -> tuple[str, ...]:
        """What was logged since the mode that was running began, as far as it matters."""
        size = os.fstat(self._log.fileno()).st_size
        start = max(min(self._log_start, size), size - LOG_TAIL_BYTES)
        lines = os.pread(self._log.fileno(), size - start, start).decode(errors="replace").splitlines()
        return tuple(line for line in lines if line.strip() and not INFORMATION.match(line))[-LOG_TAIL_LINES:]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
