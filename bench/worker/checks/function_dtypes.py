"""In which dtypes a graph rounds that eager code calls as one operation, by the name of its definition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from .hidden_state import COMPONENTS, UNROUNDED
from .rounding_operations import COARSENED, CONTRACTIONS
from .verify import EPSILONS


def function_epsilon(name: str, contraction_epsilon: float = 0.0) -> float | None:
    """Return the largest epsilon of the dtypes in which a function of graphs rounds, 0 if in none.

    None: there is no such function, as an operation of TensorFlow's own has this name. `contraction_epsilon`: that of
    products of float32 matrices where the device makes them coarser.
    """
    from tensorflow.python.eager import context

    if _is_registered(name) or not context.context().has_function(name):
        return None
    found = {*_dtypes(name, set())}
    names = {COMPONENTS.get(each, each) for _, each in found}
    coarse = contraction_epsilon if any(op in CONTRACTIONS and dtype in COARSENED for op, dtype in found) else 0.0
    return max((coarse, *(EPSILONS[each] for each in names & EPSILONS.keys())))


@cache
def _is_registered(name: str) -> bool:
    from tensorflow.python.framework import op_def_registry

    return op_def_registry.get(name) is not None


def _dtypes(name: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the types of the operations that round, and their dtypes, in a function and in those that it calls."""
    import tensorflow as tf
    from tensorflow.python.eager import context

    if name in seen or not context.context().has_function(name):
        return
    seen.add(name)
    for node in context.context().get_function_def(name).node_def:
        for key, value in node.attr.items():
            for called in _called(value):
                yield from _dtypes(called, seen)
            if node.op not in UNROUNDED and key != "SrcT":
                yield from ((node.op, tf.as_dtype(each).name) for each in (value.type, *value.list.type) if each)


def _called(value: Any) -> Iterator[str]:
    """Yield the names of the functions that an attribute of an operation has."""
    yield from (each.name for each in (value.func, *value.list.func) if each.name)
