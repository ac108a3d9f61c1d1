"""Building a workload in each mode: the same Python and the same start, whatever the mode makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...catalogue import Workload
from ...plan import DEFAULT_DTYPE, MIXED, Case, PlanError
from ..errors import UnsupportedError
from ..workloads.mixed_precision import compute_in
from .modes import mode_of
from .tf_options import PLAIN, Options, present, set_options

ArgumentSets = tuple[tuple[Any, ...], ...]
"""What one call after another is given, round and round; at least one."""


@dataclass(frozen=True)
class Start:
    """What every mode starts from: the same argument sets, and the same values of its own variables."""

    argument_sets: ArgumentSets
    state: tuple[Any, ...]


@dataclass(frozen=True)
class Built:
    """One mode's own build of a workload: what to call, with what, and the variables that it owns, in build order.

    `options` are to be in force whenever it is called. `note`: what there is to know of it, a sentence or nothing.
    """

    function: Callable[..., Any]
    argument_sets: ArgumentSets
    variables: tuple[Any, ...]
    options: Options = PLAIN
    note: str = ""

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The first set."""
        return self.argument_sets[0]

    def __call__(self) -> Any:
        return self.function(*self.arguments)

    def outputs(self, first: Any, *later: Any) -> list[NDArray[Any]]:
        """The arrays to verify: the first call's output and, where calls change variables, the second's.

        A train step returns the loss before its update: only the next one tells whether the update was right. `later`:
        what later calls returned, if there were any yet.
        """
        if not self.variables:
            return to_arrays(first)
        return [*to_arrays(first), *to_arrays(later[0] if later else self())]

    def start(self) -> Start:
        """Its argument sets and its variables' present values."""
        return Start(self.argument_sets, tuple(variable.numpy() for variable in self.variables))

    def starting_from(self, start: Start) -> Built:
        """The same build, with `start`'s argument sets and state."""
        self.set_state(start.state)
        return replace(self, argument_sets=start.argument_sets)

    def by_its_only(self, concrete: Callable[..., Any]) -> Built:
        """The same, called by its concrete function. Raises UnsupportedError where an argument set needs another.

        TensorFlow itself lets a trace compute on shapes that it was not made for.
        """
        trace = self.function.get_concrete_function  # type: ignore[attr-defined]
        for number, arguments in enumerate(self.argument_sets[1:], start=2):
            if trace(*arguments) is not concrete:
                raise UnsupportedError(f"argument set {number} needs a trace of its own")
        return replace(self, function=concrete)

    def draw_otherwise(self) -> None:
        """Have generators of random numbers that are among the variables go on from another state."""
        for variable in self.variables:
            if variable.dtype.is_integer and variable.shape.rank == 1 and "state" in variable.name.lower():
                variable.assign(variable + 1)

    def set_state(self, state: tuple[Any, ...]) -> None:
        """Give the variables these values, each cast to the variable's own dtype."""
        import tensorflow as tf

        for variable, value in zip(self.variables, state, strict=True):
            variable.assign(tf.cast(value, variable.dtype))


def build(workload: Workload, case: Case, mode: str, dtype: str | None = None) -> Built:
    """Build `workload` afresh for `mode`, in the case's dtype or the one given, from the case's seed.

    What the user's file has switched on of TensorFlow's options is off when this returns. Raises UnsupportedError.
    """
    import tensorflow as tf

    how = mode_of(mode)
    set_options(PLAIN)
    asked = dtype or case.dtype
    compute_in(asked if case.dtype in MIXED else DEFAULT_DTYPE)
    seed(case.seed)
    variables: list[Any] = []

    def record(next_creator: Callable[..., Any], **arguments: Any) -> Any:
        variable = next_creator(**arguments)
        variables.append(variable)
        return variable

    parameters: dict[str, Any] = dict(workload.complete(case.dims))
    if workload.takes_dtype:
        parameters["dtype"] = asked
    try:
        with tf.variable_creator_scope(record):
            function, argument_sets = _checked(workload, workload.build(**parameters))
            written = present()
            wrapped = how.wrap(function)
    finally:
        set_options(PLAIN)
    options, note = (written, written.words) if how.options is None else (how.options, "")
    told = ", under ".join(filter(None, (wrapped.note, note)))
    return Built(wrapped.function, argument_sets, tuple(variables), options, told)


def _checked(workload: Workload, built: Any) -> tuple[Callable[..., Any], ArgumentSets]:
    """What a builder returned, if it is a function and its arguments. Raises PlanError."""
    if isinstance(built, tuple | list) and len(built) == 2:
        function, arguments = built
        if callable(function) and isinstance(arguments, tuple | list):
            return function, _argument_sets(arguments)
    raise PlanError(f"{workload.name} must return the function to time and a tuple of its arguments")


def _argument_sets(arguments: tuple[Any, ...] | list[Any]) -> ArgumentSets:
    """A list of tuples is a set for each call; anything else is one set. A named tuple is an argument."""
    if isinstance(arguments, list) and arguments and all(type(each) is tuple for each in arguments):
        return tuple(arguments)
    return (tuple(arguments),)


def seed(number: int) -> None:
    """Seed every generator that a workload may draw from: Python's, numpy's, TensorFlow's, Keras's."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(number)
    tf.random.set_seed(number)


def to_arrays(output: Any) -> list[NDArray[Any]]:
    """Return the output's tensors, flattened out of whatever structure they are in, as numpy arrays."""
    import tensorflow as tf

    parts = [part for part in tf.nest.flatten(output, expand_composites=True) if part is not None]
    # `np.asarray` of a scalar bfloat16 tensor fails, its own `numpy` does not.
    return [np.asarray(part.numpy()) if tf.is_tensor(part) else _to_array(part) for part in parts]


def _to_array(value: Any) -> NDArray[Any]:
    """Return the value as a graph would: a Python number becomes an int32 or a float32."""
    import tensorflow as tf

    try:
        return np.asarray(tf.convert_to_tensor(value).numpy())
    except (TypeError, ValueError):
        return np.asarray(value)
