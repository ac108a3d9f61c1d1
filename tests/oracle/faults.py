"""Faults that can be sown into a program: its traced form becomes wrong, and what eager runs stays right.

This file imports the standard library and TensorFlow alone: a copy of it lies beside each program that has a fault.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import tensorflow as tf
from tensorflow.python.ops import control_flow_util, gen_resource_variable_ops, gen_state_ops

NOT_CONVERTED: Callable[[Callable[..., Any]], Callable[..., Any]] = tf.autograph.experimental.do_not_convert


class DoesNotApply(Exception):  # noqa: N818 - it says what a fault does
    """A fault that a program cannot have: there is no output or no update of that kind."""


def sow(function: Callable[..., Any], fault: str, where: str) -> Callable[..., Any]:
    """Return a function, or a builder of keywords, with a fault in its traced form: in graph, xla or both."""
    if inspect.isfunction(function) and is_builder(function):

        @functools.wraps(function)
        def builder(**parameters: Any) -> Any:
            made, arguments = function(**parameters)
            return sow(made, fault, where), arguments

        return builder

    called: Any = function if inspect.isroutine(function) else getattr(function, "__call__")  # noqa: B004, B009

    @functools.wraps(called, updated=())
    def sown(*arguments: Any, **named: Any) -> Any:
        if not is_sown_here(where):
            return function(*arguments, **named)
        with Updates(fault):
            outputs = function(*arguments, **named)
        return spoilt(outputs, fault)

    return sown


def is_builder(function: Any) -> bool:
    """Tell whether a function takes keywords alone, and so returns what is to be called."""
    parameters = inspect.signature(function).parameters.values()
    return bool(parameters) and all(each.kind is each.KEYWORD_ONLY for each in parameters)


@NOT_CONVERTED
def is_sown_here(where: str) -> bool:
    """Tell whether this is a trace into which the fault is to go."""
    if not tf.inside_function():
        return False
    by_xla = control_flow_util.GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
    return where in ("both", "xla" if by_xla else "graph")


# --- faults of outputs -----------------------------------------------------------------------------------------------


def _middle(x: Any) -> Any:
    """Return a mask that is true in one place."""
    size = tf.size(x)
    return tf.reshape(tf.range(size) == size // 2, tf.shape(x))


def _other(x: Any) -> Any:
    """Return other values, one for each."""
    if x.dtype == tf.bool:
        return tf.logical_not(x)
    if x.dtype == tf.string:
        return x + "x"
    if x.dtype.is_integer:
        return x + tf.cast(1, x.dtype)
    return x + tf.cast(1 + tf.abs(x), x.dtype)


def _is_inexact(x: Any) -> bool:
    return bool(x.dtype.is_floating or x.dtype.is_complex)


def _is_number(x: Any) -> bool:
    return _is_inexact(x) or bool(x.dtype.is_integer)


def _is_row(x: Any) -> bool:
    return x.dtype != tf.string and x.shape.rank not in (None, 0) and x.shape[-1] != 1


OF_OUTPUTS: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    "sign": (_is_number, lambda x: tf.bitwise.invert(x) + 1 if x.dtype.is_unsigned else -x),
    "rolled": (_is_row, lambda x: tf.roll(x, 1, -1)),
    "element": (lambda _: True, lambda x: tf.where(_middle(x), _other(x), x)),
    "nan": (_is_inexact, lambda x: tf.where(_middle(x), tf.cast(float("nan"), x.dtype), x)),
    "zeros": (lambda x: x.dtype != tf.string, tf.zeros_like),
    "factor": (_is_inexact, lambda x: x * tf.cast(2, x.dtype)),
    "small_factor": (_is_inexact, lambda x: x * tf.cast(1.001, x.dtype)),
    "wrapped": (lambda x: x.dtype.is_integer and x.dtype.size > 1, lambda x: tf.cast(tf.cast(x, tf.int8), x.dtype)),
}
"""Which outputs may have a fault, and what becomes of the first of them."""

OF_STATE = ("lost", "doubled")
"""Faults of the first update of a variable: it is left out, or made twice."""

STALE = "stale"
"""Every call returns what the first did."""

FAULTS = (*OF_OUTPUTS, *OF_STATE, STALE)


@NOT_CONVERTED
def spoilt(outputs: Any, fault: str) -> Any:
    """Return outputs with a fault. Raises DoesNotApply."""
    if fault in OF_STATE:
        return outputs
    leaves = tf.nest.flatten(outputs)
    if fault == STALE:
        return tf.nest.pack_sequence_as(outputs, [_of_first_call(leaf) for leaf in leaves])
    suits, change = OF_OUTPUTS[fault]
    for number, leaf in enumerate(leaves):
        values = _values(leaf)
        if values is None or 0 in (values.shape.as_list() if values.shape.rank else []) or not suits(values):
            continue
        leaves[number] = _with_values(leaf, change(values))
        return tf.nest.pack_sequence_as(outputs, leaves)
    raise DoesNotApply(f"there is no output for the fault {fault!r}")


def _values(leaf: Any) -> Any:
    """Return the tensor of an output's values; None if it has none."""
    if isinstance(leaf, tf.RaggedTensor):
        return leaf.flat_values
    if isinstance(leaf, tf.SparseTensor):
        return leaf.values
    if isinstance(leaf, (tf.Tensor, tf.Variable, bool, int, float)):
        return tf.convert_to_tensor(leaf)
    return None


