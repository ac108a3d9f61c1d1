"""Every `tf.function` that is traced, wherever it was made: TensorFlow tells of each graph as it is finished.

`experimental_get_tracing_count` knows one function alone. A function that user code makes or traces within an eager
call is seen here too, with its name and place. Nothing of the user's is wrapped, and a call that traces nothing pays
nothing. TensorFlow's callback is not public: where it has moved, inner functions are not counted.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from types import CodeType, FrameType
from typing import Any

from ..errors import OURS
from .argument_descriptions import describe_arguments

MOST_REMEMBERED = 1_000

AROUND = frozenset(["error_handler", "wrapper", "op_dispatch_handler", "wrapped", "new_func", "__call__", "__iter__"])
"""Functions that libraries put around those that users call."""


@dataclass(frozen=True)
class Traced:
    """A function that was traced outside every other trace.

    `name` is empty for one that TensorFlow or Keras has made for itself; `place` is then the line of the user's that
    called it, if one did, and `caller` what was called there; else where the function is defined. `made`: the object
    that was traced, another one each time where it is made anew. `arguments`: what it was traced with, while that is
    recorded.
    """

    name: str
    place: str
    made: Any = field(default=None, repr=False, compare=False)
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    caller: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Return the name and the place, as `improve`, steps.py:5."""
        return ", ".join(filter(None, (self.name or "a function of TensorFlow's own", self.place)))


class TraceLog:
    """Counts the traces of the process, those within another trace left out."""

    def __init__(self) -> None:
        self.count = 0
        self._listens = False
        self._latest: deque[Traced] = deque(maxlen=MOST_REMEMBERED)
        self._recorded: list[Traced] | None = None

    def listen(self) -> None:
        """Have TensorFlow tell of graphs from now on, if this version does."""
        if self._listens:
            return
        try:
            from tensorflow.python.eager.polymorphic_function import transform

            transform.CONCRETE_FUNCTION_CALLBACKS.append(self.note)
            self._listens = True
        except (ImportError, AttributeError):
            pass

    def since(self, count: int) -> tuple[Traced, ...]:
        """Return the traces after the first `count`, as far as they are remembered."""
        new = min(self.count - count, len(self._latest))
        return tuple(self._latest)[len(self._latest) - new :]

    @contextmanager
    def recording(self) -> Iterator[list[Traced]]:
        """Yield the traces of a while, with what each was traced with."""
        outer, self._recorded = self._recorded, []
        try:
            yield self._recorded
        finally:
            self._recorded = outer

    def note(self, _: Any) -> None:
        """Note a graph that was just finished. Never raises, since a user's call would fail with it."""
        try:
            self._note(sys._getframe(1))
        except Exception:  # TensorFlow's frames hold what this version does not expect
            self.count += 1

    def _note(self, frame: FrameType) -> None:
        import tensorflow as tf

        if not tf.executing_eagerly():
            return  # within another trace, which is counted itself
        traced = _traced(frame, described=self._recorded is not None)
        self.count += 1
        self._latest.append(Traced(traced.name, traced.place))
        if self._recorded is not None:
            self._recorded.append(traced)


_log = TraceLog()
"""As global as TensorFlow's callbacks."""


def trace_log() -> TraceLog:
    """Return the log of this process, which begins when it is first asked for."""
    _log.listen()
    return _log


def _traced(frame: FrameType, *, described: bool) -> Traced:
    """Return what is traced, found on the stack: TensorFlow's function, then the user's line that called it."""
    made: Any = None
    arguments: Mapping[str, Any] = {}
    options: Any = None
    place = caller = ""
    at: FrameType | None = frame
    while at is not None and not place:
        code, local = at.f_code, at.f_locals
        if code.co_name == "_create_concrete_function" and options is None:
            options = local.get("tracing_options")
        elif code.co_name == "_maybe_define_function" and described and not arguments and options is not None:
            arguments = describe_arguments(_python(options.python_function), tuple(local.get("args", ())))
        elif made is None and hasattr(local.get("self"), "experimental_get_tracing_count"):
            made = local["self"]
        elif made is not None and not _is_ours(code.co_filename):
            place = _place(code, at.f_lineno)
        elif code.co_name not in AROUND:
            caller = code.co_name
        at = at.f_back
    written = _code(_python(getattr(made, "python_function", None) or getattr(options, "python_function", None)))
    if written is None or _is_ours(written.co_filename):
        return Traced("", place, made, arguments, caller if place else "")
    name = "a lambda" if written.co_name == "<lambda>" else f"`{written.co_name}`"
    return Traced(name, _place(written), made, arguments)


def _is_ours(file: str) -> bool:
    """Return whether a file is Python's, TensorFlow's, Keras's or ours, not the user's."""
    return any(part in file for part in OURS)


def _place(code: CodeType, line: int | None = None) -> str:
    return f"{PurePath(code.co_filename).name}:{line or code.co_firstlineno}"


def _python(function: Any) -> Any:
    """Return what the user wrote, without what was put around it."""
    for _ in range(20):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "func", None)
        inner = inner or getattr(function, "__original_wrapped__", None)
        if inner is None:
            break
        function = inner
    return function


def _code(function: Any) -> CodeType | None:
    """Return the code of a function, a method or an object that can be called."""
    function = getattr(function, "__func__", function)
    if not hasattr(function, "__code__"):
        function = vars(type(function)).get("__call__")
    code = getattr(function, "__code__", None)
    return code if inspect.iscode(code) else None
