"""The calls that a user's callable is to be given: by position wherever that can be, each as a tuple of arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from ...input_text import Call, Input, bind
from ...plan import PlanError
from .keras_methods import KerasMethod, converted
from .user_object import Callee

MOST_ARGUMENT_SETS = 1_000
"""Of a generator that may never end."""

TOLD = ("input_signature", "_jit_compile", "_reduce_retracing", "graph_only", "told")
"""What modes read of a `tf.function`, or of a function of graphs alone."""


def made_calls(made: Any, maker: str, callee: Callee) -> tuple[Call, ...]:
    """Return the calls that a maker has returned. Raises PlanError.

    A tuple is one call's arguments, and so is a dict whose keys are the callable's parameters; a list, a generator or a
    dataset of such is those of one call after another. Anything else is the only argument.
    """
    import tensorflow as tf

    if made is None:
        raise PlanError(f"{maker} returns nothing: return a tuple of arguments, or (None,) to pass None")
    if inspect.iscoroutine(made) or inspect.isasyncgen(made):
        if inspect.iscoroutine(made):
            made.close()
        raise PlanError(f"{maker} is a coroutine, which nothing here waits for: write a plain function")
    if type(made) is tuple:
        return (_call(made, callee),)
    if type(made) is dict and (call := _by_names(made, callee)):
        return (call,)
    if isinstance(made, list) or inspect.isgenerator(made) or isinstance(made, tf.data.Dataset):
        sets = tuple(islice(made, MOST_ARGUMENT_SETS))
        if isinstance(callee.function, KerasMethod):  # each is what `fit` takes from a dataset
            sets = tuple(each if type(each) is tuple else (each,) for each in sets)
        if sets and all(type(each) is tuple for each in sets):
            return tuple(_call(each, callee) for each in sets)
        if sets and all(type(each) is dict for each in sets):
            calls = [call for each in sets if (call := _by_names(each, callee))]
            if len(calls) == len(sets) and len({(len(call.positional), call.names) for call in calls}) == 1:
                return tuple(calls)
        raise PlanError(f"{maker} must return a tuple of arguments, or several such tuples: {_advice(made, sets)}")
    return (_call((made,), callee),)


def _call(arguments: tuple[Any, ...], callee: Callee) -> Call:
    return Call(converted(arguments) if isinstance(callee.function, KerasMethod) else arguments)


def check_fits(arguments: tuple[Any, ...], maker: str, callee: Callee) -> None:
    """Raise PlanError where a function certainly does not take as many arguments by position as a maker returned."""
    function = getattr(callee.function, "python_function", callee.function)
    plain = inspect.isfunction(function) or inspect.ismethod(function)
    if not plain or hasattr(function, "__wrapped__") or callee.signature is None or function is not callee.described:
        return
    try:
        callee.signature.bind(*arguments)
    except TypeError as error:
        count = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        name = getattr(function, "__name__", "the function")
        raise PlanError(f"{maker} gives {count}, but it is {name}{callee.signature}: {error}") from None


def _by_names(made: dict[Any, Any], callee: Callee) -> Call | None:
    """Return a dict as keyword arguments; None where its keys are not those of a call."""
    names = tuple(made)
    if not names or not all(isinstance(name, str) for name in names):
        return None
    function = callee.function
    signature = function.signature(names) if isinstance(function, KerasMethod) else callee.hidden or callee.signature
    if signature is None or callee.is_secretive:
        return None
    try:
        signature.bind(**made)
    except TypeError:
        return None
    if callee.hidden:
        return Call((), tuple(made.items()))
    call = bind([Input(name, value) for name, value in made.items()], signature, "")
    return Call(_call(call.positional, callee).positional, call.named)


def _advice(made: Any, sets: tuple[Any, ...]) -> str:
    """Return what to write in place of what a maker has returned."""
    import tensorflow as tf

    if not sets:
        return "what it returns is empty"
    kind = next("tensor" if tf.is_tensor(each) else type(each).__name__ for each in sets if type(each) is not tuple)
    if isinstance(made, list):
        return f"its list holds a {kind}: write (value,) for each call, or return (values,) to pass the list itself"
    if inspect.isgenerator(made):
        return f"it yields a {kind}: write yield (value,)"
    return (
        f"its dataset holds a {kind}: write dataset.map(lambda row: (row,)), or return (dataset,) to pass the dataset "
        "itself"
    )


# --- keywords ---------------------------------------------------------------------------------------------------------


def by_keyword(function: Any, names: tuple[str, ...]) -> Any:
    """Return a function that takes its last arguments by position, too, where the given one takes them by `names`."""
    if not names or isinstance(function, KerasMethod):
        return function
    if hasattr(function, "python_function") or hasattr(function, "graph_only"):
        return _Traced(function, names)
    return _plain(function, names)


def _plain(function: Callable[..., Any], names: tuple[str, ...]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        count = len(arguments) - len(names)
        return function(*arguments[:count], **dict(zip(names, arguments[count:])))  # noqa: B905 - AutoGraph's has no strict

    call.__name__ = getattr(function, "__name__", call.__name__)
    if signature := _positional(function, names):
        call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def _positional(function: Callable[..., Any], names: Iterable[str]) -> inspect.Signature | None:
    """Return the signature with the named parameters by position, behind the others; None where it is not known."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = [each.name for each in parameters.values() if each.default is each.empty and each.name not in names]
    if any(parameters[name].kind is inspect.Parameter.VAR_POSITIONAL for name in first):
        return None
    first = [name for name in first if parameters[name].kind is not inspect.Parameter.VAR_KEYWORD]
    return inspect.Signature([inspect.Parameter(name, kind) for name in (*first, *names)])


class _Traced:
    """A `tf.function`, or a graph, whose last arguments go by name; it is to other modes what the function is."""

    def __init__(self, function: Any, names: tuple[str, ...]) -> None:
        self._function = function
        self._names = names
        for told in TOLD:
            if hasattr(function, told):
                setattr(self, told, getattr(function, told))
        if hasattr(function, "graph_only") and (signature := _positional(function, names)):
            self.__signature__ = signature  # XLA's errors name arguments by it
        if hasattr(function, "python_function"):
            self.python_function = _plain(function.python_function, names)
            self.get_concrete_function = _plain(function.get_concrete_function, names)
            self.experimental_get_tracing_count = function.experimental_get_tracing_count

    def __call__(self, *arguments: Any) -> Any:
        """Call it with the last arguments by name."""
        count = len(arguments) - len(self._names)
        return self._function(*arguments[:count], **dict(zip(self._names, arguments[count:], strict=True)))
