"""Monte Carlo arithmetic: every operation that rounds is given a random error of its dtype's epsilon.

What changes when a function is called so is what rounding decides of it. The method is Parker's (Monte Carlo
Arithmetic, UCLA 1997), as Verificarlo and CADNA use it. It perturbs what TensorFlow executes eagerly, one operation
after the other; sums and functions of TensorFlow's own are given perturbed arguments too, so that what cancels inside
them counts. An operation that cannot round, or has not, is left alone: integers in floats stay integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .function_dtypes import function_epsilon
from .overflows import Overflows
from .rounding_operations import (
    ARITHMETIC,
    AVERAGES,
    COARSENED,
    CONTRACTIONS,
    DECOMPOSITIONS,
    DRAWING,
    EXACT,
    FUNCTIONS,
    NEAR_ONE,
    PRODUCTS,
    SUMS,
    TURNED,
    is_stateful,
)
from .rounding_sizes import (
    is_exact,
    is_small,
    is_whole,
    moves_near_one,
    number_of_terms,
    steps_of_decomposition,
    steps_of_function,
    turned,
)
from .tensor_values import is_inexact, magnitude, numbers_in, to_array, widened
from .verify import EPSILONS, epsilon_of

ERRORS_DRAWN = 262_147
"""So many errors are drawn once a run, a prime; larger tensors are given them again and again from another place."""

FEWEST_TERMS = 16
"""Sums of fewer terms have no error to speak of beside that of their terms."""

STEPS_AT_ONCE = 4
"""Terms that are added up side by side at least, which makes the walk shorter."""

SMALLEST_NORMAL = 2.0**-14
"""Of float16."""

SHORT = ("bfloat16", "float16")

Execute = Callable[..., Any]


@contextmanager
def rounding_noise(run: int, size: float = 1.0, contraction_epsilon: float = 0.0) -> Iterator[None]:
    """Perturb what this thread executes eagerly; `run` seeds the errors. User's `tf.function`s run eagerly, too.

    `size`: of the errors, in epsilons. `contraction_epsilon`: that of products of float32 matrices where the device
    makes them coarser than their dtype. Raises AttributeError where this TensorFlow executes operations in another way.
    """
    import tensorflow as tf
    from tensorflow.python import pywrap_tfe
    from tensorflow.python.eager import execute

    noise = _Noise(run, size, contraction_epsilon)
    fast, slow = pywrap_tfe.TFE_Py_FastPathExecute, execute.execute
    were_eager = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    pywrap_tfe.TFE_Py_FastPathExecute = noise.around_fast(fast)
    execute.execute = noise.around_slow(slow)
    try:
        yield
    finally:
        pywrap_tfe.TFE_Py_FastPathExecute, execute.execute = fast, slow
        tf.config.run_functions_eagerly(were_eager)


class _Noise:
    """The errors of one run. They are computed by NumPy, whose operations are no TensorFlow's."""

    def __init__(self, run: int, size: float, contraction_epsilon: float) -> None:
        self._size = size
        self._contraction_epsilon = contraction_epsilon
        self._chance = np.random.default_rng(run)
        drawn = self._chance.uniform(-1, 1, ERRORS_DRAWN)
        self._errors = np.concatenate([drawn, drawn])
        self._overflows = Overflows()
        self._busy = False
        """Whether an error is being applied, by operations that are to have none."""

    def around_fast(self, execute: Execute) -> Execute:
        """Perturb operations that are given Python arguments: inputs, then names and values of attributes."""

        def execute_with_noise(ctx: Any, kind: str, name: Any, *arguments: Any) -> Any:
            inputs = next((at for at, each in enumerate(arguments) if isinstance(each, str)), len(arguments))
            given, attributes = arguments[:inputs], arguments[inputs:]
            return self._execute(kind, given, lambda args: execute(ctx, kind, name, *args, *attributes))

        return execute_with_noise

    def around_slow(self, execute: Execute) -> Execute:
        """Perturb operations whose arguments are tensors already."""

        def execute_with_noise(
            op_name: Any, num_outputs: int, inputs: Any, attrs: Any, ctx: Any, name: Any = None
        ) -> Any:
            kind = op_name.decode() if isinstance(op_name, bytes) else op_name
            return self._execute(kind, inputs, lambda args: execute(op_name, num_outputs, list(args), attrs, ctx, name))

        return execute_with_noise

    def _execute(self, kind: str, inputs: Sequence[Any], execute: Callable[[Sequence[Any]], Any]) -> Any:
        import tensorflow as tf

        if self._busy or not tf.executing_eagerly():
            return execute(inputs)
        never_rounds = kind in EXACT or kind.startswith(DRAWING)
        if not never_rounds and self._overflows.among(inputs):
            self._busy = True
            inputs = self._overflows.unknown(inputs)
            self._busy = False
        output = execute(inputs) if never_rounds else self._with_errors(kind, inputs, execute)
        self._overflows.note(inputs, output)
        return output

    def _with_errors(self, kind: str, inputs: Sequence[Any], execute: Callable[[Sequence[Any]], Any]) -> Any:
        import tensorflow as tf

        if kind in ARITHMETIC or kind == "Cast":
            output = execute(inputs)
            if not is_inexact(output):
                return output
            return self._moved(output, exact=is_exact(kind, [*map(to_array, inputs)], to_array(output)))
        if (epsilon := function_epsilon(kind, self._contraction_epsilon)) is not None:
            moved = [tf.nest.map_structure(self._moved, each) for each in inputs]
            return tf.nest.map_structure(lambda each: self._moved_whole(each, epsilon), execute(moved))
        if is_stateful(kind):  # it is not executed twice
            return tf.nest.map_structure(self._moved, execute(inputs))
        given = tf.nest.flatten(list(inputs))
        if kind in SUMS and all(map(_is_whole, given)) and not self._coarsens(kind, given):
            output = execute(inputs)
            (total,) = map(to_array, tf.nest.flatten(output))
            terms = number_of_terms(kind, inputs, numbers_in(inputs), total) if kind in AVERAGES else 1.0
            if is_whole(total) or (kind in AVERAGES and is_small(total, terms)):
                return output
        output = execute(self._moved_inputs(kind, inputs))
        if not any(map(is_inexact, tf.nest.flatten(output))):
            return execute(inputs)  # it compares or counts, and rounds nothing
        if kind in SUMS:
            (total,) = tf.nest.flatten(output)  # a tensor or a list of one
            output = tf.nest.pack_sequence_as(output, [self._added_up(kind, inputs, total, execute)])
        if kind in TURNED:
            output = tf.nest.pack_sequence_as(output, self._turned(kind, output))
        return tf.nest.map_structure(lambda each: self._moved(each, _steps_of(kind, each)), output)

    def _coarsens(self, kind: str, inputs: Sequence[Any]) -> bool:
        """Tell whether whole numbers among the inputs of a product have more digits than the device multiplies."""
        if kind not in CONTRACTIONS or not self._contraction_epsilon:
            return False
        arrays = (each for each in numbers_in(inputs) if each.dtype.name in COARSENED)
        return any(np.max(np.abs(each), initial=0.0) > 2 / self._contraction_epsilon for each in arrays)

    def _turned(self, kind: str, outputs: Any) -> list[Any]:
        self._busy = True
        try:
            return turned(kind, outputs, self._chance)
        finally:
            self._busy = False

    def _added_up(self, kind: str, inputs: Sequence[Any], output: Any, execute: Callable[[Sequence[Any]], Any]) -> Any:
        """Return a sum with the error of adding up: that of a random walk of as many steps as there are terms.

        Products of short floats are taken to be added up in float32, as processors do. Other sums of theirs may stand
        still, where terms are less than a step of the sum, or overflow: what float32 makes of them tells how far.
        """
        import tensorflow as tf

        result = to_array(output)
        terms = number_of_terms(kind, inputs, numbers_in(inputs), result)
        if terms < FEWEST_TERMS:
            return output
        self._busy = True
        try:
            (magnitudes,) = tf.nest.flatten(execute(tf.nest.map_structure(magnitude, list(inputs))))
            epsilon = epsilon_of(result) or 0.0
            epsilon = min(epsilon, EPSILONS["float32"]) if kind in PRODUCTS else epsilon
            step = self._size * epsilon * np.sqrt(terms) / STEPS_AT_ONCE
            moves = step * self._drawn(result) * np.abs(to_array(magnitudes).astype(np.float64))
            if result.dtype.name in SHORT and kind not in PRODUCTS:
                (wide,) = tf.nest.flatten(execute(tf.nest.map_structure(widened, list(inputs))))
                with np.errstate(invalid="ignore"):
                    moves = moves + self._size * self._drawn(result) * (to_array(wide) - result.astype(np.float32))
            return output + tf.constant(moves.astype(result.dtype))
        finally:
            self._busy = False

    def _moved_inputs(self, kind: str, inputs: Sequence[Any]) -> list[Any]:
        """Return the arguments of an operation that computes more than one step, with errors."""
        import tensorflow as tf

        if kind in NEAR_ONE:
            return [self._moved_near_one(kind, each) for each in inputs]
        coarse = self._contraction_epsilon if kind in CONTRACTIONS else 0.0
        steps = steps_of_decomposition(inputs) if kind in DECOMPOSITIONS else 1.0

        def move(value: Any) -> Any:
            return self._moved(value, np.maximum(steps, _steps_of(kind, value)), least=coarse)

        moved = [tf.nest.map_structure(move, each) for each in inputs]
        return [*moved[:1], *inputs[1:]] if kind == "Pow" else moved  # a negative number has no broken power

    def _moved_near_one(self, kind: str, value: Any) -> Any:
        """Return the argument of a function that adds it to 1, or is defined up to 1, with an error."""
        import tensorflow as tf

        array = to_array(value)
        if not is_inexact(value) or array.dtype.kind == "c":
            return self._moved(value)
        moves = moves_near_one(kind, array, self._size * self._drawn(array))
        self._busy = True
        try:
            return value + tf.constant(moves.astype(array.dtype))
        finally:
            self._busy = False

    def _moved(self, value: Any, steps: Any = 1.0, exact: Any = False, *, least: float = 0.0) -> Any:
        """Return a value with the error of so many steps in each element that is not `exact`, by one more operation.

        `least`: an epsilon that those dtypes have at least which a device may coarsen.
        """
        import tensorflow as tf

        if not is_inexact(value):
            return value
        array = to_array(value)
        coarse = least if array.dtype.name in COARSENED else 0.0
        epsilon = steps * self._size * max(epsilon_of(array) or 0.0, coarse)
        self._busy = True
        try:
            if array.dtype.kind == "c":
                sizes = np.where(exact, 0.0, epsilon * np.abs(array))
                moves = sizes * (self._drawn(array) + 1j * self._drawn(array))
                return value + tf.constant(moves.astype(array.dtype))
            errors = np.where(exact, 0.0, epsilon * self._drawn(array))
            if array.dtype == np.float16:  # it has numbers that are no more than a few of its smallest steps
                is_moved = (array != 0) & np.isfinite(array)
                sizes = np.where(is_moved, np.maximum(np.abs(array), SMALLEST_NORMAL), 0.0)
                return value + tf.constant((sizes * errors).astype(array.dtype))
            return value * tf.constant((1 + errors).astype(array.dtype))
        finally:
            self._busy = False

    def _moved_whole(self, value: Any, epsilon: float) -> Any:
        """Return what a graph has computed, into which nobody sees, with errors of an epsilon of its largest value."""
        import tensorflow as tf

        if not is_inexact(value):
            return value
        array = to_array(value)
        magnitudes = np.abs(array.astype(np.complex128 if array.dtype.kind == "c" else np.float64))
        largest = float(np.max(magnitudes[np.isfinite(magnitudes)], initial=0.0))
        moves = self._size * max(epsilon, epsilon_of(array) or 0.0) * largest * self._drawn(array)
        self._busy = True
        try:
            return value + tf.constant(moves.astype(array.dtype))
        finally:
            self._busy = False

    def _drawn(self, like: NDArray[Any]) -> NDArray[Any]:
        """Return errors between -1 and 1 in the shape of an array."""
        start = int(self._chance.integers(ERRORS_DRAWN))
        errors = self._errors[start : start + min(like.size, ERRORS_DRAWN)]
        return np.resize(errors, like.shape)


def _steps_of(kind: str, value: Any) -> Any:
    return steps_of_function(kind, to_array(value)) if kind in FUNCTIONS and is_inexact(value) else 1.0


def _is_whole(value: Any) -> bool:
    return not is_inexact(value) or is_whole(to_array(value))
