"""What a callable is called with, in words or in TensorFlow's specs; and random tensors of that kind.

In words: `x=float32[batch=32,64], ids=int32[batch]`. A size is a number, or the name of a dimension with its default;
names may be left out, as may a default that was given before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...catalogue import Dim
from ...plan import PlanError

INPUT = re.compile(r"\s*(?:(?P<name>\w+)\s*=\s*)?(?P<dtype>[a-z]+\d*)\s*\[(?P<shape>[^\]]*)\]\s*(?:,|$)")
SIZE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=(?P<default>\d+))?")

HOW = "such as 'x=float32[batch=32,64], ids=int32[batch]'"

BATCH, OTHER = 32, 128
"""Sizes that nobody has named: the first of a tensor, and those after it."""

HIGHEST_SIZE = 2**31 - 1

WHOLE_NUMBERS = 10
"""Random ones lie below that: they are often indices."""


@dataclass(frozen=True)
class InputSpec:
    """A tensor to draw: its dtype by TensorFlow's name, and each size as a number or as the name of a dimension.

    `defaults`: those of the dimensions. `below`: whole numbers lie below that.
    """

    dtype: str
    shape: tuple[int | str, ...]
    defaults: tuple[tuple[str, int], ...] = ()
    below: int = WHOLE_NUMBERS


@dataclass(frozen=True)
class Classes:
    """In a structure of specs: one of whole numbers that name one of `number` classes."""

    spec: Any
    number: int


def parse_inputs(text: str) -> tuple[InputSpec, ...]:
    """Inputs as they are written. Raises PlanError."""
    return tuple(_parse(text))


def _parse(text: str) -> Iterator[InputSpec]:
    import tensorflow as tf

    at = 0
    while at < len(text):
        match = INPUT.match(text, at)
        if match is None:
            raise PlanError(f"inputs {text[at:].strip()!r} are not understood: give dtypes and shapes, {HOW}")
        try:
            tf.as_dtype(match["dtype"])
        except TypeError:
            raise PlanError(f"there is no dtype {match['dtype']!r}: give dtypes and shapes, {HOW}") from None
        shape: list[int | str] = []
        defaults: dict[str, int] = {}
        for size in filter(None, (size.strip() for size in match["shape"].split(","))):
            if size.isdecimal():
                shape.append(int(size))
            elif named := SIZE.fullmatch(size.replace(" ", "")):
                shape.append(named["name"])
                if named["default"]:
                    defaults[named["name"]] = int(named["default"])
            else:
                raise PlanError(f"{size!r} is no size: give a number or a name, {HOW}")
        yield InputSpec(match["dtype"], tuple(shape), tuple(defaults.items()))
        at = match.end()


def specs_in(structure: Any) -> Any:
    """The structure with an InputSpec for each `tf.TensorSpec`. Raises PlanError for other specs and open ranks.

    The first size that is open is the dimension `batch`, the same for all; the others have names of their own.
    """
    import tensorflow as tf

    leaves = tf.nest.flatten(structure)
    specs = [_spec(leaf, f"input{number}" if len(leaves) > 1 else "input") for number, leaf in enumerate(leaves, 1)]
    return tf.nest.pack_sequence_as(structure, specs)


def _spec(leaf: Any, name: str) -> InputSpec:
    import tensorflow as tf

    if isinstance(leaf, Classes):
        return replace(_spec(leaf.spec, name), below=leaf.number)
    if not isinstance(leaf, tf.TensorSpec):
        raise PlanError(f"inputs of {type(leaf).__name__} cannot be drawn: write a function inputs() that returns them")
    name = leaf.name or name
    if leaf.shape.rank is None:
        raise PlanError(f"{name} may have any number of dimensions: say what its shape is, {HOW}")
    shape = [
        size if size is not None else "batch" if axis == 0 else f"{name}_{axis}"
        for axis, size in enumerate(leaf.shape.as_list())
    ]
    opened = {size: BATCH if size == "batch" else OTHER for size in shape if isinstance(size, str)}
    return InputSpec(leaf.dtype.name, tuple(shape), tuple(opened.items()))


def dims_of(specs: Iterable[InputSpec]) -> tuple[Dim, ...]:
    """The dimensions that specs name, in their order."""
    specs = tuple(specs)
    names = dict.fromkeys(size for spec in specs for size in spec.shape if isinstance(size, str))
    defaults = {name: default for spec in reversed(specs) for name, default in spec.defaults}
    return tuple(Dim(name, defaults.get(name, BATCH if name == "batch" else OTHER), 1, HIGHEST_SIZE) for name in names)


def draw(specs: Any, dims: Mapping[str, int]) -> tuple[Any, ...]:
    """Random arguments: normal numbers, whole ones below their bound, words that are all the same."""
    import tensorflow as tf

    drawn = tf.nest.map_structure(lambda spec: _random(spec, dims), specs)
    return tuple(drawn)


def _random(spec: InputSpec, dims: Mapping[str, int]) -> Any:
    import tensorflow as tf

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
