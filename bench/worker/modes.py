"""Building a workload in each mode: the same Python, run eagerly, as a graph, or compiled by XLA."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from ..catalogue import Workload
from ..plan import MIXED, Case, PlanError
from .keras_methods import KerasMethod
from .precision import compute_in
from .verify import to_arrays

ArgumentSets = tuple[tuple[Any, ...], ...]
"""What one call after another is given, round and round; at least one."""


@dataclass(frozen=True)
class Start:
    """What every mode starts from: the same argument sets, and the same values of its own variables."""

    argument_sets: ArgumentSets
    state: tuple[Any, ...]


@dataclass(frozen=True)
class Built:
    """One mode's own build of a workload: what to call, with what, and the variables that it owns, in build order."""

    function: Callable[..., Any]
    argument_sets: ArgumentSets
    variables: tuple[Any, ...]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The first set."""
        return self.argument_sets[0]

    def __call__(self) -> Any:
        return self.function(*self.arguments)

    def outputs(self, first: Any) -> list[NDArray[Any]]:
        """The arrays to verify: the first call's output and, where calls change variables, the second's.

        A train step returns the loss before its update: only the next one tells whether the update was right.
        """
        return [*to_arrays(first), *(to_arrays(self()) if self.variables else [])]

    def start(self) -> Start:
        """Its argument sets and its variables' present values."""
        return Start(self.argument_sets, tuple(variable.numpy() for variable in self.variables))

    def starting_from(self, start: Start) -> Built:
        """The same build, with `start`'s argument sets and state."""
        self.set_state(start.state)
        return replace(self, argument_sets=start.argument_sets)

    def set_state(self, state: tuple[Any, ...]) -> None:
        """Give the variables these values, each cast to the variable's own dtype."""
        import tensorflow as tf

        for variable, value in zip(self.variables, state, strict=True):
            variable.assign(tf.cast(value, variable.dtype))


def build(workload: Workload, case: Case, mode: str, dtype: str | None = None) -> Built:
    """Build `workload` afresh for `mode`, in the case's dtype or the one given, from the case's seed."""
    import tensorflow as tf

    asked = dtype or case.dtype
    compute_in(asked if case.dtype in MIXED else "float32")
    seed(case.seed)
    variables: list[Any] = []

    def record(next_creator: Callable[..., Any], **arguments: Any) -> Any:
        variable = next_creator(**arguments)
        variables.append(variable)
        return variable

    parameters: dict[str, Any] = dict(workload.complete(case.dims))
    if workload.takes_dtype:
        parameters["dtype"] = asked
    with tf.variable_creator_scope(record):
        function, argument_sets = _checked(workload, workload.build(**parameters))
        tf.config.run_functions_eagerly(False)  # a user's file may have asked for it
        wrapped = wrap(function, mode)
    return Built(wrapped, argument_sets, tuple(variables))


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


def wrap(function: Callable[..., Any], mode: str) -> Callable[..., Any]:
    """The callable that a user of `mode` would write.

    What is a `tf.function` already would be a graph in every mode, so it is unwrapped. What it says about the arguments
    that one trace serves is kept; there is no public way to read `reduce_retracing`.
    """
    import tensorflow as tf

    if mode == "eager" and (reason := getattr(function, "graph_only", "")):
        raise tf.errors.UnimplementedError(None, None, reason)
    if isinstance(function, KerasMethod):
        return function.in_mode(mode)
    kept: dict[str, Any] = {}
    if hasattr(function, "python_function"):
        relaxed = getattr(function, "_reduce_retracing", False)
        kept = {"input_signature": getattr(function, "input_signature", None), "reduce_retracing": relaxed}
        function = function.python_function
    if mode == "eager":
        return function
    wrapped: Callable[..., Any] = tf.function(function, jit_compile=mode == "xla", **kept)
    return wrapped


def forget_conversions() -> None:
    """Make the next trace pay for AutoGraph's conversion of the Python, as the first trace in a process does.

    AutoGraph keeps what it converted for the whole process: the second mode to be traced would look up to four times
    cheaper than the first. There is no public way to empty that cache; where it has moved, the figure keeps its bias.
    """
    from tensorflow.python.autograph.impl import api

    if hasattr(api, "_TRANSPILER") and hasattr(api, "PyToTF"):
        api._TRANSPILER = api.PyToTF()
