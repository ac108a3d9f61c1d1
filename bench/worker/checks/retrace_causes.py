"""What about a function's arguments changed when it was traced or compiled again. Pure; no TensorFlow.

A trace serves the calls whose tensors have the same dtypes and shapes (or those of its signature) and whose other
arguments are equal: a Python number is a constant of the graph. XLA compiles for every shape, and for every value of a
tensor that it must know while it compiles, such as a shape.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 4
"""Arguments that are named one by one."""

LARGEST_SHAPE = 16
"""So few integers may be a shape or a bound, whose value XLA must know."""

NUMBER = ("a Python number", "Python numbers")
KINDS = {
    bool: ("a Python bool", "Python bools"),
    int: NUMBER,
    float: NUMBER,
    complex: NUMBER,
    str: ("a Python string", "Python strings"),
}
"""What an argument is that is no tensor: one, and several."""

OBJECT = ("a Python object", "Python objects")
TENSOR = ("", "")


@dataclass(frozen=True)
class Change:
    """`aspect` of an argument is not what it was: shape, dtype, type, structure or value."""

    name: str
    aspect: str
    kind: tuple[str, str] = TENSOR

    @property
    def held(self) -> bool:
        """Whether no more changed than what a tensor holds."""
        return self.aspect == "value" and self.kind == TENSOR


def find_cause(
    function: Callable[..., Any], argument_sets: Sequence[tuple[Any, ...]], again: Sequence[int], *, values: bool
) -> str:
    """What changed at the sets whose numbers are in `again`, in words; empty where nothing did.

    Each is held against that set before it which it differs from in the fewest ways. `values`: whether what a tensor
    holds may matter, as it may to XLA and never to a trace; it is told where nothing else tells.
    """
    described = [_describe_all(function, arguments) for arguments in argument_sets[: max(again, default=-1) + 1]]
    changes: dict[Change, None] = {}
    for index in again:
        differences = [list(_changes(before, described[index])) for before in described[:index]]
        changes.update(dict.fromkeys(min(differences, key=_extent, default=[])))
    telling = [change for change in changes if not change.held]
    return _in_words(telling or (list(changes) if values else []))


def _extent(changes: Iterable[Change]) -> tuple[int, int]:
    held = [change.held for change in changes]
    return held.count(False), len(held)


# --- what an argument is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tensor:
    shape: tuple[Any, ...]
    dtype: str
    value: Hashable


@dataclass(frozen=True)
class _Literal:
    type: type
    value: Any


@dataclass(frozen=True)
class _Structure:
    type: type
    keys: tuple[Any, ...]
    parts: tuple[Any, ...]


def _describe_all(function: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Any]:
    """A description of each argument by its parameter's name, those at their defaults among them."""
    try:
        bound = inspect.signature(getattr(function, "python_function", function)).bind(*arguments)
    except (TypeError, ValueError):  # there is no signature to be had, or it lies
        return {str(number): _describe(value) for number, value in enumerate(arguments, start=1)}
    bound.apply_defaults()
    return {name: _describe(value) for name, value in bound.arguments.items()}


def _describe(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=str)
        return _Structure(dict, tuple(keys), tuple(_describe(value[key]) for key in keys))
    if isinstance(value, list | tuple):
        return _Structure(type(value), tuple(range(len(value))), tuple(map(_describe, value)))
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        shape, dtype = tuple(value.shape), getattr(value.dtype, "name", str(value.dtype))
        may_be_shape = "int" in dtype and len(shape) <= 1 and math.prod(shape) <= LARGEST_SHAPE
        return _Tensor(shape, dtype, _held(value) if may_be_shape else None)
    return _Literal(type(value), value)


def _held(value: Any) -> Hashable:
    array = value.numpy() if hasattr(value, "numpy") else value
    return tuple(array.ravel().tolist()) if hasattr(array, "ravel") else None


# --- how two differ -------------------------------------------------------------------------------------------------


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for name in after:
        if name not in before:
            yield Change(name, "structure")
            continue
        seen = dict.fromkeys(_aspects(before[name], after[name]))
        yield from (Change(name, aspect, kind) for aspect, kind in seen)


def _aspects(before: Any, after: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    if type(before) is not type(after):
        yield "type", TENSOR
    elif isinstance(after, _Tensor):
        if before.shape != after.shape:
            yield "shape", TENSOR
        if before.dtype != after.dtype:
            yield "dtype", TENSOR
        if before.shape == after.shape and before.value != after.value:
            yield "value", TENSOR
    elif before.type is not after.type:
        yield "type", TENSOR
    elif isinstance(after, _Literal):
        # Objects need not be comparable.
        same = before.value == after.value if after.type in KINDS else before.value is after.value
        if not same:
            yield "value", KINDS.get(after.type, OBJECT)
    elif before.keys != after.keys:
        yield "structure", TENSOR
    else:
        for part_before, part_after in zip(before.parts, after.parts, strict=True):
            yield from _aspects(part_before, part_after)


# --- in words ---------------------------------------------------------------------------------------------------------


def _in_words(changes: Sequence[Change]) -> str:
    """`argument x changed shape`; arguments that changed alike share their words."""
    aspects: dict[tuple[str, tuple[str, str]], list[str]] = {}
    for change in changes:
        aspects.setdefault((change.name, change.kind), []).append(change.aspect)
    alike: dict[tuple[tuple[str, str], str], list[str]] = {}
    for (name, kind), changed in aspects.items():
        alike.setdefault((kind, _joined(changed)), []).append(name)
    return " and ".join(_clause(names, kind, changed) for (kind, changed), names in alike.items())


def _clause(names: list[str], kind: tuple[str, str], changed: str) -> str:
    one = len(names) == 1
    is_a = kind[0 if one else 1]
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return f"argument{'' if one else 's'} {_joined(names)}{f', {is_a},' if is_a else ''} changed {changed}"


def _joined(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
