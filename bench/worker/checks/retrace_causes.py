"""Find what about a function's arguments changed when it was traced or compiled again. Pure; no TensorFlow.

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

from ...events import ArgumentChange

LARGEST_SHAPE = 16
"""So few integers may be a shape or a bound, whose value XLA must know."""

LONGEST_EXAMPLE = 60
"""Characters of a value that is given as an example."""

KINDS = {bool: "bool", int: "number", float: "number", complex: "number", str: "string"}
"""The kind of an argument that is no tensor, if it is no other object."""

OBJECT = "object"


def find_changes(
    function: Callable[..., Any], argument_sets: Sequence[tuple[Any, ...]], again: Sequence[int], *, values: bool
) -> tuple[ArgumentChange, ...]:
    """Return what changed at the argument sets whose numbers are in `again`; empty if nothing did.

    Each set is compared with the one before it from which it differs in the fewest ways. Every argument, aspect and
    kind comes once, with the first example. `values`: whether what a tensor holds may matter, as it may to XLA and
    never to a trace; it is reported if nothing else changed.
    """
    described = [_describe_all(function, arguments) for arguments in argument_sets[: max(again, default=-1) + 1]]
    changes: dict[tuple[str, str, str], ArgumentChange] = {}
    for index in again:
        differences = [list(_changes(before, described[index])) for before in described[:index]]
        for change in min(differences, key=_extent, default=[]):
            changes.setdefault((change.name, change.aspect, change.kind), change)
    telling = tuple(change for change in changes.values() if not _is_of_a_tensor_value(change))
    return telling or (tuple(changes.values()) if values else ())


def _is_of_a_tensor_value(change: ArgumentChange) -> bool:
    return change.aspect == "value" and not change.kind


def _extent(changes: Iterable[ArgumentChange]) -> tuple[int, int]:
    of_values = [_is_of_a_tensor_value(change) for change in changes]
    return of_values.count(False), len(of_values)


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


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[ArgumentChange]:
    """Yield how the arguments differ: each aspect and kind of an argument once, with the first example."""
    for name in after:
        if name not in before:
            yield ArgumentChange(name, "structure")
            continue
        seen: set[tuple[str, str]] = set()
        for change in _changes_of(name, before[name], after[name]):
            if (change.aspect, change.kind) not in seen:
                seen.add((change.aspect, change.kind))
                yield change


def _changes_of(name: str, before: Any, after: Any) -> Iterator[ArgumentChange]:
    if type(before) is not type(after):
        yield ArgumentChange(name, "type", "", *_example(_type_text(before), _type_text(after)))
    elif isinstance(after, _Tensor):
        if before.shape != after.shape:
            yield ArgumentChange(name, "shape", "", *_example(_row_text(before.shape), _row_text(after.shape)))
        if before.dtype != after.dtype:
            yield ArgumentChange(name, "dtype", "", *_example(before.dtype, after.dtype))
        if before.shape == after.shape and before.value != after.value:
            yield ArgumentChange(name, "value", "", *_example(_held_text(before), _held_text(after)))
    elif before.type is not after.type:
        yield ArgumentChange(name, "type", "", *_example(_type_text(before), _type_text(after)))
    elif isinstance(after, _Literal):
        # Objects need not be comparable.
        same = before.value == after.value if after.type in KINDS else before.value is after.value
        if not same:
            kind = KINDS.get(after.type, OBJECT)
            yield ArgumentChange(name, "value", kind, *_example(_literal_text(before), _literal_text(after)))
    elif before.keys != after.keys:
        yield ArgumentChange(name, "structure")
    else:
        for part_before, part_after in zip(before.parts, after.parts, strict=True):
            yield from _changes_of(name, part_before, part_after)


# --- examples, in text ----------------------------------------------------------------------------------------------


def _example(before: str, after: str) -> tuple[str, str]:
    """Return both texts, or two empty ones if an example would show nothing or be long."""
    if before == after or not (before and after) or max(len(before), len(after)) > LONGEST_EXAMPLE:
        return "", ""
    return before, after


def _row_text(values: tuple[Any, ...]) -> str:
    """Return `(2, 3)` or, of one value, `(2,)`."""
    return f"({', '.join(map(str, values))}{',' if len(values) == 1 else ''})"


def _held_text(tensor: _Tensor) -> str:
    if not isinstance(tensor.value, tuple):
        return ""
    return _row_text(tensor.value) if tensor.shape else str(tensor.value[0])


def _type_text(description: Any) -> str:
    return "tensor" if isinstance(description, _Tensor) else str(description.type.__name__)


def _literal_text(literal: _Literal) -> str:
    """Return a number or a bool as text; nothing for the user's own strings and objects."""
    if literal.type not in KINDS or literal.type is str:
        return ""
    if literal.type is int and literal.value.bit_length() > LONGEST_EXAMPLE:
        return ""  # Python refuses to write out a number of thousands of digits
    return str(literal.value)
