"""Read what the user's own Python can reach from a function: the value of each name and attribute, by its path.

The path of a value is what the user writes, `self.stats.count`; before it may stand where that is, and SEPARATOR.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from types import FunctionType, MemberDescriptorType
from typing import Any

from . import kinds
from .attributes import Layouts
from .classes import bases_of, members_of, module_of, name_of
from .code_names import CodeNames, defaults_of, parameters_of
from .kinds import Kinds, container_of, is_module, read_value
from .ownership import Owners, functions_of
from .values import LENGTH, PLAIN, ArrayReader, Plain, elements, plain
from .values import POSITION as AT

SEPARATOR = "\0"

MOST_OBJECTS = 4_000
"""Objects that are opened in one reading, nearest first."""

MOST_ITEMS = 128
"""Items of a container that are read at its beginning, and as many at its end."""

LONGEST_KEY = 40

BRACKETS = str.maketrans("[]", "()")
"""Brackets in keys, which end no path."""

SELF, MODEL, GLOBALS = "self", "model", "globals"

Values = dict[str, Plain]


class Reader:
    """Reads the values that a function of the user's can reach, as often as it is asked to."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.kinds = Kinds(owners)
        self.layouts = Layouts(owners)
        self.names = CodeNames()
        self.is_cut = False
        """Whether there were more objects than may be opened, so that the next reading may find others."""

    def read(self, function: Callable[..., Any], arguments: Sequence[Any]) -> Values:
        """Return every plain value by its path."""
        reading = _Reading(self)
        reading.reach(SELF, function, owned=False)
        for name, value in zip(parameters_of(function, len(arguments)), arguments, strict=True):
            reading.reach(name, value)
        reading.finish()
        self.is_cut |= reading.is_cut
        return reading.values


