"""From a workload's name to the workload: a built-in one, or a function in a file of the user's."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

from ..catalogue import Workload, describe, find
from ..plan import PlanError

MODULE = "__tfjit_file__"


def load_workload(name: str) -> Workload:
    """The workload called `name`, or written in `FILE.py::FUNCTION`, read afresh each time with what it imports.

    Raises PlanError where there is none; whatever the file itself raises passes through.
    """
    path, separator, function = name.partition("::")
    if not separator:
        return find(name)
    path = os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111 - as the shell would name it
    spec = importlib.util.spec_from_file_location(MODULE, path)
    if spec is None or spec.loader is None or not os.path.isfile(path):  # noqa: PTH113
        raise PlanError(f"there is no Python file {path}")
    module = importlib.util.module_from_spec(spec)
    # As `python FILE.py` would: the file's directory comes first.
    _forget_last_file()
    sys.path.insert(0, os.path.dirname(path))  # noqa: PTH120
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    found: Any = getattr(module, function, None)
    if isinstance(found, Workload):
        return found
    if not callable(found):
        raise PlanError(f"{path} has no function {function!r}")
    return describe(found, family="file")


def _forget_last_file() -> None:
    """Undo what loading the last file did to the interpreter: its directory's place, the modules found there."""
    last = sys.modules.pop(MODULE, None)
    if last is None or last.__file__ is None:
        return
    directory = os.path.dirname(last.__file__)  # noqa: PTH120
    if directory in sys.path:
        sys.path.remove(directory)
    for name, module in list(sys.modules.items()):
        if _lies_in(directory, name, module):
            del sys.modules[name]
    importlib.invalidate_caches()


def _lies_in(directory: str, name: str, module: Any) -> bool:
    """Whether `directory` is where the module was found; a virtual environment below it is another place."""
    place = os.path.join(directory, *name.split("."))  # noqa: PTH118
    file = getattr(module, "__file__", None)
    found = [file] if file else list(getattr(module, "__path__", ()))
    return any(str(path) == place or str(path).startswith((f"{place}.", f"{place}/__init__.")) for path in found)
