"""Find what of the user's is called: a function, an object's call, a Keras model's method, a graph; or why none is."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ...input_text import VARIADIC, maker_of
from ...plan import KERAS_METHODS, PlanError
from .graph_functions import graph_function, restored_functions
from .keras_methods import KerasMethod, keras_method

STEPS = {
    **dict.fromkeys(("fit", "train_on_batch"), "train_step"),
    **dict.fromkeys(("evaluate", "test_on_batch"), "test_step"),
    "predict_on_batch": "predict_step",
}
"""What stands in place of Keras's loops, which trace functions of their own: one step, in every mode."""

MOST_NAMES = 10
"""So many methods of an object are named."""


@dataclass(frozen=True)
class UserObject:
    """Something of the user's: what it is, what it is called, and the module that it was found in.

    `owner`: what it is an attribute of, if that is no module. `place`: the file or module, as it was named.
    """

    value: Any
    name: str
    module: ModuleType | None = None
    owner: Any = None
    place: str = ""

    def beside(self, name: str) -> Any:
        """Return what is called so in the same module; None if nothing is."""
        return getattr(self.module, name, None)

    @property
    def maker(self) -> str:
        """Return the name of the function that makes its inputs."""
        return maker_of(self.name)

    def named(self, path: str) -> str:
        """Return how something else in its file or module is named on a command line."""
        return f"{self.place}{'::' if self.place.endswith('.py') else ':'}{path}" if self.place else path


Read = Callable[[], UserObject]
"""Reads the user's code afresh: every mode has variables of its own."""


@dataclass(frozen=True)
class Callee:
    """What is called. `described`: the function of the user's that tells its parameters and annotations.

    `signature`: its parameters, null where they cannot be known; those of a function that its decorator hides are in
    `hidden`.
    """

    function: Callable[..., Any]
    described: Any
    signature: inspect.Signature | None
    hidden: inspect.Signature | None = None

    @property
    def required(self) -> list[str]:
        """Return the parameters that must be given."""
        told = self.hidden or self.signature
        parameters = told.parameters.values() if told else ()
        return [each.name for each in parameters if each.default is each.empty and each.kind not in VARIADIC]

    @property
    def is_secretive(self) -> bool:
        """Tell whether it takes any arguments, so that nobody can tell which it needs."""
        return self.hidden is None and _is_open(self.signature)


def callee_of(found: UserObject) -> Callee:
    """Return what is called of something of the user's. Raises PlanError for what cannot be called."""
    _check_callable(found)
    value = found.value
    if method := method_of(found):
        return Callee(method, value, method.signature())
    if graph := graph_function(value):
        return Callee(graph, graph, graph.__signature__)
    function = as_function(value)
    described = _described(value, function)
    signature = _signature(described)
    return Callee(function, described, signature, _hidden(described) if _is_open(signature) else None)


def method_of(found: UserObject) -> KerasMethod | None:
    """Return the method of a Keras model that something is, a `tf.function` among them; None for anything else."""
    import keras

    if method := keras_method(found.value):
        return method
    last = found.name.rpartition(".")[2]
    return KerasMethod(found.owner, last) if isinstance(found.owner, keras.Model) and last in KERAS_METHODS else None


def as_function(value: Any) -> Callable[..., Any]:
    """Return an object by its `__call__`, which may be a `tf.function`; a function as it is."""
    if hasattr(value, "python_function") or hasattr(value, "graph_only"):
        return value  # type: ignore[no-any-return]
    call = value.__call__
    is_own = inspect.ismethod(call) or inspect.isfunction(call) or isinstance(call, functools.partial)
    return call if is_own or hasattr(call, "python_function") else value  # type: ignore[no-any-return]


# --- what cannot be called --------------------------------------------------------------------------------------------


def _check_callable(found: UserObject) -> None:
    """Raise PlanError, with what to do, for classes, their methods, and what is no function at all."""
    value, name = found.value, found.name
    if inspect.isclass(value) and inspect.isabstract(value):
        raise PlanError(f"{name} is an abstract class: name an instance of a class that completes it")
    if inspect.isclass(value):
        made, how = _instance(found, value, name)
        raise PlanError(f"{name} is a class: name an instance of it{how}: {found.named(made)}")
    owner, _, method = name.rpartition(".")
    if inspect.isclass(found.owner) and _is_unbound(found.owner, method):
        made, how = _instance(found, found.owner, owner)
        raise PlanError(
            f"{name} is a method of a class: name that of an instance{how}: {found.named(f'{made}.{method}')}"
        )
    if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
        raise PlanError(f"{name} is a coroutine, which nothing here waits for: name a plain function")
    if inspect.isgeneratorfunction(getattr(value, "python_function", value)):
        raise PlanError(f"{name} is a generator, which computes as it is read: name a function that returns a tensor")
    if step := _step_of_loop(found):
        raise PlanError(f"{name} runs Keras's own loop over data: name one step of it: {found.named(step)}")
    if not callable(value):
        kind = type(value).__name__
        if inspect.ismodule(value):
            raise PlanError(f"{name} is a module: name a function in it, as {value.__name__}:FUNCTION")
        raise PlanError(f"{name} is {_article(kind)}, which cannot be called: {_what_to_name(found)}")


