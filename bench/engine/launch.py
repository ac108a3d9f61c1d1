"""Command lines that end in a Python with TensorFlow, and the source that is sent to it.

`PYTHON -I -m code` reads statements from its standard input: that needs no quoting, so the same words travel through
`ssh`, `srun`, `kubectl exec` and a shell alike, and isolated mode (-I) keeps the directory's own modules out.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

READ_STATEMENTS = ("-I", "-m", "code", "-q")

START = """
import json, os, sys, traceback
if sys.version_info < (3, 10):
    sys.exit("Python 3.10 or newer is needed, this is " + sys.version.split()[0])
try:
    bundle = json.loads(sys.stdin.readline())
    exec(bundle["bootstrap"])
except BaseException:
    traceback.print_exc()
os._exit(1)
"""
"""The one statement: whatever goes wrong ends the console, or it would take requests for statements."""

TRAVELLING = (
    "device_names.py",
    "implementations.py",
    "plan.py",
    "plan_error.py",
    "rules.py",
    "runtime.py",
    "number_text.py",
    "printable.py",
    "suggest.py",
    "input_text.py",
    "events/**/*.py",
    "catalogue/**/*.py",
    "worker/**/*.py",
)
"""What the far side runs, beside an empty `__init__.py` of its own."""


class LaunchError(ValueError):
    """A far side that cannot be started, said in one line."""


@dataclass(frozen=True)
class FarSide:
    """Where to measure: the words of a command line whose last starts a Python."""

    words: tuple[str, ...]

    @classmethod
    def from_options(cls, python: str | None = None, far: str | None = None) -> FarSide:
        """The far side that the options name; by default this Python. Raises LaunchError."""
        if python and far:
            raise LaunchError("--python and --far exclude each other: --far ends in the Python to use")
        if far:
            return cls._from_command(far)
        words = (os.path.expanduser(python),) if python else (sys.executable,)  # noqa: PTH111 - keeps ./
        if shutil.which(words[0]) is None:
            raise LaunchError(f"there is no program {words[0]!r} to run as Python")
        return cls(words)

    @classmethod
    def _from_command(cls, far: str) -> FarSide:
        try:
            words = tuple(shlex.split(far))
        except ValueError as error:
            raise LaunchError(f"--far {far!r}: {error}") from None
        if not words:
            raise LaunchError("--far is empty: give a command that ends in a Python, such as 'ssh box python3'")
        if shutil.which(words[0]) is None:
            raise LaunchError(f"--far: there is no program {words[0]!r}")
        return cls(words)

    @property
    def argv(self) -> list[str]:
        """The command to start. What follows `sh -c` is one word, so the Python's arguments go inside it."""
        if len(self.words) >= 3 and re.fullmatch(r"-\w*c", self.words[-2]):
            return [*self.words[:-1], " ".join([self.words[-1], *READ_STATEMENTS])]
        return [*self.words, *READ_STATEMENTS]

    def __str__(self) -> str:
        return shlex.join(self.words)


def far_arguments_of(far: str, fars: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the options that ask for a session's far sides again; none for this Python.

    `far`: the command of the first; `fars`: name and command of each, if there are several.
    """
    commands = [command for _, command in fars] or [far]
    asked = [command for command in commands if command and command != str(FarSide.from_options())]
    return tuple(word for command in asked for word in ("--far", command))


@cache
def first_lines() -> bytes:
    """The statement that the far side's Python executes, and the bundle which that statement reads."""
    here = Path(__file__).parents[1]
    sources = {"__init__.py": ""}
    for path in [path for pattern in TRAVELLING for path in sorted(here.glob(pattern))]:
        sources[path.relative_to(here).as_posix()] = path.read_text(encoding="utf-8")
    bundle = {"main": "worker.supervisor", "bootstrap": sources["worker/bootstrap.py"], "sources": sources}
    return f"exec({START!r})\n".encode() + json.dumps(bundle).encode() + b"\n"
