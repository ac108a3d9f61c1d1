"""Describe what a function is called with, as tracing sees it: structures opened, tensors by dtype and shape.

A trace serves the calls whose tensors have the same dtypes and shapes (or those of its signature) and whose other
arguments are equal: a Python number is a constant of the graph, an object of a class that TensorFlow does not know is
itself alone. XLA compiles for every shape, and for every value of a tensor that it must know while it compiles, such as
a shape or the row lengths of a ragged tensor. Pure; no TensorFlow.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Union

LARGEST_SHAPE = 16
"""So few integers may be a shape or a bound, whose value XLA must know."""

MOST_INTEGERS = 10_000
"""Of so many XLA may have to know the values too, such as how often to repeat each row."""

MOST_ROWS = 10_000
"""Rows of a ragged tensor up to which their lengths are looked at."""


@dataclass(frozen=True)
class Tensor:
    """A tensor. `value`: what it holds, where it may be a shape or a bound; `values`: a digest of more integers.

    `kind`: tensor, ragged tensor or sparse tensor. `extent`: of the latter, the row lengths or the number of values.
    """

    shape: tuple[Any, ...]
    dtype: str
    value: Hashable = None
    values: Hashable = None
    kind: str = "tensor"
    extent: Hashable = None


@dataclass(frozen=True)
class Literal:
    """A Python value or object."""

    type: type
    value: Any


@dataclass(frozen=True)
class Opaque:
    """What is compared by TensorFlow's own description of it: a dataset, an iterator, another composite tensor."""

    type: type
    spec: Any


@dataclass(frozen=True)
class Structure:
    """A structure that tracing opens. `keys`: what must be equal; `paths`: how each part is reached, as `['a']`."""

    type: type
    keys: tuple[Any, ...]
    paths: tuple[str, ...]
    parts: tuple[Description, ...]


Description = Union[Tensor, Literal, Opaque, Structure]  # noqa: UP007 - recursive, and Python 3.10 evaluates it


def describe_arguments(function: Callable[..., Any], arguments: tuple[Any, ...]) -> dict[str, Description]:
    """Return a description of each argument by its parameter's name, those at their defaults among them."""
    try:
        bound = inspect.signature(getattr(function, "python_function", function)).bind(*arguments)
    except (TypeError, ValueError):  # there is no signature to be had, or it lies
        return {str(number): describe(value) for number, value in enumerate(arguments, start=1)}
    bound.apply_defaults()
    return {name: describe(value) for name, value in bound.arguments.items()}


def describe(value: Any) -> Description:
    """Return a description of one argument."""
    if isinstance(value, Mapping):
        kind = dict if isinstance(value, dict) else type(value)
        keys = sorted(value, key=str)
        return _structure(kind, keys, (f"[{key!r}]" for key in keys), (value[key] for key in keys))
    if isinstance(value, list | tuple):
        if names := getattr(value, "_fields", ()):
            return _fields(value, names)
        return _structure(type(value), range(len(value)), (f"[{index}]" for index in range(len(value))), value)
    if names := _opened(value):
        return _fields(value, names)
    if hasattr(value, "row_splits") and hasattr(value, "flat_values"):
        return Tensor(_shape(value), _dtype(value), kind="ragged tensor", extent=_row_lengths(value))
    if hasattr(value, "dense_shape") and hasattr(value, "indices"):
        return Tensor(_shape(value), _dtype(value), kind="sparse tensor", extent=_count(value.values))
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        shape, dtype = _shape(value), _dtype(value)
        if "int" not in dtype or None in shape or math.prod(shape) > MOST_INTEGERS:
            return Tensor(shape, dtype)
        held = _held(value)
        if len(shape) <= 1 and math.prod(shape) <= LARGEST_SHAPE:
            return Tensor(shape, dtype, held)
        return Tensor(shape, dtype, values=None if held is None else hash(held))
    spec = getattr(value, "_type_spec", None)
    return Literal(type(value), value) if spec is None else Opaque(type(value), spec)


def _opened(value: Any) -> tuple[str, ...]:
    """Return the fields of an object that tracing opens; empty for any other object."""
    kind = type(value)
    if hasattr(kind, "__attrs_attrs__"):
        return tuple(each.name for each in kind.__attrs_attrs__)
    if dataclasses.is_dataclass(value) and hasattr(kind, "__tf_flatten__"):
        return tuple(each.name for each in dataclasses.fields(value))
    if hasattr(kind, "_tf_extension_type_fields"):
        return tuple(each.name for each in kind._tf_extension_type_fields())
    return ()


def _fields(value: Any, names: Iterable[str]) -> Structure:
    names = tuple(names)
    return _structure(type(value), names, (f".{name}" for name in names), (getattr(value, name) for name in names))


def _structure(kind: type, keys: Iterable[Any], paths: Iterable[str], parts: Iterable[Any]) -> Structure:
    return Structure(kind, tuple(keys), tuple(paths), tuple(map(describe, parts)))


def _shape(value: Any) -> tuple[Any, ...]:
    rank = getattr(value.shape, "rank", len(value.shape) if isinstance(value.shape, tuple) else 0)
    return () if rank is None else tuple(value.shape)


def _dtype(value: Any) -> str:
    return str(getattr(value.dtype, "name", value.dtype))


def _row_lengths(value: Any) -> Hashable:
    """Return the lengths of the rows at each level of raggedness; None where there are too many, or none yet."""
    try:
        levels = [lengths.numpy().tolist() for lengths in value.nested_row_lengths()]
    except (AttributeError, NotImplementedError):  # within a trace nothing has a value
        return None
    return tuple(map(tuple, levels)) if sum(map(len, levels)) <= MOST_ROWS else None


def _count(values: Any) -> Hashable:
    return values.shape[0] if len(values.shape) else None


def _held(value: Any) -> Hashable:
    try:
        array = value.numpy() if hasattr(value, "numpy") else value
    except NotImplementedError:  # within a trace
        return None
    return tuple(array.ravel().tolist()) if hasattr(array, "ravel") else None
