"""The attributes that lie in an object, read without asking it, and whose each is."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from .classes import bases_of, members_of, module_of, name_of
from .ownership import Owners, attributes_assigned_in, attributes_kept_by

DICTIONARY = "__dict__"


class Layout:
    """Where the objects of a class keep their attributes, and which of these TensorFlow, Keras or a package keeps."""

    def __init__(self, kind: type, owners: Owners) -> None:
        self._kind = kind
        self._by_framework: set[str] = set()
        self._by_user: set[str] = set()
        self._whose: dict[str, bool] = {}
        for each in bases_of(kind)[:-1]:
            module = module_of(each)
            if owners.is_users(module):
                self._by_user.update(attributes_assigned_in(each))
            elif module.partition(".")[0] not in sys.stdlib_module_names:
                self._by_framework |= attributes_kept_by(each)
        self._slots = {
            name: member
            for each in bases_of(kind)
            for name, member in members_of(each).items()
            if type(member) is MemberDescriptorType and not name.startswith("__")
        }
        dictionaries = (members_of(each).get(DICTIONARY) for each in bases_of(kind))
        places = (each for each in dictionaries if type(each) in (GetSetDescriptorType, MemberDescriptorType))
        self._dictionary: Any = next(places, None)

    def attributes(self, value: Any) -> Iterator[tuple[str, Any]]:
        """Yield the names and values of an object's own attributes."""
        if self._dictionary is not None:
            yield from [*self._dictionary.__get__(value).items()]
        elif self._kind is threading.local:
            yield from [*value.__dict__.items()]
        for name, member in self._slots.items():
            with suppress(AttributeError):  # it has no value yet
                yield name, member.__get__(value)

    def is_users(self, name: str) -> bool:
        """Tell whether the user's code keeps an attribute."""
        known = self._whose.get(name)
        if known is None:
            is_frameworks = name in self._by_framework or (bool(self._by_framework) and name.startswith("_"))
            known = self._whose[name] = name in self._by_user or not is_frameworks
        return known

    def as_written(self, name: str) -> str:
        """Return a private attribute as it stands in the class that keeps it."""
        for each in bases_of(self._kind):
            begin = f"_{name_of(each).lstrip('_')}__"
            if name.startswith(begin):
                return f"__{name.removeprefix(begin)}"
        return name


class Layouts:
    """The layouts of classes, which it remembers."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._known: dict[type, Layout] = {}

    def of(self, kind: type) -> Layout:
        """Return the layout of a class."""
        if kind not in self._known:
            self._known[kind] = Layout(kind, self._owners)
        return self._known[kind]
