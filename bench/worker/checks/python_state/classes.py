"""What a class is called and holds, without asking its metaclass, which may be the user's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEMBERS, BASES = type.__dict__["__dict__"], type.__dict__["__mro__"]

NAME, QUALIFIED_NAME = type.__dict__["__name__"], type.__dict__["__qualname__"]


def members_of(kind: type) -> Mapping[str, Any]:
    """Return what a class itself defines."""
    return MEMBERS.__get__(kind)  # type: ignore[no-any-return]


def bases_of(kind: type) -> tuple[type, ...]:
    """Return a class and those above it, in the order in which attributes are looked up."""
    return BASES.__get__(kind)  # type: ignore[no-any-return]


def module_of(kind: type) -> str:
    """Return the name of the module that a class was defined in; empty where it is hidden."""
    module = members_of(kind).get("__module__") or type.__getattribute__(kind, "__module__")
    return module if type(module) is str else ""


def name_of(kind: type, *, qualified: bool = False) -> str:
    """Return the name of a class."""
    return str((QUALIFIED_NAME if qualified else NAME).__get__(kind))
