"""Building a workload in each mode: the same Python and the same start, whatever the mode makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...catalogue import Workload
from ...plan import DEFAULT_DTYPE, MIXED, Case, PlanError
from ..errors import UnsupportedError
from ..workloads.mixed_precision import compute_in
from .modes import mode_of
from .tf_options import PLAIN, Options, present, set_options
from .variables import Starts, Variables

ArgumentSets = tuple[tuple[Any, ...], ...]
"""What one call after another is given, round and round; at least one."""


UNREADABLE = (
    "it returns a dataset, an iterator or a list of tensors, which cannot be compared: return tensors read from it"
)


class CallCount:
    """How many calls of a mode have returned."""

    def __init__(self) -> None:
        self.ended = 0

    def add(self, calls: int) -> None:
        """Count so many more."""
        self.ended += calls


@dataclass(frozen=True)
class Built:
    """One mode's own build of a workload: what to call, with what, and the variables that it makes.

    `options` are to be in force whenever it is called. `note`: what there is to know of it, a sentence or nothing.
    `calls`: how often it was called, whoever called it.
    """

    function: Callable[..., Any]
    argument_sets: ArgumentSets
    variables: Variables
    options: Options = PLAIN
    note: str = ""
    calls: CallCount = field(default_factory=CallCount, compare=False)

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The first set."""
        return self.argument_sets[0]

    def __call__(self, arguments: tuple[Any, ...] | None = None) -> Any:
        """Call it with these, by default with the first set."""
        output = self.function(*(self.arguments if arguments is None else arguments))
        self.calls.add(1)
        return output

    def by_its_only(self, concrete: Callable[..., Any]) -> Built:
        """The same, called by its concrete function. Raises UnsupportedError where an argument set needs another.

        TensorFlow itself lets a trace compute on shapes that it was not made for.
        """
        trace = self.function.get_concrete_function  # type: ignore[attr-defined]
        for number, arguments in enumerate(self.argument_sets[1:], start=2):
            if trace(*arguments) is not concrete:
                raise UnsupportedError(f"argument set {number} needs a trace of its own")
        return replace(self, function=concrete)


def build(
    workload: Workload, case: Case, mode: str, *, starts: Starts | None = None, dtype: str | None = None
) -> Built:
    """Build `workload` afresh for `mode`, in the case's dtype or the one given, from the case's seed.

    Its variables begin as `starts` says, or decide what the next mode's begin with. What the user's file has switched
    on of TensorFlow's options is off when this returns. Raises UnsupportedError.
    """
    how = mode_of(mode)
    set_options(PLAIN)
    asked = dtype or case.dtype
    compute_in(asked if case.dtype in MIXED else DEFAULT_DTYPE)
    seed(case.seed)
    variables = Variables(Starts() if starts is None else starts)
    parameters: dict[str, Any] = dict(workload.complete(case.dims))
    if workload.takes_dtype:
        parameters["dtype"] = asked
    try:
        with variables.recorded():
            function, argument_sets = _checked(workload, workload.build(**parameters))
            written = present()
            wrapped = how.wrap(function)
    finally:
        set_options(PLAIN)
    options, note = (written, written.words) if how.options is None else (how.options, "")
    told = ", under ".join(filter(None, (wrapped.note, note)))
    variables.begin()
    return Built(wrapped.function, argument_sets, variables, options, told)


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


def has_tensors(output: Any) -> bool:
    """Tell whether there is a tensor in the output."""
    import tensorflow as tf

    return any(map(tf.is_tensor, tf.nest.flatten(output, expand_composites=True)))


def to_arrays(output: Any) -> list[NDArray[Any]]:
    """Return the output's tensors, flattened out of whatever structure they are in, as numpy arrays.

    Raises PlanError where they hold no values, as those of a dataset.
    """
    import tensorflow as tf

    parts = [part for part in tf.nest.flatten(output, expand_composites=True) if part is not None]
    if any(getattr(part, "dtype", None) in (tf.variant, tf.resource) and tf.is_tensor(part) for part in parts):
        raise PlanError(UNREADABLE)
    # `np.asarray` of a scalar bfloat16 tensor fails, its own `numpy` does not.
    return [np.asarray(part.numpy()) if tf.is_tensor(part) else _to_array(part) for part in parts]


def _to_array(value: Any) -> NDArray[Any]:
    """Return the value as a graph would: a Python number becomes an int32 or a float32."""
    import tensorflow as tf

    try:
        return np.asarray(tf.convert_to_tensor(value).numpy())
    except (TypeError, ValueError):
        return np.asarray(value)
