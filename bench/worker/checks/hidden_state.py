"""What a graph draws and keeps beside its arguments and variables, which decides what can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .graph_work import BODIES, bodies_of
from .rounding_operations import COARSENED, CONTRACTIONS, EXACT
from .verify import EPSILONS

STATELESS = (
    "Stateless",
    "RngReadAndSkip",
    "StatefulRandom",
    "StatefulStandard",
    "StatefulUniform",
    "StatefulTruncated",
)
"""Beginnings of operations that draw random numbers from a seed or a state that they are given."""

CALLS = frozenset(["StatelessIf", "StatelessWhile", "StatelessCase"])
"""Operations that begin like those, and draw nothing themselves."""

TOSSING = ("Multinomial", "ParameterizedTruncatedNormal", "Random", "TruncatedNormal")
"""Beginnings of operations that draw random numbers from TensorFlow's own generators."""

DRAWING = ("EagerPyFunc", "PyFunc", *TOSSING)
"""Beginnings of operations that draw random numbers from TensorFlow's own generators, or run Python."""

PYTHON = "Python"

ELSEWHERE = {
    "Barrier": "a barrier",
    "EagerPyFunc": f"{PYTHON} (tf.py_function)",
    "Iterator": "an iterator",
    "LookupTableImport": "a lookup table",
    "LookupTableInsert": "a lookup table",
    "LookupTableRemove": "a lookup table",
    "MutableHashTable": "a lookup table",
    "PyFunc": f"{PYTHON} (tf.numpy_function)",
    "Queue": "a queue",
    "Stack": "a stack",
    "Write": "files",
}
"""Where operations that begin so keep things, or take them from, that is no variable."""

UNROUNDED = EXACT | BODIES.keys() | {"Placeholder"}
"""Operations that round nothing themselves."""

COMPONENTS = {"complex64": "float32", "complex128": "float64"}
"""In which dtype complex numbers are rounded."""


def drawing_outputs(concrete: Any) -> set[int] | None:
    """Return which outputs depend on random numbers that are drawn from a given seed; None: variables may, too.

    An empty set: nothing is drawn so.
    """
    return _depending(concrete, _draws)


def tossing_outputs(concrete: Any) -> set[int] | None:
    """Return which outputs depend on TensorFlow's own generators of random numbers, as `drawing_outputs` does.

    Two calls may draw the same by chance, as where a coin is tossed.
    """
    return _depending(concrete, lambda operation: operation.type.startswith(TOSSING))


def _depending(concrete: Any, is_source: Callable[[Any], bool]) -> set[int] | None:
    graph = concrete.graph
    drawing = {operation for operation in graph.get_operations() if any(map(is_source, _with_bodies(operation)))}
    if not drawing:
        return set()
    reached = _reached(drawing)
    if any(operation in reached for operation in graph.control_outputs):
        return None
    return {place for place, output in enumerate(graph.outputs) if output.op in reached}


def keeps_state_elsewhere(concrete: Any) -> bool:
    """Tell whether a graph leaves anything behind that is neither output nor variable."""
    return next(_places_elsewhere(concrete), None) is not None


def places_elsewhere(concrete: Any) -> list[str]:
    """Return where a graph keeps what is neither output nor variable: `a lookup table`, `an iterator`."""
    return list(dict.fromkeys(_places_elsewhere(concrete)))


def _places_elsewhere(concrete: Any) -> Iterator[str]:
    beginnings = tuple(ELSEWHERE)
    for operation in concrete.graph.get_operations():
        for each in _with_bodies(operation):
            if each.type.startswith(beginnings):
                yield next(place for begin, place in ELSEWHERE.items() if each.type.startswith(begin))


def draws_numbers(concrete: Any) -> bool:
    """Tell whether a graph draws random numbers, or has Python compute, which may."""
    return any(
        each.type.startswith(DRAWING) or _draws(each)
        for operation in concrete.graph.get_operations()
        for each in _with_bodies(operation)
    )


def narrowest_epsilon(concrete: Any, output: int | None = None, contraction_epsilon: float = 0.0) -> float:
    """Return the largest epsilon of the dtypes in which a graph rounds on the path to an output; 0 if in none.

    The path goes through what must have run before, and through functions as a whole. None: anywhere in the graph.
    `contraction_epsilon`: that of products of float32 matrices where the device makes them coarser.
    """
    graph = concrete.graph
    is_known = output is not None and output < len(graph.outputs)
    operations = _leading_to(graph.outputs[output].op) if is_known else graph.get_operations()
    found = {
        (each.type, result.dtype.name)
        for operation in operations
        for each in _with_bodies(operation)
        if each.type not in UNROUNDED
        for result in each.outputs
    }
    names = {COMPONENTS.get(name, name) for _, name in found}
    coarse = contraction_epsilon if any(kind in CONTRACTIONS and name in COARSENED for kind, name in found) else 0.0
    return max((coarse, *(EPSILONS[name] for name in names & EPSILONS.keys())))


def _draws(operation: Any) -> bool:
    return operation.type.startswith(STATELESS) and operation.type not in CALLS


def _with_bodies(operation: Any) -> Iterator[Any]:
    """Yield an operation and those of the functions that it calls, branches and loops among them."""
    yield operation
    for body in (bodies_of(operation) or ()) if operation.type in BODIES else ():
        for inside in body.get_operations():
            yield from _with_bodies(inside)


def _reached(operations: set[Any]) -> set[Any]:
    """Return the operations that use, directly or not, what these compute."""
    reached: set[Any] = set()
    waiting = [*operations]
    while waiting:
        operation = waiting.pop()
        if operation not in reached:
            reached.add(operation)
            waiting += [consumer for output in operation.outputs for consumer in output.consumers()]
    return reached


def _leading_to(output: Any) -> set[Any]:
    """Return the operation of an output and those that its value comes from, by way of variables too.

    The output itself waits for everything that the graph must do.
    """
    found = {output}
    waiting = [tensor.op for tensor in output.inputs]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += [*(tensor.op for tensor in each.inputs), *each.control_inputs]
    return found
