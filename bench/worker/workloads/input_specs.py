"""Tensors to draw, from TensorFlow's specs; their dimensions; and random tensors of that kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...catalogue import Dim
from ...input_text import HOW, WHOLE_NUMBERS, Call, InputSpec
from ...plan import PlanError

__all__ = ["WHOLE_NUMBERS", "Call", "Classes", "Fixed", "InputSpec", "dims_of", "draw", "leaves_of", "specs_in"]

BATCH, OTHER = 32, 128
"""Sizes that nobody has named: the first of a tensor, and those after it."""

HIGHEST_SIZE = 2**31 - 1


@dataclass(frozen=True)
class Classes:
    """In a structure of specs: one of whole numbers that name one of `number` classes."""

    spec: Any
    number: int


@dataclass(frozen=True)
class Fixed:
    """In a structure of specs: a value that is passed as it is."""

    value: Any


class UndrawableError(PlanError):
    """Inputs whose specs do not say enough to draw them."""


def specs_in(call: Call, maker: str) -> Call:
    """Return the call with an InputSpec for each `tf.TensorSpec`. Raises UndrawableError for other specs, open ranks.

    The first size that is open is the dimension `batch`, the same for all; the others have names of their own. `maker`:
    the function that may make what cannot be drawn.
    """
    import tensorflow as tf

    structure = call.values
    leaves = tf.nest.flatten(structure)
    open_leaves = sum(not isinstance(leaf, Fixed) for leaf in leaves)
    specs = [_spec(leaf, f"input{number}" if open_leaves > 1 else "input", maker) for number, leaf in _numbered(leaves)]
    values = tf.nest.pack_sequence_as(structure, specs)
    count = len(call.positional)
    return Call(tuple(values[:count]), tuple(zip(call.names, values[count:], strict=True)), call.note)


def _numbered(leaves: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(leaves, 1)


def _spec(leaf: Any, name: str, maker: str) -> InputSpec | Fixed:
    import tensorflow as tf

    if isinstance(leaf, Classes):
        spec = _spec(leaf.spec, name, maker)
        return replace(spec, below=leaf.number) if isinstance(spec, InputSpec) else spec
    if isinstance(leaf, Fixed):
        return leaf
    write = f"write a function {maker}() that returns"
    if not isinstance(leaf, tf.TensorSpec):
        kind = type(leaf).__name__.removesuffix("Spec")
        raise UndrawableError(f"inputs of {kind} cannot be drawn: {write} them")
    name = leaf.name or name
    if leaf.dtype in (tf.resource, tf.variant):
        raise UndrawableError(f"{name} of dtype {leaf.dtype.name} cannot be drawn: {write} it")
    if leaf.shape.rank is None:
        raise UndrawableError(
            f"{name} may have any number of dimensions: say its shape by --inputs, {HOW}, or {write} it"
        )
    shape = [
        size if size is not None else "batch" if axis == 0 else f"{name}_{axis}"
        for axis, size in enumerate(leaf.shape.as_list())
    ]
    opened = {size: BATCH if size == "batch" else OTHER for size in shape if isinstance(size, str)}
    return InputSpec(leaf.dtype.name, tuple(shape), tuple(opened.items()))


def leaves_of(call: Call) -> list[InputSpec]:
    """Return the tensors to draw of a call, in their order."""
    import tensorflow as tf

    return [leaf for leaf in tf.nest.flatten(call.values) if isinstance(leaf, InputSpec)]


def dims_of(specs: Iterable[InputSpec]) -> tuple[Dim, ...]:
    """Return the dimensions that specs name, in their order."""
    specs = tuple(specs)
    names = dict.fromkeys(size for spec in specs for size in spec.shape if isinstance(size, str))
    defaults = {name: default for spec in reversed(specs) for name, default in spec.defaults}
    return tuple(Dim(name, defaults.get(name, BATCH if name == "batch" else OTHER), 1, HIGHEST_SIZE) for name in names)


def draw(call: Call, dims: Mapping[str, int]) -> tuple[Any, ...]:
    """Return random arguments: normal numbers, whole ones below their bound, words that are all the same."""
    import tensorflow as tf

    return tuple(tf.nest.map_structure(lambda spec: _drawn(spec, dims), call.values))


def _drawn(spec: InputSpec | Fixed, dims: Mapping[str, int]) -> Any:
    import tensorflow as tf

    if isinstance(spec, Fixed):
        return spec.value
    dtype = tf.as_dtype(spec.dtype)
    shape = [dims[size] if isinstance(size, str) else size for size in spec.shape]
    if dtype.is_floating:
        return tf.cast(tf.random.normal(shape), dtype)
    if dtype.is_complex:
        real = dtype.real_dtype
        return tf.complex(tf.random.normal(shape, dtype=real), tf.random.normal(shape, dtype=real))
    if dtype == tf.string:
        return tf.fill(shape, "word")
    if dtype == tf.bool:
        return tf.random.uniform(shape) < 0.5
    return tf.cast(tf.random.uniform(shape, maxval=spec.below, dtype=tf.int32), dtype)
