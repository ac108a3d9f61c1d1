"""What a plain value of Python's is, in a form that can be kept and compared without running code of the user's."""

from __future__ import annotations

import zlib
from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NUMBER, TEXT, ARRAY, LENGTH, ELEMENTS, POSITION = "number", "text", "array", "length", "elements", "position"

SAMPLE, SHAPE = "sample", "shape"
"""An array of which some elements were read, or none."""

PLAIN = (int, float, complex, bool, str, bytes, type(None))

LONGEST_TEXT = 256
"""Characters up to which a text is kept; of a longer one only the hash."""

LARGEST_WHOLE = 1 << 18
"""Bytes of an array up to which all of it is read; of a larger one about SAMPLED elements."""

MOST_WHOLE = 1 << 21
"""Bytes of arrays that are read whole, all together."""

SAMPLED = 1024

MOST_SAMPLED = 16
"""Tensors of which elements are read; of others only shape and dtype."""

MOST_ELEMENTS = 10_000
"""Elements up to which a set is read; of a larger one only the size."""


class Plain(NamedTuple):
    """A value as it was: of which sort, and what it was."""

    sort: str
    value: Hashable


def plain(value: Any) -> Plain:
    """Return one of the PLAIN types, or a subclass of one that is not the user's."""
    if isinstance(value, bool) or value is None:
        return Plain(TEXT, value)
    if isinstance(value, int | float | complex):
        return Plain(NUMBER, value if value == value else "nan")  # NaN stays NaN
    return Plain(TEXT, value if len(value) <= LONGEST_TEXT else (len(value), hash(value)))


def scalar(value: np.generic) -> Plain:
    """Return a number or a text of NumPy's."""
    if isinstance(value, np.bool_ | np.character):
        return Plain(TEXT, value.item())
    return plain(value.item()) if isinstance(value, np.number) else Plain(NUMBER, value.tobytes())


def elements(values: set[Any] | frozenset[Any]) -> Plain:
    """Return how many elements a set has, and those that are plain."""
    base: Any = set if issubclass(type(values), set) else frozenset
    size = base.__len__(values)
    read = base.__iter__(values) if size <= MOST_ELEMENTS else ()
    return Plain(ELEMENTS, (size, frozenset(each for each in read if type(each) in PLAIN)))


class ArrayReader:
    """Reads arrays and tensors: small ones whole, large ones in part, and not too many."""

    def __init__(self) -> None:
        self._whole_left = MOST_WHOLE
        self._sampled_left = MOST_SAMPLED

    def array(self, value: NDArray[Any]) -> Plain:
        """Return what a NumPy array holds."""
        value = np.asarray(value)
        told = value.shape, value.dtype.str
        if value.dtype.hasobject:
            return Plain(ARRAY, (*told, tuple(each for each in value.flat if type(each) in PLAIN)[:SAMPLED]))
        sort = ARRAY
        if value.nbytes <= min(LARGEST_WHOLE, self._whole_left):
            self._whole_left -= value.nbytes
        else:
            sort = SAMPLE
            each = max(int(SAMPLED ** (1 / value.ndim)), 1)
            value = value[tuple(slice(None, None, max(size // each, 1)) for size in value.shape)]
        return Plain(sort, (*told, zlib.crc32(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)))

    def tensor(self, value: Any) -> Plain:
        """Return what an eager tensor holds."""
        import tensorflow as tf

        size, dtype = value.shape.num_elements(), value.dtype
        has_values = dtype not in (tf.variant, tf.resource)
        if has_values and dtype.size * size <= LARGEST_WHOLE:
            return self.array(np.asarray(value.numpy()))
        if not has_values or not self._sampled_left:
            return Plain(SHAPE, (tuple(value.shape), dtype.name))
        self._sampled_left -= 1
        read = self.array(tf.reshape(value, [-1])[:: max(size // SAMPLED, 1)].numpy())
        return Plain(SAMPLE, (tuple(value.shape), read))
