"""Tell what a mode does not check: assertions that XLA leaves out of a graph, and what eager refuses as invalid."""

from __future__ import annotations

from typing import Any

from .graph_work import BODIES, bodies_of

ASSERTIONS = frozenset(["Assert", "CheckNumerics", "CheckNumericsV2"])
"""Operations of `tf.debugging` and `tf.Assert`. XLA compiles them to nothing."""

COMPILED = "_XlaMustCompile"
"""How TensorFlow marks functions, and calls of functions, that are made with `jit_compile=True`."""


def describe_dropped_assertions(concrete: Any) -> str:
    """Return a sentence, without its full stop, if the ConcreteFunction has assertions that XLA leaves out."""
    definition = concrete.function_def
    count = _dropped(concrete.graph, compiled=COMPILED in definition.attr and definition.attr[COMPILED].b)
    if count == 0:
        return ""
    assertions = "an assertion" if count == 1 else f"{count} assertions"
    return f"XLA leaves out {assertions} (`tf.debugging`): what eager and graph refuse, it computes without a word"


def describe_unchecked(mode: str, refusal: BaseException | None) -> str:
    """Return a sentence, without its full stop, if eager refuses as invalid what a mode computes.

    XLA takes an index beyond the end for the last one, and the inverse of a matrix that has none for NaN.
    """
    import tensorflow as tf

    if not isinstance(refusal, tf.errors.InvalidArgumentError):
        return ""
    name = "XLA" if mode == "xla" else mode.capitalize()
    return f"{name} does not check what eager refuses as invalid, and computes something without a word"


def _dropped(graph: Any, *, compiled: bool) -> int:
    """Return how many assertions a graph has in what XLA compiles, those of the graphs that it runs among them."""
    count = 0
    for operation in graph.get_operations():
        count += compiled and operation.type in ASSERTIONS
        if operation.type in BODIES:
            node = operation.node_def.attr
            inside = compiled or (COMPILED in node and node[COMPILED].b)
            count += sum(_dropped(body, compiled=inside) for body in bodies_of(operation) or ())
    return count
