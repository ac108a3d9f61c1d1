"""Functions of which only graphs are left: signatures and functions of SavedModels, and concrete functions."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from ...input_text import Call
from ...plan import PlanError
from .input_specs import Fixed

NO_PYTHON = "a SavedModel holds graphs: there is no Python left to run eagerly"

OF_A_SAVED_MODEL, OF_A_FUNCTION = "a SavedModel's own graph", "a concrete function"

NO_PYTHON_IN_TRACE = f"{OF_A_FUNCTION} is a graph: there is no Python left to run eagerly"

MOST_TRACES_TOLD = 4


class GraphFunction:
    """A function of which only its graphs are left. By position, it takes first what its trace took so, then the rest.

    `graph_only` says why it has no eager mode, `told` what it is. `owner` is kept for its variables.
    """

    def __init__(
        self, function: Callable[..., Any], traces: list[Any], *, owner: Any, told: str = OF_A_SAVED_MODEL
    ) -> None:
        self.told = told
        self.graph_only = NO_PYTHON if told == OF_A_SAVED_MODEL else NO_PYTHON_IN_TRACE
        self._function = function
        self._traces = traces
        self._owner = owner

    @property
    def __signature__(self) -> inspect.Signature:
        """Return the parameters of its first trace; constants are their defaults."""
        positional, named = self._traces[0].structured_input_signature or ((), {})
        parameters = self._traces[0].function_type.parameters.values()
        given = {**dict(zip([each.name for each in parameters], positional, strict=False)), **named}
        constants = {name: value for name, value in given.items() if _is_constant(value)}
        empty = inspect.Parameter.empty
        return inspect.Signature(
            [
                inspect.Parameter(each.name, each.kind, default=constants.get(each.name, empty))
                for each in sorted(parameters, key=lambda each: each.kind)
            ]
        )

    def inputs(self) -> Call | None:
        """Return the specs of what its only trace takes, with constants as they were; None if it has several traces."""
        if len(self._traces) != 1 or self._traces[0].structured_input_signature is None:
            return None
        positional, named = self._traces[0].structured_input_signature
        return Call(
            tuple(map(_input, positional)),
            tuple((name, _input(value)) for name, value in sorted(named.items())),
        )

    def check_inputs_are_known(self, name: str) -> None:
        """Raise PlanError with the traces where there are several."""
        if len(self._traces) > 1:
            traces = "; ".join(sorted(map(_trace_text, self._traces))[:MOST_TRACES_TOLD])
            raise PlanError(f"{name} holds {len(self._traces)} traces: say by --inputs which to call, one of {traces}")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it as it is."""
        return self._function(*arguments, **named)


class _PartialGraph(GraphFunction):
    """A `functools.partial` of such a function: what it has already is no input any more."""

    def __init__(self, whole: GraphFunction, partial: functools.partial[Any]) -> None:
        super().__init__(partial, whole._traces, owner=whole, told=whole.told)
        self._whole = whole
        self._by_name = frozenset(partial.keywords)
        self._given = {*list(whole.__signature__.parameters)[: len(partial.args)], *partial.keywords}

    @property
    def __signature__(self) -> inspect.Signature:
        """Return the parameters that are left; all behind one that is given by name go by name."""
        parameters = self._whole.__signature__.parameters.values()
        left = [each for each in parameters if each.name not in self._given]
        names = [each.name for each in parameters]
        by_name = next((at for at, name in enumerate(names) if name in self._by_name), len(names))
        keyword = inspect.Parameter.KEYWORD_ONLY
        return inspect.Signature(
            [each.replace(kind=keyword) if names.index(each.name) > by_name else each for each in left]
        )

    def inputs(self) -> Call | None:
        """Return the specs of what is left."""
        whole = self._whole.inputs()
        if whole is None:
            return None
        specs = dict(zip(self._whole.__signature__.parameters, whole.values, strict=False)) | dict(whole.named)
        kept = {name: (each, specs[name]) for name, each in self.__signature__.parameters.items() if name in specs}
        named = {name: spec for name, (each, spec) in kept.items() if each.kind is each.KEYWORD_ONLY}
        return Call(tuple(spec for name, (_, spec) in kept.items() if name not in named), tuple(named.items()))


