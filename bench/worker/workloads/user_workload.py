"""A user's own callable as a workload, unedited: what it is called with is found, not asked for, where that can be.

In this order: what the plan says its inputs are; the catalogue's own form (a function of keyword parameters alone);
an `input_signature`; annotations such as `tf.TensorSpec((None, 64), tf.float32)`; a Keras model's own inputs; a
function beside it, `NAME_inputs` or, for what needs arguments, `inputs`, that returns them. What needs none is called
with nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import Any

from ...catalogue import Dim, Workload, describe
from ...plan import DTYPES, PlanError
from ..errors import ERRORS
from .input_specs import InputSpec, dims_of, draw, parse_inputs, specs_in
from .keras_methods import TRAIN_STEP, keras_method
from .mixed_precision import in_mixed_precision_too

FAMILY = "own"

MOST_ARGUMENT_SETS = 1_000
"""Of a generator that may never end."""


@dataclass(frozen=True)
class UserObject:
    """Something of the user's: what it is, what it is called, and the module that it was found in."""

    value: Any
    name: str
    module: ModuleType | None = None

    def beside(self, name: str) -> Any:
        """What is called so in the same module; None if nothing is."""
        return getattr(self.module, name, None)


UNNAMED = "keras_tensor"
"""What Keras calls inputs that nobody has named, with a number that differs from model to model."""

Read = Callable[[], UserObject]
"""Reads the user's code afresh: every mode has variables of its own."""


def adopt(read: Read, inputs: str = "") -> Workload:
    """The workload that the user's code makes. Raises PlanError where nothing says what to call it with."""
    found = read()
    if isinstance(found.value, Workload):
        return found.value
    return in_mixed_precision_too(_adopt(read, found, inputs))


def _adopt(read: Read, found: UserObject, inputs: str) -> Workload:
    if not callable(found.value):
        raise PlanError(f"{found.name} is {_article(type(found.value).__name__)}, which cannot be called")
    if inputs:
        return _of_specs(read, found, parse_inputs(inputs))
    if _is_in_catalogue_form(found.value):
        return describe(found.value, family=FAMILY)
    function = as_function(found.value)
    required = _required(function)
    own_name = f"{found.name.rpartition('.')[2]}_inputs"
    maker_names = (own_name, *(["inputs"] if required else []))
    maker_name = next((name for name in maker_names if callable(found.beside(name))), "")
    method = keras_method(found.value)
    if maker_name == own_name and method and method.method == TRAIN_STEP:
        return _of_maker(read, found, maker_name)  # a model does not know what its loss wants
    if specs := _signature(found.value) or _signature(function) or _annotations(function) or _model_inputs(found.value):
        return _of_specs(read, found, specs_in(specs))
    if maker_name:
        return _of_maker(read, found, maker_name)
    if not required:
        return _of_specs(read, found, ())
    or_write = f", or write a function {own_name}() beside it that returns its arguments" if found.module else ""
    raise PlanError(f"nothing says what to call {found.name} with: give --inputs '{_example(function)}'{or_write}")


# --- where inputs come from ------------------------------------------------------------------------------------------


def _is_in_catalogue_form(function: Any) -> bool:
    """Whether its parameters are dimensions: all of them keywords with defaults, and there is one."""
    if not inspect.isfunction(function):
        return False
    parameters = inspect.signature(function).parameters.values()
    return bool(parameters) and all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)


def _signature(function: Any) -> Any:
    """The `input_signature` of a `tf.function`, or None."""
    return getattr(function, "input_signature", None)


def _annotations(function: Any) -> Any:
    """The specs that every required parameter is annotated with; None unless all are."""
    import tensorflow as tf

    function = getattr(function, "python_function", function)
    try:
        annotations = {**getattr(function, "__annotations__", {}), **inspect.get_annotations(function, eval_str=True)}
    except ERRORS:  # names that exist for a type checker alone, callables without annotations
        return None
    specs = {name: annotations.get(name) for name in _required(function)}
    leaves = tf.nest.flatten(tuple(specs.values()))
    if not specs or not all(isinstance(leaf, tf.TypeSpec) for leaf in leaves):
        return None
    return tuple(_named(spec, name) for name, spec in specs.items())


def _named(spec: Any, name: str) -> Any:
    """A spec that is named like its parameter, unless it has a name of its own."""
    import tensorflow as tf

    if isinstance(spec, tf.TensorSpec) and spec.name is None:
        return tf.TensorSpec(spec.shape, spec.dtype, name)
    return spec


