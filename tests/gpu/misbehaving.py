"""Steps that end otherwise than well, for tests of what becomes of them. None imports TensorFlow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.gpu.probe import Figures, Setting

LOCK = """
import fcntl, signal, sys
file = open(sys.argv[1], "wb")
fcntl.flock(file, fcntl.LOCK_EX)
print("holds it", flush=True)
signal.pause()
"""


def works(setting: Setting) -> Figures:
    """Measure two figures, one of which tells whose machine it is."""
    yield "device", setting.device
    yield "place", f"{setting.scratch}/log of GPU-01234567-89ab-cdef-0123-456789abcdef"


def raises(_setting: Setting) -> Figures:
    """Measure a figure, then fail."""
    yield "before", 1
    raise RuntimeError("no kernel\n\x1b[31mfor it")


def crashes(_setting: Setting) -> Figures:
    """Measure a figure, then die of a signal, as native code does."""
    yield "before", 1
    print("about to crash", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(setting: Setting) -> Figures:
    """Start a process that locks the file `locked` as long as it lives, and never end."""
    child = subprocess.Popen([sys.executable, "-c", LOCK, setting.out / "locked"], stdout=subprocess.PIPE)
    assert child.stdout is not None
    yield "child", child.stdout.readline().decode().strip()
    signal.pause()


def writes_nonsense(setting: Setting) -> Figures:
    """Write what is no figure among the figures."""
    with Path(setting.scratch, "figures.jsonl").open("ab", buffering=0) as file:
        file.write(b'{"\xff\n[1, 2, 3]\n[["a"], 1]\nnull\n' + b"[" * 5_000 + b"\n")
    yield "after", 2


def holds_not_a_number(_setting: Setting) -> Figures:
    """Measure what JSON has no word for."""
    yield "ratio", float("nan")
