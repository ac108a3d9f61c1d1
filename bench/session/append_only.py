"""A frozen sequence that grows at its end: for figures that come one by one, thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Grown(Sequence[T], Generic[T]):
    """Read and compared like a tuple. What it grows into shares its values: one more costs the same at any length."""

    __slots__ = ("_length", "_values")

    def __init__(self, values: Sequence[T] = ()) -> None:
        self._values = list(values)
        self._length = len(self._values)

    def plus(self, value: T) -> Grown[T]:
        """This, and one value behind it."""
        grown: Grown[T] = object.__new__(Grown)
        shared = self._values if len(self._values) == self._length else self._values[: self._length]
        shared.append(value)
        grown._values, grown._length = shared, self._length + 1
        return grown

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return islice(self._values, self._length)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self._values[each] for each in range(*index.indices(self._length)))
        return self._values[range(self._length)[index]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | Grown) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