def graph_function(value: Any) -> GraphFunction | None:
    """Return what a value is as a function of graphs alone; None for what has Python to run."""
    import keras
    import tensorflow as tf

    if isinstance(value, GraphFunction):
        return value
    if isinstance(value, functools.partial):
        whole = graph_function(value.func)
        return _PartialGraph(whole, value) if whole else None
    if isinstance(value, tf.types.experimental.ConcreteFunction):
        return GraphFunction(value, [value], owner=value, told=OF_A_FUNCTION)
    if traces := _traces(value):
        return GraphFunction(value, traces, owner=value)
    if isinstance(value, keras.layers.TFSMLayer):
        endpoint = value.call_endpoint_fn
        return GraphFunction(value, [_Single(each) for each in _traces(endpoint) or [endpoint]], owner=value)
    if traces := _traces(getattr(value, "__call__", None)):  # noqa: B004 - it is looked at
        return GraphFunction(value.__call__, traces, owner=value)
    return None


def restored_functions(loaded: Any) -> dict[str, str]:
    """Return the functions that a loaded SavedModel has, by name: how each is called."""
    names = ["__call__", *sorted(name for name in getattr(loaded, "__dict__", ()) if not name.startswith("_"))]
    found = {name: _traces(getattr(loaded, name, None)) for name in names}
    return {name: f"{name}({', '.join(_names(traces[0]))})" for name, traces in found.items() if traces}


class _Single:
    """A trace of which the tensor inputs are passed by position, as a TFSMLayer does with its endpoint's one."""

    def __init__(self, trace: Any) -> None:
        positional, named = trace.structured_input_signature
        specs = [each for each in (*positional, *named.values()) if not _is_constant(each)]
        self.structured_input_signature: tuple[Any, dict[str, Any]] = (tuple(specs), {})
        self.function_type = inspect.Signature([inspect.Parameter("inputs", inspect.Parameter.POSITIONAL_OR_KEYWORD)])


def _traces(function: Any) -> list[Any]:
    """Return the concrete functions of a function that was restored from a SavedModel; empty for any other."""
    traces = getattr(function, "concrete_functions", None)
    return list(traces) if isinstance(traces, list | tuple) and hasattr(function, "python_function") else []


def _input(value: Any) -> Any:
    """Return a part of a trace's signature with its constants marked as such."""
    import tensorflow as tf

    return tf.nest.map_structure(lambda leaf: Fixed(leaf) if _is_constant(leaf) else leaf, value)


def _is_constant(value: Any) -> bool:
    """Tell whether there is no tensor in a value of a trace's signature."""
    import tensorflow as tf

    return not any(isinstance(leaf, tf.TypeSpec) for leaf in tf.nest.flatten(value))


def _names(trace: Any) -> list[str]:
    """Return the names of a trace's parameters."""
    return list(trace.function_type.parameters)


def _trace_text(trace: Any) -> str:
    """Return what a trace takes, such as `(x=float32[?,3], training=False)`."""
    positional, named = trace.structured_input_signature
    parts = [*zip(_names(trace), positional, strict=False), *sorted(named.items())]
    return f"({', '.join(f'{name}={_leaf_text(value)}' for name, value in parts)})"


def _leaf_text(value: Any) -> str:
    import tensorflow as tf

    if isinstance(value, tf.TensorSpec):
        sizes = [] if value.shape.rank is None else ["?" if size is None else str(size) for size in value.shape]
        return f"{value.dtype.name}[{','.join(sizes)}]"
    return repr(value) if _is_constant(value) else "..."
