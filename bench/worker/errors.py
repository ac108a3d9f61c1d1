"""From an exception to a status and one line that a user can act on."""

from __future__ import annotations

import re
import traceback
from pathlib import PurePath

from .error_messages import unwrapped

UNSUPPORTED_OP = re.compile(r"(?:on XLA_\w+: |\}\}, )(\w+) \(No registered")
PYTHON_LINE = re.compile(r'File "([^"]+)", line (\d+)')
CONVERTED_LINE = re.compile(r'File "([^"]+)", line (\d+), in (\w+) .*\n(.*)')
MOST_LINES = 20
OURS = ("_tfjit>", "site-packages", "importlib", "<frozen", "<string>", "__autograph_generated")
UNCOMPILABLE = ("compile-time constant", "tf2xla conversion failed", "No registered", "XLA compilation", "supported")


ERRORS = (Exception, SystemExit)
"""What a user's code may raise and the worker outlives: `sys.exit("set DATA_DIR")` ends a mode, not the process."""


class UnsupportedError(Exception):
    """A mode that does not exist for what is measured: why, in one line."""


MAY_COMPILE = ("as-written", "autocluster", "xla", "predict")
"""Modes in which XLA may refuse what TensorFlow runs."""


def describe_failure(error: BaseException, mode: str) -> tuple[str, str]:
    """The status (unsupported, out_of_memory, failed) and the words for what `error` did to `mode`."""
    import tensorflow as tf

    text = str(error)
    if isinstance(error, UnsupportedError):
        return "unsupported", text
    name, words = unwrapped(type(error).__name__, text)
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError) or name == "MemoryError":
        return "out_of_memory", words or "memory ran out"
    if ops := UNSUPPORTED_OP.findall(text):
        places = [f"{PurePath(file).name}:{line}" for file, line in PYTHON_LINE.findall(text) if not _is_ours(file)]
        where = f" ({places[-1]})" if places else ""
        return "unsupported", f"op {', '.join(dict.fromkeys(ops))}{where}"
    if isinstance(error, tf.errors.UnimplementedError | tf.errors.NotFoundError):
        return "unsupported", words
    if mode in MAY_COMPILE and isinstance(error, tf.errors.OpError) and any(sign in text for sign in UNCOMPILABLE):
        return "unsupported", words
    return "failed", f"{': '.join(filter(None, (name, words)))}{_place(error)}"


def user_lines(error: BaseException) -> tuple[str, ...]:
    """The traceback of an exception, outermost first, as far as it lies in the user's own files.

    What AutoGraph has converted stands in the message, not in the traceback.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(frame.filename, frame.lineno, frame.name, frame.line or "") for frame in frames]
    lines += CONVERTED_LINE.findall(str(error))
    told = (
        f"{PurePath(file).name}:{number} in {name}: {code.strip()}"
        for file, number, name, code in lines
        if not _is_ours(file)
    )
    return tuple(dict.fromkeys(told))[-MOST_LINES:]


def _place(error: BaseException) -> str:
    """Return where in the user's files it was raised: ` (steps.py:9)`; empty where that is not known."""
    raised = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    told = PYTHON_LINE.findall(str(error))  # what AutoGraph has converted, or a graph has run
    places = [f"{PurePath(file).name}:{line}" for file, line in (*raised, *told) if not _is_ours(file)]
    return f" ({places[-1]})" if places else ""


def _is_ours(filename: str) -> bool:
    return any(part in filename for part in OURS)
