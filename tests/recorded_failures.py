"""Exceptions of real programs, made again of what `tests/programs/record_failures.py` has recorded."""

from __future__ import annotations

import builtins
import json
import linecache
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import CodeType, FrameType, TracebackType
from typing import Any

from tests.programs.record_failures import RECORDED


@dataclass(frozen=True)
class Recording:
    """How a program of `tests/programs/failing/` failed in some modes, or a model file when it was loaded."""

    program: str
    modes: tuple[str, ...]
    chain: tuple[dict[str, Any], ...]

    def error(self) -> BaseException:
        """Return the exception, with what it came from and the lines of its traceback."""
        _show_lines()
        errors = [_made(told) for told in self.chain]
        for error, cause in pairwise(errors):
            error.__context__ = cause
        return errors[0]


@cache
def recordings() -> tuple[Recording, ...]:
    """Return all that was recorded."""
    told = json.loads(RECORDED.read_text(encoding="utf-8"))
    return tuple(Recording(each["program"], tuple(each["modes"]), tuple(each["chain"])) for each in told)


@cache
def right_lines() -> dict[tuple[str, str], str]:
    """Return the right line of each program and mode."""
    found = {}
    for line in RECORDED.with_name("right_lines.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, words = line.partition(" | ")
            program, _, modes = what.partition(" ")
            found.update({(program, mode): words for mode in modes.split(",")})
    return found


@cache
def _show_lines() -> None:
    """Have tracebacks find the lines of the recorded programs, as they find those of files."""
    for path in RECORDED.with_name("failing").glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        linecache.cache[f"/home/me/{path.name}"] = (1, None, lines, f"/home/me/{path.name}")


def _made(told: dict[str, Any]) -> BaseException:
    """Return an exception of the recorded type, whose message is the recorded one."""
    import tensorflow as tf

    name = told["type"]
    known = getattr(tf.errors, name, None) or getattr(builtins, name, Exception)
    base = known if isinstance(known, type) and issubclass(known, BaseException) else Exception
    made: Any = type(name, (base,), {"__init__": _nothing, "__str__": lambda _: told["text"]})
    return made().with_traceback(_traceback(told["frames"]))  # type: ignore[no-any-return]


def _nothing(self: Any) -> None:
    """Take the place of constructors, which want other arguments for each type."""


def _traceback(frames: list[Any]) -> TracebackType | None:
    """Return a traceback with these lines, made by raising in code that claims to lie there."""
    made: TracebackType | None = None
    for file, line, name, _ in reversed(frames):
        frame = _frame(file, line, name)
        made = TracebackType(made, frame, frame.f_lasti, line)
    return made


def _frame(file: str, line: int, name: str) -> FrameType:
    """Return a frame of a function that is called so and lies there."""
    text = "\n" * (line - 1) + "frame = sys._getframe()"
    code: CodeType = compile(text, file, "exec").replace(co_name=name)
    scope: dict[str, Any] = {"sys": __import__("sys")}
    exec(code, scope)
    found: FrameType = scope["frame"]
    return found
