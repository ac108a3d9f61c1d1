"""Sort objects by what can be read of them: by their exact type, so that no code of the user's runs."""

from __future__ import annotations

import array
import datetime
import enum
import functools
import itertools
import threading
import types
import uuid
import weakref
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from .classes import bases_of, module_of, name_of
from .ownership import Owners, is_ours
from .values import PLAIN, ArrayReader, Plain, plain, scalar

# What has a value.
VALUE, SCALAR, MEMBER, REPRESENTED, BYTES, ARRAY, TENSOR = (
    "value",
    "scalar",
    "member",
    "represented",
    "bytes",
    "array",
    "tensor",
)
# What holds others.
SEQUENCE, MAPPING, SET, WRAPPED, STORED = "sequence", "mapping", "set", "wrapped", "stored"
FUNCTION, METHOD, BOUND, PARTIAL, REFERENCE, TARGET = "function", "method", "bound", "partial", "reference", "target"
CACHED = "cached"
GENERATOR, POSITION, ITERATOR, CLASS, INSTANCE, NAMESPACE = (
    "generator",
    "position",
    "iterator",
    "class",
    "instance",
    "namespace",
)
COMPOSITE, FRAMEWORK, OURS, TRACED = "composite", "framework", "ours", "traced"

WHOSE = frozenset([FUNCTION, CLASS, INSTANCE, FRAMEWORK, OURS])
"""Kinds that tell themselves whose they are, wherever they lie."""

HOLDERS = frozenset([INSTANCE, FRAMEWORK, PARTIAL])

SKIPPED = ""
"""Nothing can be read of it, or nothing of it is the user's."""

VALUES = frozenset([VALUE, SCALAR, MEMBER, REPRESENTED, BYTES, ARRAY, TENSOR])

ITERABLES: tuple[Iterable[Any], ...] = ([], (), range(0), "", b"", {}, {}.values(), {}.items(), set(), deque())

EXACT: dict[type[Any], str] = {
    **dict.fromkeys(PLAIN, VALUE),
    **dict.fromkeys([list, tuple, deque], SEQUENCE),
    **dict.fromkeys([set, frozenset], SET),
    **dict.fromkeys(
        [datetime.datetime, datetime.date, datetime.time, datetime.timedelta, Decimal, Fraction, range, slice],
        REPRESENTED,
    ),
    **dict.fromkeys([uuid.UUID, itertools.count], REPRESENTED),
    dict: MAPPING,
    bytearray: BYTES,
    array.array: BYTES,
    threading.local: NAMESPACE,
    np.ndarray: ARRAY,
    types.FunctionType: FUNCTION,
    types.MethodType: METHOD,
    types.BuiltinMethodType: BOUND,
    functools.partial: PARTIAL,
    functools._lru_cache_wrapper: CACHED,
    weakref.ref: REFERENCE,
    types.GeneratorType: GENERATOR,
    types.SimpleNamespace: NAMESPACE,
    type: CLASS,
    **dict.fromkeys([type(iter(each)) for each in ITERABLES], POSITION),
    type(reversed([])): POSITION,
    **dict.fromkeys([enumerate, zip, map, filter, itertools.chain, itertools.cycle, itertools.islice], ITERATOR),
}

BY_NAME = {
    "_DictWrapper": WRAPPED,
    "_TupleWrapper": WRAPPED,
    "ListWrapper": STORED,
    "List": STORED,
    "EagerTensor": TENSOR,
    "TfMethodTarget": TARGET,
    "Function": TRACED,
    **dict.fromkeys(["RaggedTensor", "SparseTensor", "IndexedSlices"], COMPOSITE),
}
"""Kinds of TensorFlow's own classes that hold what the user has given them."""

INTERNAL = (
    *("keras.src.backend", "keras.src.constraints.", "keras.src.dtype_policies.", "keras.src.initializers."),
    *("keras.src.layers.input_spec", "keras.src.ops.", "keras.src.random.", "keras.src.regularizers."),
    *("keras.src.saving.", "keras.src.tree.", "keras.src.utils."),
)
"""Keras's own modules with classes in which nothing of the user's lies."""

NAMESPACES = frozenset(["collections", "queue", "argparse", "_queue", "_thread", "types"])
"""Modules of Python's with classes whose attributes hold what the user has given them."""


class Kinds:
    """Tells the kind of an object by its type, which it remembers."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._known: dict[type[Any], str] = dict(EXACT)

    def of(self, kind: type) -> str:
        """Return the kind of a type's objects."""
        if kind not in self._known:
            self._known[kind] = self._find(kind)
        return self._known[kind]

    def may_hold(self, value: Any, depth: int = 2) -> bool:
        """Tell whether what an object of TensorFlow or Keras keeps may lead to one of the user's."""
        kind = self.of(type(value))
        if kind in HOLDERS:
            return True
        if kind == FUNCTION:
            return self._owners.is_users(value.__globals__.get("__name__", ""))
        if kind == METHOD:
            return self.of(type(value.__self__)) == INSTANCE
        if not depth or kind not in (SEQUENCE, MAPPING):
            return False
        items = value if kind == SEQUENCE else dict.values(value)
        return any(self.may_hold(each, depth - 1) for each in islice(items, 2))

    def _find(self, kind: type) -> str:
        module = module_of(kind)
        top = module.partition(".")[0]
        for base, told in ((type, CLASS), (enum.Enum, MEMBER), (np.generic, SCALAR), (np.ndarray, ARRAY)):
            if issubclass(kind, base):
                return told
        if self._owners.is_users(module):
            return INSTANCE
        if is_ours(module):
            return OURS
        if top == "tensorflow":
            return BY_NAME.get(name_of(kind), FRAMEWORK if _is_tf_module(kind) else SKIPPED)
        if container := container_of(kind):
            return container
        if issubclass(kind, PLAIN[:-1]):
            return VALUE
        if module.startswith(INTERNAL):
            return SKIPPED
        if any(module_of(base).startswith("keras.") for base in bases_of(kind)):  # a package's layer, too
            return FRAMEWORK
        return NAMESPACE if module in NAMESPACES else SKIPPED


def read_value(kind: str, value: Any, arrays: ArrayReader) -> Plain:
    """Return what has a value, by its kind."""
    if kind == VALUE:
        return plain(value)
    if kind == SCALAR:
        return scalar(value)
    if kind == ARRAY:
        return arrays.array(value)
    if kind == TENSOR:
        return arrays.tensor(value)
    if kind == BYTES:
        return plain(bytes(value))
    return Plain(kind, id(value) if kind == MEMBER else repr(value))


def container_of(kind: type) -> str:
    """Return the kind of container that a type's objects are, whoever has derived it; empty for others."""
    if issubclass(kind, list | tuple | deque):
        return SEQUENCE
    if issubclass(kind, dict):
        return MAPPING
    return SET if issubclass(kind, set | frozenset) else SKIPPED


def is_module(value: Any) -> bool:
    """Tell whether an object is a module; `isinstance` would ask the object for its class."""
    return issubclass(type(value), types.ModuleType)


def _is_tf_module(kind: type) -> bool:
    import tensorflow as tf

    return issubclass(kind, tf.Module) and not issubclass(kind, tf.Variable)
