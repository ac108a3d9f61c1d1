"""The process of a step: `python -m tests.gpu.child MODULE FUNCTION DEVICE SCRATCH OUT`, started by `process.py` alone.

Figures go to a file of the scratch directory, one line of JSON each, as they are measured. The process ends with its
standard input, so that whoever started it leaves none behind.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from tests.gpu.probe import Setting

FIGURES = "figures.jsonl"
MOST_ERROR = 600
"""Characters of an exception's message that are kept: TensorFlow's may list every kernel there is."""


def end_with_input() -> None:
    """Have this process, and all of its group, killed at the end of its standard input."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main(module: str, function: str, device: str, scratch: str, out: str) -> None:
    """Measure a step and write each figure; the last line says that it is done, or what it raised."""
    end_with_input()
    measure = attrgetter(function)(importlib.import_module(module))
    with (Path(scratch) / FIGURES).open("ab", buffering=0) as file:
        try:
            for name, value in measure(Setting(device, Path(scratch), Path(out))):
                file.write(msgspec.json.encode([name, value]) + b"\n")
            last: dict[str, Any] = {"done": True}
        except BaseException as error:
            last = {"error": f"{type(error).__name__}: {error}"[:MOST_ERROR]}
        file.write(msgspec.json.encode(last) + b"\n")
    sys.stdout.flush()
    # What TensorFlow does at its end may hang or crash, and is nobody's figure.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
