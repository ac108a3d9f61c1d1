"""The variables that a mode makes, while it is built and in its first call, and what they hold."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..workloads.user_modules import is_importing_once

Value = NDArray[Any]


class Starts:
    """What the variables of a case begin with, by the order in which they are made; the first mode to make one decides.

    Initial values may be random, and a traced function draws others than eager does: every mode is given the same.
    `shared`: by their places, the variables that are made once in a process, which all modes have.
    """

    def __init__(self, values: Sequence[Value | None] = (), shared: Mapping[int, Any] | None = None) -> None:
        self._values = list(values)
        self.shared = dict(shared or {})

    def __iter__(self) -> Iterator[Value | None]:
        return iter(self._values)

    def copy(self) -> Starts:
        """Return the same, to be decided further by itself."""
        return Starts(self._values, self.shared)

    def at(self, place: int) -> Value | None:
        """Return what the variable of this place begins with; None where that is not known."""
        return self._values[place] if place < len(self._values) else None

    def settle(self, place: int, value: Value | None) -> None:
        """Decide a start that is not decided yet."""
        self._values += [None] * (place + 1 - len(self._values))
        if self._values[place] is None:
            self._values[place] = value


class Variables:
    """The variables that one mode has, in the order of making, whoever makes them: TensorFlow, Keras, optimizers.

    Those that all modes share are at the places that they had in the mode that made them.
    """

    def __init__(self, starts: Starts) -> None:
        self._starts = starts
        self._made: list[Any] = []
        self._begun: set[int] = set()
        """Which have been given their starts, by identity."""
        self._is_built = False

    def __iter__(self) -> Iterator[Any]:
        return (variable for _, variable in self._placed())

    def __len__(self) -> int:
        return len(self._placed())

    def _placed(self) -> list[tuple[int, Any]]:
        """Return all with their places: what this mode has made itself lies around what is shared."""
        shared = self._starts.shared
        theirs = {id(variable) for variable in shared.values()}
        own = [variable for variable in self._made if id(variable) not in theirs]
        free = (place for place in count() if place not in shared)
        return sorted([*shared.items(), *zip(free, own, strict=False)], key=lambda placed: placed[0])

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Record every variable that is made meanwhile, in traces too."""
        import tensorflow as tf

        with tf.variable_creator_scope(self._make):
            yield

    def _make(self, next_creator: Callable[..., Any], **arguments: Any) -> Any:
        import tensorflow as tf

        variable = next_creator(**arguments)
        shared = self._starts.shared
        self._made.append(variable)
        place = len(self._made) - 1 if not shared else next(at for at, each in self._placed() if each is variable)
        if is_importing_once():
            shared[place] = variable
        # While the workload is built, its own code may still load weights; what a trace makes holds nothing yet.
        if self._is_built and tf.executing_eagerly():
            self._give_start(place, variable)
        return variable

    def begin(self) -> None:
        """Give the variables that have been made since the last time their starts, or decide these."""
        self._is_built = True
        for place, variable in self._placed():
            if id(variable) not in self._begun:
                self._give_start(place, variable)

    def _give_start(self, place: int, variable: Any) -> None:
        self._begun.add(id(variable))
        value = self._starts.at(place)
        if value is None:
            self._starts.settle(place, value_of(variable))
        else:
            assign(variable, value)

    def begin_again(self) -> None:
        """Give all variables their starts."""
        self._begun.clear()
        self.begin()

    def share_with(self, others: Iterable[Variables], used: Callable[[Any], bool]) -> None:
        """Share those of the variables that others have made and this mode uses."""
        mine = set(map(id, self))
        found = {
            place: variable
            for other in others
            for place, variable in other._placed()
            if id(variable) not in mine and used(variable)
        }
        if found:
            self._starts.shared.update(found)
            self._begun.clear()  # what was made here may have other places now

    def values(self) -> list[Value | None]:
        """Return what they hold now; None of one that holds nothing yet."""
        return [value_of(variable) for variable in self]

    def draw_otherwise(self) -> None:
        """Have generators of random numbers that are among the variables go on from another state."""
        for variable in self:
            if variable.dtype.is_integer and variable.shape.rank == 1 and "state" in variable.name.lower():
                variable.assign(variable + 1)


def spoken_name(variable: Any) -> str:
    """Return what the user's code calls a variable, or else what TensorFlow calls it."""
    for referrer in gc.get_referrers(variable):
        names = referrer if isinstance(referrer, dict) else getattr(referrer, "__dict__", {})
        for name, value in [*names.items()]:
            if value is variable and isinstance(name, str) and not name.startswith("_"):
                return name
    return str(variable.name).removesuffix(":0")


def value_of(variable: Any) -> Value | None:
    """Return what a variable holds; None where it holds nothing, or nothing that can be read now."""
    with suppress(Exception):  # of a variable that a trace is making there is nothing to read yet
        return np.asarray(variable.numpy())
    return None


def assign(variable: Any, value: Value) -> None:
    """Give a variable a value, cast to its dtype, if it has that shape and holds something already."""
    import tensorflow as tf

    held = value_of(variable)
    if held is not None and held.shape == value.shape:
        variable.assign(tf.cast(tf.constant(value), variable.dtype))