class _Reading:
    """One reading: what has been found, and what is still to be opened. Objects stay alive, so that no id is reused."""

    def __init__(self, reader: Reader) -> None:
        self.values: Values = {}
        self._owners = reader.owners
        self._kinds = reader.kinds
        self._layouts = reader.layouts
        self._names = reader.names
        self._arrays = ArrayReader()
        self._owned: list[tuple[str, str, Any, bool]] = []
        self._others: list[tuple[str, str, Any, bool]] = []
        self._reached: set[tuple[int, bool]] = set()
        self._written_in: Counter[str] = Counter()
        self._home = ""
        """The module of the first function of the user's; what others' functions name is called by its module, too."""
        self._open: dict[str, Callable[[str, Any, bool], None]] = {
            kinds.SEQUENCE: self._sequence,
            kinds.MAPPING: self._mapping,
            kinds.SET: self._set,
            kinds.WRAPPED: lambda path, value, owned: self.reach(path, value.__wrapped__, owned=owned),
            kinds.STORED: lambda path, value, owned: self.reach(path, value._storage, owned=owned),
            kinds.FUNCTION: self._function,
            kinds.METHOD: self._method,
            kinds.BOUND: self._bound,
            kinds.PARTIAL: self._partial,
            kinds.CACHED: lambda path, value, owned: self.reach(path, value.__wrapped__, owned=owned),
            kinds.REFERENCE: lambda path, value, owned: self.reach(path, value(), owned=owned),
            kinds.TARGET: lambda path, value, owned: self.reach(path, value.target, owned=owned),
            kinds.GENERATOR: self._generator,
            kinds.ITERATOR: self._iterator,
            kinds.CLASS: self._class,
            kinds.INSTANCE: self._instance,
            kinds.FRAMEWORK: self._framework,
            kinds.NAMESPACE: self._namespace,
            kinds.OURS: self._ours,
            kinds.TRACED: self._traced,
            kinds.COMPOSITE: self._composite,
        }

    def reach(self, path: str, value: Any, *, owned: bool = True) -> None:
        """Take the value that a path leads to; what is not `owned` is only looked through for what is the user's."""
        kind = self._kinds.of(type(value))
        if kind in kinds.VALUES:
            if owned:
                self.values[path] = read_value(kind, value, self._arrays)
        elif kind == kinds.POSITION:
            if owned:
                self.values[path] = Plain(AT, value.__length_hint__())
        elif kind and len(self._reached) < MOST_OBJECTS:
            key = id(value), owned or kind in kinds.WHOSE
            if key not in self._reached and (id(value), True) not in self._reached:
                self._reached.add(key)
                (self._owned if owned else self._others).append((kind, path, value, owned))

    @property
    def is_cut(self) -> bool:
        """Tell whether there may be objects that were not opened."""
        return len(self._reached) >= MOST_OBJECTS

    def finish(self) -> None:
        """Open everything that is reached, the user's first and in that order, so that the best path is found first."""
        others = iter(self._others)  # which grow meanwhile, as those of the user's do
        opened = 0
        while True:
            for kind, path, value, owned in islice(self._owned, opened, None):
                opened += 1
                self._open[kind](path, value, owned)
            if (other := next(others, None)) is None:
                return
            kind, path, value, owned = other
            self._open[kind](path, value, owned)

    # --- containers ---------------------------------------------------------------------------------------------------

    def _sequence(self, path: str, value: Any, owned: bool) -> None:
        base = next(each for each in (list, tuple, deque) if issubclass(type(value), each))
        size = base.__len__(value)
        if owned:
            self.values[f"{path}[]"] = Plain(LENGTH, size)
        for place in range(min(size, MOST_ITEMS)):
            self.reach(f"{path}[{place}]", base.__getitem__(value, place), owned=owned)
        for place in range(max(MOST_ITEMS, size - MOST_ITEMS) - size, 0):
            self.reach(f"{path}[{place}]", base.__getitem__(value, place), owned=owned)

    def _mapping(self, path: str, value: Any, owned: bool) -> None:
        size = dict.__len__(value)
        if owned:
            self.values[f"{path}[]"] = Plain(LENGTH, size)
        items = [*islice(dict.items(value), MOST_ITEMS)]
        items += [*islice(reversed(dict.items(value)), min(MOST_ITEMS, size - len(items)))]
        for place, (key, each) in enumerate(items):
            told = repr(key)[:LONGEST_KEY].translate(BRACKETS) if type(key) in PLAIN else f"#{place}"
            self.reach(f"{path}[{told}]", each, owned=owned)

    def _set(self, path: str, value: Any, owned: bool) -> None:
        if owned:
            self.values[f"{path}[]"] = elements(value)

    def _composite(self, path: str, value: Any, owned: bool) -> None:
        import tensorflow as tf

        self._sequence(path, tf.nest.flatten(value, expand_composites=True), owned)

    # --- functions ----------------------------------------------------------------------------------------------------

    def _function(self, path: str, function: FunctionType, owned: bool) -> None:
        module = str(function.__globals__.get("__name__", ""))
        is_users = self._owners.is_users(module)
        within = self._written(f"{module}.{function.__qualname__}") if is_users else ""
        code = function.__code__
        for name, value in [*function.__dict__.items()]:
            self.reach(f"{within}{function.__name__}.{name}", value, owned=is_users and name != "__wrapped__")
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            with suppress(ValueError):  # it is empty yet
                self._enclosed(f"{within}{name}" if is_users else path, cell.cell_contents, is_users)
        if is_users:
            for name, value in defaults_of(function):
                self.reach(f"{within}{name}", value)
            self._globals(module, function)

    def _enclosed(self, path: str, value: Any, is_users: bool) -> None:
        """Take what a function closes over; TensorFlow's wrapper of a method closes over its `tf.function`."""
        if not is_users and self._kinds.of(type(value)) == kinds.TRACED:
            value = value._python_function
        self.reach(path, value, owned=is_users)

    def _globals(self, module: str, function: FunctionType) -> None:
        names = self._names.of(function.__code__)
        known = function.__globals__
        self._home = self._home or module
        begin = "" if module == self._home else f"{module.rpartition('.')[2]}."
        for name in names if GLOBALS not in names else names | dict.fromkeys(known):
            if name in known:
                self._global(f"{module}{SEPARATOR}{begin}{name}", known[name], names)
            elif name in sys.modules:
                self._global(f"{name}{SEPARATOR}{name.rpartition('.')[2]}", sys.modules[name], names)

    def _global(self, path: str, value: Any, names: dict[str, None]) -> None:
        """Take what a name of a module means; of another module of the user's what is named of it."""
        if not is_module(value):
            self.reach(path, value)
        elif self._owners.is_users(value.__name__) and (id(value), True) not in self._reached:
            inside = vars(value)
            for name in filter(inside.__contains__, names):
                if not is_module(inside[name]) or inside[name].__name__.startswith(f"{value.__name__}."):
                    self._global(f"{path}.{name}", inside[name], names)

    def _written(self, where: str) -> str:
        """Return how paths of names in a function begin; the same one again, with other variables, has another."""
        self._written_in[where] += 1
        return f"{where}#{self._written_in[where]}{SEPARATOR}"

    def _method(self, path: str, value: Any, owned: bool) -> None:
        self.reach(path, value.__self__, owned=owned)
        self.reach(path, value.__func__, owned=owned)

    def _traced(self, path: str, value: Any, owned: bool) -> None:
        """Leave out a `tf.function` that eager calls: its Python runs while it is traced, as in any mode."""

    def _bound(self, path: str, value: Any, owned: bool) -> None:
        if not is_module(value.__self__):
            self.reach(path, value.__self__, owned=owned)

    def _partial(self, path: str, value: functools.partial[Any], owned: bool) -> None:
        self.reach(path, value.func, owned=owned)
        given = zip(parameters_of(value.func, len(value.args)), value.args, strict=True)
        for name, each in (*given, *value.keywords.items()):
            self.reach(name, each)

    def _generator(self, path: str, value: Any, owned: bool) -> None:
        frame = value.gi_frame
        if owned:
            is_users = frame is not None and self._owners.is_users(str(frame.f_globals.get("__name__")))
            local = frame.f_locals if is_users else {}
            told = tuple((name, plain(each)) for name, each in local.items() if type(each) in PLAIN)
            self.values[path] = Plain(AT, (frame and frame.f_lasti, told))

    def _iterator(self, path: str, value: Any, owned: bool) -> None:
        for place, each in enumerate(gc.get_referents(value)):
            self.reach(f"{path}[{place}]", each, owned=owned)

    # --- objects ------------------------------------------------------------------------------------------------------

    def _class(self, path: str, value: type, owned: bool) -> None:
        if not self._owners.is_users(module_of(value)):
            return
        for base in bases_of(value):
            if not self._owners.is_users(module_of(base)):
                continue
            within = f"{module_of(base)}.{name_of(base, qualified=True)}{SEPARATOR}"
            for name, member in [*members_of(base).items()]:
                functions = [*functions_of(member)]
                for function in functions:
                    self.reach(SELF, function)
                if not functions and not name.startswith("__") and type(member) is not MemberDescriptorType:
                    self.reach(f"{within}{name_of(base)}.{name}", member)

    def _instance(self, path: str, value: Any, owned: bool) -> None:
        """Open an object of a class of the user's; one that lies in a layer of Keras is called by its class."""
        if not owned and path != SELF:
            name = name_of(type(value))
            path = f"{self._written(f'{module_of(type(value))}.{name}')}{name}"
        self._attributes(path, value)
        if container := container_of(type(value)):
            self._open[container](path, value, True)
        self.reach(path, type(value))

    def _framework(self, path: str, value: Any, owned: bool) -> None:
        self._attributes(MODEL if path == SELF else path, value)

    def _attributes(self, path: str, value: Any) -> None:
        """Take the attributes that an object has of its own; in those of TensorFlow and Keras lie others' objects."""
        layout = self._layouts.of(type(value))
        for name, each in layout.attributes(value):
            if layout.is_users(name):
                self.reach(f"{path}.{layout.as_written(name)}", each)
            elif self._kinds.may_hold(each):
                self.reach(f"{path}.{name.strip('_')}", each, owned=False)

    def _namespace(self, path: str, value: Any, owned: bool) -> None:
        for name, each in self._layouts.of(type(value)).attributes(value):
            self.reach(f"{path}.{name}", each, owned=owned)

    def _ours(self, path: str, value: Any, owned: bool) -> None:
        for _, each in self._layouts.of(type(value)).attributes(value):
            self._enclosed(path, each, is_users=False)
