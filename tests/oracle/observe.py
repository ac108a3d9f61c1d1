"""Call a program in a mode, by plain TensorFlow: two calls, and every variable after each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tests.oracle.judge import EPSILONS, Arrays, epsilon_of
from tests.oracle.program import Program

SEED = 7

MODES: Mapping[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": lambda function: tf.function(function, jit_compile=True),
}
"""How a user writes each."""


@dataclass(frozen=True)
class Observed:
    """What two calls left behind, flattened: outputs and variables of the first, outputs and variables of the second.

    `outputs`: how many of the arrays are outputs of the first call. `second`: the place of the second call's first.
    """

    arrays: Arrays
    outputs: int
    second: int

    @property
    def second_differs(self) -> bool:
        """Tell whether the second call returned other values than the first, in the same shapes."""
        first, second = self.arrays[: self.outputs], self.arrays[self.second : self.second + self.outputs]
        alike = [each.shape for each in first] == [each.shape for each in second]
        return alike and any(map(differ, first, second))


@dataclass(frozen=True)
class Failed:
    """A mode that cannot run the program, with the words of whoever refused."""

    reason: str


@dataclass(frozen=True)
class Move:
    """Move each float in arguments and variables at random, by up to so many epsilons of the program's dtype."""

    seed: int
    epsilons: float


def observe(program: Program, mode: str, dtype: str = "", move: Move | None = None) -> Observed | Failed:
    """Make a program and call it twice in a mode."""
    variables: list[tf.Variable] = []

    def record(next_creator: Callable[..., Any], **arguments: Any) -> Any:
        variable = next_creator(**arguments)
        variables.append(variable)
        return variable

    tf.keras.utils.set_random_seed(SEED)
    try:
        with tf.variable_creator_scope(record):
            made = program.make(dtype)
            sets = made.sets
            if move:
                chance = np.random.default_rng(move.seed)
                epsilon = EPSILONS.get(program.dtype, 0.0)
                sets = tf.nest.map_structure(
                    lambda value: _moved(value, move, chance, epsilon), sets, expand_composites=True
                )
                for variable in variables:
                    variable.assign(_moved(variable.read_value(), move, chance, epsilon))
            function = MODES[mode](made.function)
            first = to_arrays(function(*sets[0]))
            after_first = to_arrays(_readable(variables))
            second = to_arrays(function(*sets[1 % len(sets)]))
            after_second = to_arrays(_readable(variables))
    except Exception as error:  # whatever the program or the compiler raises is what was observed
        return Failed(f"{type(error).__name__}: {_telling_line(str(error))}")
    return Observed((*first, *after_first, *second, *after_second), len(first), len(first) + len(after_first))


def differ(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether two arrays of a shape hold other values."""
    return bool(np.any((one != other) & ~((one != one) & (other != other))))  # NaN is what NaN is


def _telling_line(text: str) -> str:
    """Return the line of an error that says most: its first, or where that only says whose code it was, its last."""
    lines = [line.strip() for line in text.partition("Arguments received by")[0].splitlines() if line.strip()] or [""]
    told_by_others = lines[0].startswith(("in user code", "Exception encountered"))
    return lines[-1 if told_by_others else 0][:300]


def dtypes_within(program: Program) -> set[str]:
    """Return the float dtypes of which there are tensors in the program's graph; none where it cannot be traced."""
    try:
        made = program.make()
        graph = tf.function(made.function).get_concrete_function(*made.sets[0]).graph.as_graph_def()
    except Exception:  # whatever the program raises
        return set()
    nodes = (*graph.node, *(node for function in graph.library.function for node in function.node_def))
    kinds = {attribute.type for node in nodes for attribute in node.attr.values()}
    return {name for name in EPSILONS if tf.as_dtype(name).as_datatype_enum in kinds}


def to_arrays(structure: Any) -> list[NDArray[Any]]:
    """Return the values of a structure as arrays, composite tensors by their parts."""
    return [_array(value) for value in tf.nest.flatten(structure, expand_composites=True) if value is not None]


def _readable(variables: list[tf.Variable]) -> list[Any]:
    """Return values, of those variables that hold any: a call that was traced twice leaves some that do not."""
    return [variable.read_value() for variable in variables if variable.is_initialized()]


def _array(value: Any) -> NDArray[Any]:
    tensor = value if tf.is_tensor(value) else tf.convert_to_tensor(value)
    return np.asarray(tensor.numpy())


def _moved(value: Any, move: Move, chance: np.random.Generator, epsilon: float) -> Any:
    if not (tf.is_tensor(value) and (value.dtype.is_floating or value.dtype.is_complex)):
        return value
    array = value.numpy()
    wide = array.astype(np.complex128 if value.dtype.is_complex else np.float64)
    moves = 1 + move.epsilons * max(epsilon, epsilon_of(array)) * chance.uniform(-1, 1, size=array.shape)
    return tf.constant((wide * moves).astype(array.dtype))
