"""Where the arguments of a user's callable come from, in this order:

1. `--inputs`;
2. a function beside it that is named for it, `NAME_inputs`;
3. an `input_signature`, a trace, or annotations such as `tf.TensorSpec((None, 64), tf.float32)`;
4. a function `inputs` beside it, for what needs arguments;
5. a Keras model's own inputs (for a step with targets, before 4: `inputs` may have none).

What needs none is called with nothing.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from ...input_text import Call, bind, parse_inputs
from ...plan import PlanError
from ...suggest import instead_of
from ..errors import ERRORS
from .graph_functions import GraphFunction
from .input_specs import UndrawableError, specs_in
from .keras_methods import KerasMethod
from .user_object import Callee, UserObject

FOR_ALL = "inputs"
"""The function that makes the inputs of everything in its file."""

UNNAMED = "keras_tensor"
"""What Keras calls inputs that nobody has named, with a number that differs from model to model."""


@dataclass(frozen=True)
class Drawn:
    """Arguments are drawn at random, as the call's specs say."""

    call: Call


@dataclass(frozen=True)
class Made:
    """Arguments are what the user's function of this name returns."""

    maker: str


def source_of(found: UserObject, callee: Callee, inputs: str, *, by_name: bool) -> Drawn | Made:
    """Return where the arguments come from. Raises PlanError where nothing says what they are.

    `by_name`: names in `inputs` must be those of parameters.
    """
    if inputs:
        return Drawn(_said(found, callee, inputs, by_name=by_name))
    if callable(found.beside(found.maker)):
        return Made(found.maker)
    if _is_data(data := found.beside(found.maker)):
        kind = type(data).__name__
        raise PlanError(f"{found.maker} is a {kind}, not a function: write a function {found.maker}() that returns it")
    why: UndrawableError | None = None
    if said := _of_signature(callee) or _of_annotations(callee):
        try:
            return Drawn(specs_in(said, found.maker))
        except UndrawableError as error:
            why = error
    own = _of_model(callee.function) or _of_model(found.value)
    needs = bool(why or callee.required or callee.is_secretive)
    has_maker = needs and callable(found.beside(FOR_ALL)) and found.beside(FOR_ALL) is not found.value
    if has_maker and not (own and isinstance(callee.function, KerasMethod) and callee.function.takes_targets):
        return Made(FOR_ALL)
    if own:
        return Drawn(specs_in(own, found.maker))
    if why:
        raise why
    if isinstance(callee.function, GraphFunction):
        callee.function.check_inputs_are_known(found.name)
    if not needs:
        return Drawn(Call())
    raise PlanError(_what_to_say(found, callee))


def _is_data(value: Any) -> bool:
    """Tell whether a value is tensors or arrays, in whatever structure: arguments that no function returns."""
    import numpy as np
    import tensorflow as tf

    leaves = tf.nest.flatten(value)
    return bool(leaves) and all(isinstance(leaf, tf.Tensor | np.ndarray) for leaf in leaves)


def _said(found: UserObject, callee: Callee, inputs: str, *, by_name: bool) -> Call:
    """Return the call that `--inputs` describes."""
    parsed = parse_inputs(inputs, found.maker)
    if call := _of_model_inputs(found.value, {each.name: each.value for each in parsed}):
        return call
    function, signature = callee.function, callee.signature
    if isinstance(function, KerasMethod):
        signature = function.signature(tuple(each.name for each in parsed))
    elif by_name:
        _check_model_inputs(found, [each.name for each in parsed], signature)
    return bind(parsed, signature, found.name, by_order=not by_name)


def _check_model_inputs(found: UserObject, given: list[str], signature: inspect.Signature | None) -> None:
    """Raise PlanError for a name that is neither an input of a Keras model, nor a parameter, with those that it has."""
    import keras
    import tensorflow as tf

    if not isinstance(found.value, keras.Model) or not getattr(found.value, "inputs", None) or signature is None:
        return
    structure = getattr(found.value, "_inputs_struct", found.value.inputs)
    names = [each.name for each in tf.nest.flatten(structure) if not each.name.startswith(UNNAMED)]
    for name in given:
        if name and names and name not in (*names, *signature.parameters):
            others = f"it has {', '.join(names)}"
            raise PlanError(f"inputs: {found.name} has no input {name!r}: {instead_of(name, names, others)}")


