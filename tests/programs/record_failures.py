"""Record how the programs of `failing/`, and model files without their classes, fail with plain TensorFlow.

`python -m tests.programs.record_failures [PROGRAM ...]` writes `failures.json`, of which tests make exceptions again;
programs that are named replace their own recordings alone.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.paths import ROOT

RECORDED = Path(__file__).with_name("failures.json")
ENDS_THE_PROCESS = (("ragged_strings", "xla"),)
MOST_FRAMES = 6
MOST_OF_CAUSES = 500
"""Characters of what an exception came from."""


def record(names: list[str]) -> None:
    """Write the recordings."""
    from tests.programs import failing

    chosen = names or list(failing.PROGRAMS)
    old = json.loads(RECORDED.read_text(encoding="utf-8")) if names else []
    recordings = [each for each in old if each["program"] not in names]
    for name in chosen:
        found: dict[str, Any] = {}
        for mode in ("eager", "graph", "xla"):
            if (name, mode) not in ENDS_THE_PROCESS:
                for chain in _failure(lambda: call(*failing.PROGRAMS[name](), mode=mode)):  # noqa: B023
                    found.setdefault(json.dumps(chain), []).append(mode)
        recordings += [{"program": name, "modes": modes, "chain": json.loads(text)} for text, modes in found.items()]
    if not names:
        recordings += list(_models())
    lines = ",\n".join(json.dumps(each, ensure_ascii=True) for each in recordings)
    RECORDED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def call(function: Callable[..., Any], arguments: tuple[Any, ...], mode: str) -> None:
    """Call a function as a mode does."""
    import tensorflow as tf

    (function if mode == "eager" else tf.function(function, jit_compile=mode == "xla"))(*arguments)


def _models() -> Iterator[dict[str, Any]]:
    import keras

    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "tests.programs.custom_models", place], check=True, cwd=ROOT)
        for path in sorted(Path(place).iterdir()):
            for chain in _failure(lambda: keras.models.load_model(path)):  # noqa: B023
                yield {"program": path.name, "modes": ["load"], "chain": chain}


def _failure(act: Callable[[], Any]) -> Iterator[list[dict[str, Any]]]:
    """Yield the exception that `act` raises and those that it came from, if it raises any."""
    try:
        act()
    except (Exception, SystemExit) as error:
        chain: list[dict[str, Any]] = []
        each: BaseException | None = error
        while each is not None and len(chain) < 4:
            told = _told(each)
            chain.append({**told, "text": told["text"][:MOST_OF_CAUSES]} if chain else told)
            each = each.__cause__ or each.__context__
        yield chain


def _told(error: BaseException) -> dict[str, Any]:
    """Return an exception's type, message and the last frames of its traceback, without the paths of this machine."""
    try:
        text = str(error)
    except Exception:
        text = ""
    frames = [
        (frame.filename, frame.lineno, frame.name, frame.line) for frame in traceback.extract_tb(error.__traceback__)
    ]
    shown = [[_scrubbed(file), line, name, code] for file, line, name, code in frames if _is_shown(file)]
    return {"type": type(error).__name__, "text": _scrubbed(text), "frames": shown[-MOST_FRAMES:]}


def _is_shown(file: str) -> bool:
    """Return whether a file is a program's, or looks like one."""
    return file != __file__ and "site-packages" not in file


def _scrubbed(text: str) -> str:
    text = re.sub(r'(?<=")[^"\n]*record_failures\.py', "/site-packages/record_failures.py", text)
    text = re.sub(r"(?:[\w./-]*/)?site-packages/", "/site-packages/", text)
    text = re.sub(r"[\w./-]*/(__autograph_generated_file)\w*", r"/tmp/\1", text)
    text = re.sub(r"[\w./-]*/(lib/python3\.\d+/)", r"/usr/\1", text)
    text = re.sub(r"((?: +File \"[^\"]+\", line \d+, in .*\n.*\n){2})(?:\1)+", r"\1", text)  # endless recursion
    text = re.sub(r"/tmp/tmp\w+", "/home/me", text)
    text = re.sub(r"(?:[\w./-]*/)?tests/programs/(?:failing/)?", "/home/me/", text)
    return re.sub(r"=\d{15,}|id=\d{12,}|(?<=: )\d{15}", "=1", text)


if __name__ == "__main__":
    record(sys.argv[1:])