def _what_to_name(found: UserObject) -> str:
    """Return what to name in place of an object that cannot be called: one of its functions, or one to be written."""
    value, name = found.value, found.name
    if restored := restored_functions(value):
        return f"name what can be, {', '.join(restored.values())}, as {found.named(f'{name}.{next(iter(restored))}')}"
    signatures = getattr(value, "signatures", None)
    if isinstance(signatures, Mapping) and signatures:
        chosen = next(iter(signatures))
        return f"write {chosen} = {name}.signatures[{chosen!r}] in the file, and name that: {found.named(chosen)}"
    if entry := _callable_entry(value):
        return f"write chosen = {name}[{entry[0]!r}] in the file, and name that: {found.named('chosen')}"
    methods = [each for each, made in vars(type(value)).items() if not each.startswith("_") and _is_method(made)]
    if methods and type(value).__module__ == getattr(found.module, "__name__", None):
        return f"name a method of it: {', '.join(found.named(f'{name}.{each}') for each in methods[:MOST_NAMES])}"
    return "write a function that uses it, and name that"


def _step_of_loop(found: UserObject) -> str:
    """Return the step that a loop of Keras's own takes, as an attribute of the model; empty for anything else."""
    import keras

    owner, _, method = found.name.rpartition(".")
    is_own = str(getattr(found.value, "__module__", "")).startswith("keras.")
    if method not in STEPS or not isinstance(found.owner, keras.Model) or not is_own:
        return ""
    return f"{owner}.{STEPS[method]}"


def _is_method(made: Any) -> bool:
    """Tell whether a class's attribute is a method, a `tf.function` among them; properties are not run."""
    return inspect.isfunction(made) or isinstance(made, staticmethod | classmethod) or hasattr(made, "python_function")


def _callable_entry(value: Any) -> tuple[Any] | None:
    """Return the first key or index under which a dict, list or tuple holds a function; None if it holds none."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    return next(((key,) for key, each in items if callable(each) and not inspect.isclass(each)), None)


def _instance(found: UserObject, its_class: type, name: str) -> tuple[str, str]:
    """Return the name of an instance of a class in its module, and how to make one where there is none."""
    for each, value in vars(found.module).items() if found.module else ():
        if isinstance(value, its_class):
            return each, ""
    made = its_class.__name__.lower()
    return made, f", made at the top of the file as {made} = {name}({'...' if _needs_arguments(its_class) else ''})"


def _needs_arguments(its_class: type) -> bool:
    """Tell whether an instance cannot be made without arguments, as far as the class tells."""
    signature = _signature(its_class)
    parameters = signature.parameters.values() if signature else ()
    return any(each.default is each.empty and each.kind not in VARIADIC for each in parameters)


def _is_unbound(owner: type, name: str) -> bool:
    """Tell whether a class has this as a method that needs an instance."""
    found = inspect.getattr_static(owner, name, None)
    return hasattr(found, "__get__") and not isinstance(found, staticmethod | classmethod)


def _article(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


# --- its parameters ---------------------------------------------------------------------------------------------------


def _described(value: Any, function: Any) -> Any:
    """Return the function that the user has written: of a Keras layer or model its `call`."""
    import keras

    is_call = getattr(function, "__name__", "") == "__call__"
    layer = getattr(function, "__self__", None) if is_call else value
    return layer.call if isinstance(layer, keras.Layer) else function


def _signature(function: Any) -> inspect.Signature | None:
    """Return a function's parameters; of Keras's own `call`, which passes its keywords on, those that it names."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    if not str(getattr(function, "__module__", "")).startswith("keras."):
        return signature
    named = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    return signature.replace(parameters=named)


def _is_open(signature: inspect.Signature | None) -> bool:
    """Tell whether it says nothing: `*args`, with or without `**kwargs`."""
    parameters = signature.parameters.values() if signature else ()
    kinds = {each.kind for each in parameters}
    return inspect.Parameter.VAR_POSITIONAL in kinds and kinds <= {*VARIADIC}


def _hidden(function: Any) -> inspect.Signature | None:
    """Return the parameters of the one function that a decorator's wrapper calls; None where it is not to be seen.

    A wrapper holds it as a variable of the function around it, or, if it is an object, as an attribute.
    """
    function = getattr(function, "python_function", function)
    owner = function.__self__ if inspect.ismethod(function) else None
    function = inspect.unwrap(getattr(function, "__func__", function))
    enclosed = _functions(_content(cell) for cell in getattr(function, "__closure__", None) or ())
    inner = enclosed or _functions(getattr(owner, "__dict__", {}).values())
    if len(inner) != 1:
        return None
    signature = _signature(inner[0])
    signature = _hidden(inner[0]) if _is_open(signature) else signature
    if signature is None or owner is None or not enclosed:
        return signature
    return signature.replace(parameters=[*signature.parameters.values()][1:])  # without self


def _functions(values: Iterable[Any]) -> list[Any]:
    found = {id(each): each for each in values if callable(each) and not inspect.isclass(each)}
    return [*found.values()]


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty yet
        return None