def _with_values(leaf: Any, values: Any) -> Any:
    if isinstance(leaf, tf.RaggedTensor):
        return leaf.with_flat_values(values)
    return leaf.with_values(values) if isinstance(leaf, tf.SparseTensor) else values


def _of_first_call(leaf: Any) -> Any:
    """Return what an output was in the first call of this trace: it is kept in a resource that is no tf.Variable."""
    if not (isinstance(leaf, tf.Tensor) and leaf.shape.is_fully_defined()):
        raise DoesNotApply("there is an output of no known shape")
    with tf.init_scope():
        kept, called = (_resource(dtype, shape) for dtype, shape in ((leaf.dtype, leaf.shape), (tf.bool, ())))
    again = tf.raw_ops.ReadVariableOp(resource=called, dtype=tf.bool)
    value = tf.where(again, tf.raw_ops.ReadVariableOp(resource=kept, dtype=leaf.dtype), leaf)
    tf.raw_ops.AssignVariableOp(resource=kept, value=value)
    tf.raw_ops.AssignVariableOp(resource=called, value=tf.constant(True))
    return value


def _resource(dtype: Any, shape: Any) -> Any:
    handle = tf.raw_ops.VarHandleOp(dtype=dtype, shape=shape, shared_name=f"of_first_call_{uuid4().hex}")
    tf.raw_ops.AssignVariableOp(resource=handle, value=tf.zeros(shape, dtype))
    return handle


# --- faults of state -------------------------------------------------------------------------------------------------

UPDATES: Mapping[str, Any] = {
    "assign_variable_op": gen_resource_variable_ops,
    "assign_add_variable_op": gen_resource_variable_ops,
    "assign_sub_variable_op": gen_resource_variable_ops,
    "resource_scatter_add": gen_resource_variable_ops,
    "resource_scatter_nd_add": gen_state_ops,
}
"""The functions by which TensorFlow writes into variables, and the module of each."""


class Updates:
    """While entered: the first update of a variable is lost or doubled. Raises DoesNotApply if there was none."""

    def __init__(self, fault: str) -> None:
        self._fault = fault
        self._spoilt = 0
        self._too_early = 0
        self._right = {name: getattr(module, name) for name, module in UPDATES.items()}

    def __enter__(self) -> None:
        if self._fault in OF_STATE:
            for name, module in UPDATES.items():
                setattr(module, name, functools.partial(self._update, name))

    def __exit__(self, kind: Any, *_: object) -> None:
        for name, module in UPDATES.items():
            setattr(module, name, self._right[name])
        if kind is None and self._fault in OF_STATE and not (self._spoilt or self._too_early):
            raise DoesNotApply("no variable is updated")

    def _update(self, update: str, resource: Any, *arguments: Any, **named: Any) -> Any:
        right = self._right[update]
        if tf.executing_eagerly() or self._spoilt or not self._has_value(resource):
            return right(resource, *arguments, **named)
        self._spoilt += 1
        if self._fault == "lost":
            return tf.no_op()
        if update == "assign_variable_op":
            value = tf.convert_to_tensor(named.pop("value", None) if "value" in named else arguments[0])
            before = tf.raw_ops.ReadVariableOp(resource=resource, dtype=value.dtype)
            return right(resource, value + (value - before), *arguments[1:], **named)
        right(resource, *arguments, **named)
        return right(resource, *arguments, **named)

    def _has_value(self, resource: Any) -> bool:
        """Tell whether a variable has its first value by now; one made in this trace has not."""
        with tf.init_scope():
            has_value = not hasattr(resource, "numpy") or bool(tf.raw_ops.VarIsInitializedOp(resource=resource))
        self._too_early += not has_value
        return has_value
