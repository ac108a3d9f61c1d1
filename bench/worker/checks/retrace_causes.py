"""Find what about a function's arguments changed when it was traced or compiled again. Pure; no TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...events import ArgumentChange
from .argument_descriptions import Description, Literal, Opaque, Structure, Tensor, describe_arguments

LONGEST_EXAMPLE = 60
"""Characters of a value that is given as an example."""

KINDS = {bool: "bool", int: "number", float: "number", complex: "number", str: "string"}
"""The kind of an argument that is no tensor, if it is no other object."""

OBJECT = "object"

EXTENTS = {"ragged tensor": "row lengths", "sparse tensor": "number of values"}
"""What of a composite tensor may change while its shape and dtype stay."""


def find_changes(
    function: Callable[..., Any], argument_sets: Sequence[tuple[Any, ...]], again: Sequence[int], *, values: bool
) -> tuple[ArgumentChange, ...]:
    """Return what changed at the argument sets whose numbers are in `again`; empty if nothing did.

    Each set is compared with the one before it from which it differs in the fewest ways. Every argument, aspect and
    kind comes once, with the first example. `values`: whether what a tensor holds may matter, as it may to XLA and
    never to a trace; it is reported if nothing else changed, of large tensors if that of small ones did not either.
    """
    described = [describe_arguments(function, arguments) for arguments in argument_sets[: max(again, default=-1) + 1]]
    return changes_between(described, again, values=values)


def changes_between(
    described: Sequence[Mapping[str, Description]], again: Sequence[int], *, values: bool
) -> tuple[ArgumentChange, ...]:
    """Return the same for arguments that are described already."""
    changes: dict[tuple[str, str, str], ArgumentChange] = {}
    for index in again:
        differences = [list(_changes(before, described[index])) for before in described[:index]]
        for change in min(differences, key=_extent, default=[]):
            key = (change.name, change.aspect, change.kind)
            first = changes.setdefault(key, change)
            if first.part != change.part:
                changes[key] = replace(first, part="")
    telling = tuple(change for change in changes.values() if not _is_of_a_tensor_value(change))
    if telling or not values:
        return telling
    likely = tuple(change for change in changes.values() if change.aspect != "values")
    return likely or tuple(changes.values())


def _is_of_a_tensor_value(change: ArgumentChange) -> bool:
    return (change.aspect == "value" and not change.kind) or change.aspect in ("values", *EXTENTS.values())


def _extent(changes: Iterable[ArgumentChange]) -> tuple[int, int]:
    of_values = [_is_of_a_tensor_value(change) for change in changes]
    return of_values.count(False), len(of_values)


# --- how two differ -------------------------------------------------------------------------------------------------


def _changes(before: Mapping[str, Description], after: Mapping[str, Description]) -> Iterator[ArgumentChange]:
    """Yield how the arguments differ: each aspect and kind of an argument once, with the first example.

    The part of the argument is told where it alone differs so.
    """
    for name in after:
        if name not in before:
            yield ArgumentChange(name, "structure")
            continue
        alike: dict[tuple[str, str], list[ArgumentChange]] = {}
        for change in _changes_of(ArgumentChange(name, ""), before[name], after[name]):
            alike.setdefault((change.aspect, change.kind), []).append(change)
        for first, *others in alike.values():
            yield replace(first, part="") if others else first


def _changes_of(place: ArgumentChange, before: Description, after: Description) -> Iterator[ArgumentChange]:
    if type(before) is not type(after):
        yield _change(place, "type", _type_text(before), _type_text(after))
    elif isinstance(before, Tensor) and isinstance(after, Tensor):
        yield from _changes_of_tensors(place, before, after)
    elif before.type is not after.type:  # type: ignore[union-attr]
        yield _change(place, "type", _type_text(before), _type_text(after))
    elif isinstance(before, Literal) and isinstance(after, Literal):
        # Objects need not be comparable.
        same = before.value == after.value if after.type in KINDS else before.value is after.value
        if not same:
            kind = KINDS.get(after.type, OBJECT)
            yield _change(replace(place, kind=kind), "value", _literal_text(before), _literal_text(after))
    elif isinstance(before, Opaque) and isinstance(after, Opaque):
        if before.spec != after.spec:
            yield _change(place, "structure")
    elif isinstance(before, Structure) and isinstance(after, Structure):
        if before.keys != after.keys:
            yield _change(place, "structure")
            return
        for path, part_before, part_after in zip(after.paths, before.parts, after.parts, strict=True):
            yield from _changes_of(replace(place, part=f"{place.part}{path}"), part_before, part_after)


def _changes_of_tensors(place: ArgumentChange, before: Tensor, after: Tensor) -> Iterator[ArgumentChange]:
    if before.kind != after.kind:
        yield _change(place, "type", before.kind, after.kind)
        return
    if before.shape != after.shape:
        aspect = "shape" if len(before.shape) == len(after.shape) else "rank"
        yield _change(place, aspect, _row_text(before.shape), _row_text(after.shape))
    if before.dtype != after.dtype:
        yield _change(place, "dtype", before.dtype, after.dtype)
    if before.shape == after.shape and before.value != after.value:
        yield _change(place, "value", _held_text(before), _held_text(after))
    if before.shape == after.shape and before.values != after.values:
        yield _change(place, "values")
    if before.extent != after.extent:
        yield _change(place, EXTENTS[after.kind], *_extent_texts(before.extent, after.extent))


def _change(place: ArgumentChange, aspect: str, before: str = "", after: str = "") -> ArgumentChange:
    """Return the change with both texts, or two empty ones if an example would show nothing or be long."""
    if before == after or not (before and after) or max(len(before), len(after)) > LONGEST_EXAMPLE:
        before = after = ""
    return replace(place, aspect=aspect, before=before, after=after)


# --- examples, in text ----------------------------------------------------------------------------------------------


def _row_text(values: Sequence[Any]) -> str:
    """Return `(2, 3)` or, of one value, `(2,)`."""
    return f"({', '.join(map(str, values))}{',' if len(values) == 1 else ''})"


def _held_text(tensor: Tensor) -> str:
    if not isinstance(tensor.value, tuple):
        return ""
    return _row_text(tensor.value) if tensor.shape else str(tensor.value[0])


def _extent_texts(before: Any, after: Any) -> tuple[str, str]:
    """Return two numbers of values, or the lengths at the first level of raggedness that differs."""
    if not (isinstance(before, tuple) and isinstance(after, tuple)):
        return ("", "") if before is None or after is None else (str(before), str(after))
    first, second = next((both for both in zip(before, after, strict=False) if both[0] != both[1]), ((), ()))
    return _row_text(first), _row_text(second)


def _type_text(description: Description) -> str:
    return description.kind if isinstance(description, Tensor) else str(description.type.__name__)


def _literal_text(literal: Literal) -> str:
    """Return a number or a bool as text; nothing for the user's own strings and objects."""
    if literal.type not in KINDS or literal.type is str:
        return ""
    if literal.type is int and literal.value.bit_length() > LONGEST_EXAMPLE:
        return ""  # Python refuses to write out a number of thousands of digits
    return str(literal.value)
