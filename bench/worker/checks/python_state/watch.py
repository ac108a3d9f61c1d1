"""What the plain Python that a function can reach holds, before its first call and after each: what calls change.

Looked into is the user's own code: functions, what they close over, the globals that they name, instances of the user's
classes with their attributes, and what is called with them. Values are read, never asked: no code of the user's runs.

It is bounded, and so leaves open: what lies behind the first MOST_OBJECTS objects, in the middle of a container of more
than twice MOST_ITEMS, or between the elements that are read of a large array; what generators of random numbers, files,
`tf.function`s that eager calls, and objects of packages such as pandas hold.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any

from ...errors import ERRORS
from .ownership import Owners
from .reading import SEPARATOR, Reader, Values
from .values import ARRAY, ELEMENTS, NUMBER, POSITION, SAMPLE, SHAPE, Plain

ARRAYS = frozenset([ARRAY, SAMPLE, SHAPE])

NUMERIC = frozenset([NUMBER, *ARRAYS])

LASTING = frozenset([ELEMENTS, POSITION])

NONE = Plain("none", None)


class PythonState:
    """Looks at what a function, and what it is called with, can reach; `workload`: what it was named as."""

    def __init__(self, function: Callable[..., Any], arguments: Sequence[Any], workload: str) -> None:
        self._function = function
        self._arguments = arguments
        self._reader = Reader(Owners(workload))
        self._seen: list[Values | None] = []

    def look(self) -> None:
        """Read all values as they are now. Never raises: what cannot be read has not changed."""
        try:
            self._seen.append(self._reader.read(self._function, self._arguments))
        except ERRORS:
            traceback.print_exc()
            self._seen.append(None)

    def changes(self) -> tuple[str, ...]:
        """Return what calls change, as the user writes it; the first look was before the first call.

        What the first call alone changes is mostly built then: only numbers, arrays and sets that it changes are told.
        """
        found: list[str] = []
        for place, (before, after) in enumerate(zip(self._seen, self._seen[1:], strict=False)):
            if before is not None and after is not None:
                paths = before.keys() & after.keys() if self._reader.is_cut else before.keys() | after.keys()
                found += _changed(before, after, paths, is_first=place == 0)
        return tuple(dict.fromkeys(map(spoken, found)))


def _changed(before: Values, after: Values, paths: Set[str], *, is_first: bool) -> Iterator[str]:
    """Yield the paths of values that a call has changed, without what the first call may build."""
    for path in filter(paths.__contains__, dict.fromkeys((*after, *before))):
        old, new = before.get(path, NONE), after.get(path, NONE)
        if old != new and not (is_first and _is_built(old, new)) and not _are_read_otherwise(old, new):
            yield path


def _are_read_otherwise(old: Plain, new: Plain) -> bool:
    """Tell whether an array was read whole once, and in part once, as those before it left room."""
    return old.sort != new.sort and {old.sort, new.sort} <= ARRAYS


def _is_built(old: Plain, new: Plain) -> bool:
    """Tell whether a change is none between numbers, arrays, sets or positions of iterators."""
    return not ({old.sort, new.sort} <= NUMERIC or (old.sort == new.sort and old.sort in LASTING))


def spoken(path: str) -> str:
    """Return what the user calls the object that a path leads to: of a container its own name, not its items."""
    name = path.rpartition(SEPARATOR)[2]
    while name.endswith("]"):
        name = name[: name.rindex("[")]
    return name