def _of_model_inputs(value: Any, given: dict[str, Any]) -> Call | None:
    """Return a call of a Keras model whose own inputs have all been given by their names; None for any other."""
    import keras
    import tensorflow as tf

    if not isinstance(value, keras.Model) or not getattr(value, "inputs", None):
        return None
    structure = getattr(value, "_inputs_struct", value.inputs)
    names = [each.name for each in tf.nest.flatten(structure)]
    if set(names) != set(given):
        return None
    packed = tf.nest.pack_sequence_as(structure, [given[name] for name in names])
    return Call((packed[0] if isinstance(packed, list) and len(packed) == 1 else packed,))


def _of_signature(callee: Callee) -> Call | None:
    """Return what an `input_signature` or the only trace says; None without one."""
    if isinstance(callee.function, GraphFunction):
        return callee.function.inputs()
    for function in (callee.function, callee.described):
        if signature := getattr(function, "input_signature", None):
            return Call(tuple(signature))
    return None


def _of_annotations(callee: Callee) -> Call | None:
    """Return the specs that every required parameter is annotated with; None unless all are."""
    import tensorflow as tf

    function = getattr(callee.described, "python_function", callee.described)
    try:
        annotations = {**getattr(function, "__annotations__", {}), **inspect.get_annotations(function, eval_str=True)}
    except ERRORS:  # names that exist for a type checker alone, callables without annotations
        return None
    specs = {name: annotations.get(name) for name in callee.required}
    leaves = tf.nest.flatten(tuple(specs.values()))
    if callee.hidden or not specs or not all(isinstance(leaf, tf.TypeSpec) for leaf in leaves):
        return None
    parameters = callee.signature.parameters if callee.signature else {}
    named = {name: _named(spec, name) for name, spec in specs.items()}
    by_name = [name for name in named if parameters[name].kind is inspect.Parameter.KEYWORD_ONLY]
    return Call(
        tuple(spec for name, spec in named.items() if name not in by_name),
        tuple((name, named[name]) for name in by_name),
    )


def _named(spec: Any, name: str) -> Any:
    """Return a spec that is named like its parameter, unless it has a name of its own."""
    import tensorflow as tf

    if isinstance(spec, tf.TensorSpec) and spec.name is None:
        return tf.TensorSpec(spec.shape, spec.dtype, name)
    return spec


def _of_model(value: Any) -> Call | None:
    """Return the specs of a Keras model's inputs, with targets for a step that takes them; None for all else."""
    import keras

    model = value.model if isinstance(value, KerasMethod) else value
    if not isinstance(model, keras.Model) or not getattr(model, "inputs", None):
        return None
    specs = _specs_of(getattr(model, "_inputs_struct", model.inputs))
    has_targets = isinstance(value, KerasMethod) and value.takes_targets
    return Call((specs, value.target_specs()) if has_targets else (specs,))


def _specs_of(tensors: Any) -> Any:
    """Return the specs of Keras's symbolic tensors, in their structure; of a list of one, its own."""
    import tensorflow as tf

    def spec(tensor: Any) -> Any:
        return tf.TensorSpec(tensor.shape, tensor.dtype, None if tensor.name.startswith(UNNAMED) else tensor.name)

    specs = tf.nest.map_structure(spec, tensors)
    return specs[0] if isinstance(specs, list) and len(specs) == 1 else specs


def _what_to_say(found: UserObject, callee: Callee) -> str:
    """Return what a callable needs, and the ways to say it."""
    required = callee.required
    kinds = {each.kind for each in callee.signature.parameters.values()} if callee.signature else set()
    can_name = not callee.hidden or inspect.Parameter.VAR_KEYWORD in kinds
    example = ", ".join(f"{f'{name}=' if can_name else ''}float32[batch=32,64]" for name in required)
    needs = f"nothing says what to call {found.name} with"
    if required:
        by_name = {
            each.name
            for each in (callee.signature.parameters.values() if callee.signature else ())
            if each.kind is each.KEYWORD_ONLY
        }
        kind = "" if by_name & {*required} else "positional "
        count = f"{len(required)} required {kind}argument{'s' if len(required) > 1 else ''}"
        needs += f" (missing {count}: {', '.join(map(repr, required))})"
    else:
        needs += ", which takes *args"
    write = f", or write a function {found.maker}() beside it that returns its arguments" if found.module else ""
    return f"{needs}: give --inputs '{example or 'float32[batch=32,64]'}'{write}"
