"""The command itself, as users and CI run it: by bash, with pipes, redirections and time limits."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.paths import RECORDINGS, ROOT

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Ran:
    """What a script wrote, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def complaint(self) -> str:
        """The only line on stderr."""
        assert self.stderr.count("\n") == 1, self.stderr
        assert self.stderr.startswith("tfjit-tui: "), self.stderr
        return self.stderr.removeprefix("tfjit-tui: ").strip()


class Shell:
    """Runs bash scripts in a directory of the test's own, where `tfjit-tui` is a command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        command = home / "bin" / "tfjit-tui"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tui "$@"\n')
        command.chmod(0o755)
        own = {"TFJIT_TUI_STATE_DIR": str(home / "state"), "TFJIT_TUI_CONFIG_DIR": str(home / "config")}
        where = {"PYTHONPATH": str(ROOT), "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}
        self._environment = {**os.environ, **where, **own, "LC_ALL": "C.UTF-8"}

    def __call__(self, script: str) -> Ran:
        """Run a script to its end; its exit code is that of its last command, of a pipe the first that failed."""
        with self.start(script) as process:
            return self.end(process)

    def end(self, process: subprocess.Popen[str]) -> Ran:
        """Wait for a script that was started."""
        try:
            stdout, stderr = process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return Ran(process.returncode, stdout, stderr)

    def start(self, script: str) -> subprocess.Popen[str]:
        """Start a script; what is waited for is up to the caller."""
        return subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", script],
            cwd=self.home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="backslashreplace",
            start_new_session=True,
        )

    def pid(self, name: str = "pid") -> int:
        """The process that a script has noted: `echo $! >pid`. Waits for that."""
        return int(self.appears(name))

    def appears(self, name: str) -> str:
        """What a file holds, once it is there and ends in a newline."""
        path, patience = self.home / name, monotonic() + PATIENCE_S
        while not (path.exists() and (text := path.read_text()).endswith("\n")):
            assert monotonic() < patience, f"there is no {name}"
        return text

    def record(self, recording: str, name: str) -> Path:
        """Put a recorded session here."""
        return Path(shutil.copy(RECORDINGS / f"{recording}.jsonl", self.home / name))

    def write(self, name: str, text: str) -> Path:
        """Put a file here."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """What a file here holds."""
        return (self.home / name).read_text(encoding="utf-8")