def _model_inputs(value: Any) -> Any:
    """The specs of a Keras model's inputs, for a train step of its outputs too; None for what knows none."""
    import keras

    method = keras_method(value)
    model = method.model if method else value
    if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
        return None
    specs = (_specs_of(getattr(model, "_inputs_struct", model.inputs)),)
    return (*specs, method.target_specs()) if method and method.method == TRAIN_STEP else specs


def _specs_of(tensors: Any) -> Any:
    """The specs of Keras's symbolic tensors, in their structure; of a list of one, its own."""
    import tensorflow as tf

    def spec(tensor: Any) -> Any:
        return tf.TensorSpec(tensor.shape, tensor.dtype, None if tensor.name.startswith(UNNAMED) else tensor.name)

    specs = tf.nest.map_structure(spec, tensors)
    return specs[0] if isinstance(specs, list) and len(specs) == 1 else specs


def _required(function: Any) -> list[str]:
    """The parameters that must be given."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [each.name for each in parameters if each.kind in positional and each.default is each.empty]


def _example(function: Any) -> str:
    return ", ".join(f"{name}=float32[batch=32,64]" for name in _required(function)[:2])


# --- the workloads that they make ------------------------------------------------------------------------------------


def _of_specs(read: Read, found: UserObject, specs: Any) -> Workload:
    """Inputs are drawn at random; sizes that the specs leave open are dimensions."""
    floats = [dtype for dtype in DTYPES if any(spec.dtype == dtype for spec in _leaves(specs))]

    def build(**dims: int) -> Any:
        value = read().value
        arguments = draw(specs, dims)
        if (method := keras_method(value)) and method.method == TRAIN_STEP:
            method.check_targets(*arguments)
        return _to_call(value), [arguments]

    return _workload(found, build, dims_of(_leaves(specs)), tuple(floats[-1:]) or ("float32",))


def _leaves(specs: Any) -> list[InputSpec]:
    import tensorflow as tf

    return [leaf for leaf in tf.nest.flatten(specs) if isinstance(leaf, InputSpec)]


def _of_maker(read: Read, found: UserObject, maker_name: str) -> Workload:
    """Inputs are what the user's function returns; its whole-number parameters are dimensions."""
    described = describe(found.beside(maker_name), family=FAMILY)

    def build(**parameters: Any) -> Any:
        again = read()
        made = again.beside(maker_name)(**parameters)
        return _to_call(again.value), list(_argument_sets(made, maker_name))

    return _workload(found, build, described.dims, described.dtypes, takes_dtype=described.takes_dtype)


def _argument_sets(made: Any, maker_name: str) -> Iterable[tuple[Any, ...]]:
    """A tuple is one call's arguments; a list or a generator of tuples is those of one call after another."""
    import tensorflow as tf

    if type(made) is tuple:
        return (made,)
    if isinstance(made, list) or inspect.isgenerator(made) or isinstance(made, tf.data.Dataset):
        sets = tuple(islice(made, MOST_ARGUMENT_SETS))
        if sets and all(type(each) is tuple for each in sets):
            return sets
        raise PlanError(f"{maker_name} must return a tuple of arguments, or several such tuples")
    return ((made,),)


def _workload(
    found: UserObject,
    build: Callable[..., Any],
    dims: tuple[Dim, ...],
    dtypes: tuple[str, ...],
    *,
    takes_dtype: bool = False,
) -> Workload:
    return Workload(
        name=found.name,
        family=FAMILY,
        help=inspect.getdoc(found.value) or "",
        teaches="",
        dims=dims,
        dtypes=dtypes,
        build=build,
        takes_dtype=takes_dtype,
        unwrapped=hasattr(as_function(found.value), "python_function"),
    )


def _to_call(value: Any) -> Any:
    """What is called of the user's object, untouched: nothing calls or traces it before a mode's own first call."""
    return keras_method(value) or as_function(value)


def as_function(value: Any) -> Callable[..., Any]:
    """An object by its `__call__`, which may be a `tf.function`; a function as it is."""
    if hasattr(value, "python_function") or hasattr(value, "graph_only"):
        return value  # type: ignore[no-any-return]
    call = value.__call__
    return call if inspect.ismethod(call) or hasattr(call, "python_function") else value  # type: ignore[no-any-return]


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
