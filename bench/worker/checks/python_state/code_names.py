"""The names that code uses, and those of a function's parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import CodeType, FunctionType
from typing import Any


class CodeNames:
    """Tells the names of globals and attributes that code uses; it remembers those of each code."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[CodeType, dict[str, None]]] = {}

    def of(self, code: CodeType) -> dict[str, None]:
        """Return the names in code, and in the functions within it, in this order."""
        known = self._known.get(id(code))
        if known is None:
            names = dict.fromkeys(code.co_names)
            for each in code.co_consts:
                if isinstance(each, CodeType):
                    names |= self.of(each)
            known = self._known[id(code)] = code, names
        return known[1]


def defaults_of(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield the parameters that have defaults, with these."""
    code, defaults = function.__code__, function.__defaults__ or ()
    yield from zip(code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount], defaults, strict=True)
    yield from (function.__kwdefaults__ or {}).items()


def parameters_of(function: Callable[..., Any], count: int) -> list[str]:
    """Return the names of so many arguments of a call."""
    with suppress(TypeError, ValueError):
        parameters = inspect.signature(function).parameters.values()
        named = [each.name for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
        if len(named) >= count:
            return named[:count]
    return [f"argument {number}" for number in range(1, count + 1)]
