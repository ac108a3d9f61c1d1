"""The variables that a mode makes, while it is built and in its first call, and what they hold."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = NDArray[Any]


class Starts:
    """What the variables of a case begin with, by the order in which they are made; the first mode to make one decides.

    Initial values may be random, and a traced function draws others than eager does: every mode is given the same.
    """

    def __init__(self, values: Sequence[Value | None] = ()) -> None:
        self._values = list(values)

    def __iter__(self) -> Iterator[Value | None]:
        return iter(self._values)

    def at(self, place: int) -> Value | None:
        """Return what the variable of this place begins with; None where that is not known."""
        return self._values[place] if place < len(self._values) else None

    def settle(self, place: int, value: Value | None) -> None:
        """Decide a start that is not decided yet."""
        self._values += [None] * (place + 1 - len(self._values))
        if self._values[place] is None:
            self._values[place] = value


class Variables:
    """The variables that one mode makes, in that order, whoever makes them: TensorFlow, Keras layers, optimizers."""

    def __init__(self, starts: Starts) -> None:
        self._starts = starts
        self._made: list[Any] = []
        self._begun = 0
        """How many have been given their starts."""
        self._is_built = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Record every variable that is made meanwhile, in traces too."""
        import tensorflow as tf

        with tf.variable_creator_scope(self._make):
            yield

    def _make(self, next_creator: Callable[..., Any], **arguments: Any) -> Any:
        import tensorflow as tf

        variable = next_creator(**arguments)
        self._made.append(variable)
        # While the workload is built, its own code may still load weights; what a trace makes holds nothing yet.
        if self._is_built and tf.executing_eagerly():
            self.begin()
        return variable

    def begin(self) -> None:
        """Give the variables that have been made since the last time their starts, or decide these."""
        self._is_built = True
        for place in range(self._begun, len(self._made)):
            value = self._starts.at(place)
            if value is None:
                self._starts.settle(place, value_of(self._made[place]))
            else:
                assign(self._made[place], value)
        self._begun = len(self._made)

    def begin_again(self) -> None:
        """Give all variables their starts."""
        self._begun = 0
        self.begin()

    def values(self) -> list[Value | None]:
        """Return what they hold now; None of one that holds nothing yet."""
        return [value_of(variable) for variable in self._made]

    def draw_otherwise(self) -> None:
        """Have generators of random numbers that are among the variables go on from another state."""
        for variable in self._made:
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
