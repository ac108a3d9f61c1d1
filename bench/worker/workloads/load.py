"""From a workload's name to the workload: a built-in one, or the user's own code, read afresh."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from types import ModuleType

from ...catalogue import Workload, find
from ...plan import MODELS, PlanError, is_own
from ..errors import ERRORS, describe_failure
from .model_files import read_model
from .user_modules import attribute, read_file, read_module, sources
from .user_object import Read, UserObject
from .user_workload import adopt


class Reading:
    """Reads the user's code of one name, anew each time, so that every mode has objects of its own.

    Some code cannot be read twice in a process: it registers a gradient, or opens a port. `once` then tells why, and
    what was read first is given again; files that have changed since are none of that.
    """

    def __init__(self, name: str) -> None:
        self._read = reader(name)
        self._kept: UserObject | None = None
        self._sources: Mapping[str, tuple[int, int]] = {}
        self.once = ""

    def __call__(self) -> UserObject:
        """Raises what reading raises, the first time."""
        if self._kept is not None and self.once:
            return self._kept
        try:
            found = self._read()
        except (*ERRORS, PlanError) as error:
            if self._kept is None or self._sources != sources():
                raise
            traceback.print_exc()
            self.once = describe_failure(error, "")[1]
            return self._kept
        is_first = self._kept is None and not self._sources
        self._kept = found if is_first and found.module is not None else None  # it may be large
        self._sources = sources()
        return found


def load_workload(name: str, inputs: str = "", *, by_name: bool = False, reading: Reading | None = None) -> Workload:
    """The workload of that name; `inputs`: what the user's own code is to be called with.

    `by_name`: names in `inputs` must be those of parameters. `reading`: what reads it, that of an earlier look perhaps.

    Raises PlanError where there is none; whatever the user's code itself raises passes through.
    """
    return adopt(reading or Reading(name), inputs, by_name=by_name) if is_own(name) else find(name)


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
