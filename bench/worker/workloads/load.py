"""From a workload's name to the workload: a built-in one, or the user's own code, read afresh."""

from __future__ import annotations

from types import ModuleType

from ...catalogue import Workload, find
from ...plan import MODELS, PlanError, is_own
from .model_files import read_model
from .user_modules import attribute, read_file, read_module
from .user_object import Read, UserObject
from .user_workload import adopt


def load_workload(name: str, inputs: str = "", *, by_name: bool = False) -> Workload:
    """The workload of that name; `inputs`: what the user's own code is to be called with.

    `by_name`: names in `inputs` must be those of parameters.

    Raises PlanError where there is none; whatever the user's code itself raises passes through.
    """
    return adopt(reader(name), inputs, by_name=by_name) if is_own(name) else find(name)


def reader(name: str) -> Read:
    """How to read what the name says. Raises PlanError for a name that says too little."""
    place, separator, path = name.partition("::")
    if place.endswith(".py"):
        if not path:
            raise PlanError(f"{place} is a file: name a function in it, as {place}::FUNCTION")
        return lambda: _found(place, read_file(place), path)
    if separator or "/" in place or place.endswith(MODELS):
        return lambda: read_model(place, path)
    module, _, path = place.partition(":")
    if not module or not path:
        raise PlanError(f"{name} is no function: name one as MODULE:FUNCTION")
    return lambda: _found(module, read_module(module), path)


def _found(place: str, module: ModuleType, path: str) -> UserObject:
    value, owner = attribute(module, path, place)
    return UserObject(value, path, module, owner, place)
