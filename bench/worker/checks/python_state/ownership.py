"""Tell whose a module, a class or an attribute is: the user's, or that of Python, TensorFlow, Keras or a package."""

from __future__ import annotations

import dis
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache, cached_property
from types import CodeType, FunctionType
from typing import Any

from .classes import members_of

OURS = __name__.rpartition(".worker.")[0]
"""The name of this project here; the far side has another."""

PACKAGES = ("site-packages", "dist-packages")

NEVER_USERS = frozenset(["tensorflow", "keras", "tf_keras", "numpy", "builtins", "__main__", *sys.stdlib_module_names])

CONVERTED = "__autograph_generated_file"
"""How AutoGraph names a module that it makes of a user's function."""

STORE = dis.opmap["STORE_ATTR"]


class Owners:
    """Tells which modules are the user's: those from outside Python and its packages, and the package of a workload."""

    def __init__(self, workload: str) -> None:
        package = re.match(r"(\w+)[\w.]*:(?!:)", workload)
        self._package = package[1] if package else ""
        self._known: dict[str, bool] = {}

    def is_users(self, module: str) -> bool:
        """Tell whether a module of this name is the user's."""
        if module not in self._known:
            self._known[module] = self._find(module)
        return self._known[module]

    def _find(self, module: str) -> bool:
        top = module.partition(".")[0]
        if top in NEVER_USERS or is_ours(module) or module.startswith(CONVERTED):
            return False
        if top == self._package:
            return True
        file = getattr(sys.modules.get(module), "__file__", None)
        return isinstance(file, str) and not _is_installed(file)


def is_ours(module: str) -> bool:
    """Tell whether a module is one of this project."""
    return module == OURS or module.startswith(f"{OURS}.")


def _is_installed(file: str) -> bool:
    """Tell whether a file is part of Python, or of an installed package."""
    paths = sysconfig.get_paths()
    installed = (paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    places = tuple(f"{os.path.realpath(place)}{os.sep}" for place in installed)
    return any(each in file for each in PACKAGES) or os.path.realpath(file).startswith(places)


def stored_names(code: CodeType) -> Iterator[str]:
    """Yield the names of attributes that code assigns, and those of the functions in it."""
    extended = 0
    for operation, argument in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        argument |= extended
        if operation == STORE and argument < len(code.co_names):
            yield code.co_names[argument]
        extended = argument << 8 if operation == dis.EXTENDED_ARG else 0
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from stored_names(constant)


def functions_of(member: Any) -> Iterator[FunctionType]:
    """Yield the functions behind what stands in a class: methods of each kind, properties, decorated functions."""
    waiting = [member]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is FunctionType:
            yield each
            waiting.append(each.__dict__.get("__wrapped__"))
        elif kind in (staticmethod, classmethod):
            waiting.append(each.__func__)
        elif kind is cached_property:
            waiting.append(each.func)
        elif kind is property:
            waiting += [each.fget, each.fset, each.fdel]


@cache
def attributes_kept_by(kind: type) -> frozenset[str]:
    """Return the attributes that a class of TensorFlow, Keras or a package assigns. Call it with no class of a user."""
    return frozenset(attributes_assigned_in(kind))


def attributes_assigned_in(kind: type) -> Iterator[str]:
    """Yield the attributes that a class assigns in its methods, without those above it."""
    for member in members_of(kind).values():
        for function in functions_of(member):
            yield from stored_names(function.__code__)
