"""From a workload's name to the workload: a built-in one, or a function in a file of the user's."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any

from ..catalogue import Workload, describe, find
from ..plan import PlanError


def load_workload(name: str) -> Workload:
    """The workload called `name`, or written in `FILE.py::FUNCTION`, which is read afresh each time.

    Raises PlanError where there is none; whatever the file itself raises passes through.
    """
    path, separator, function = name.partition("::")
    if not separator:
        return find(name)
    path = os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111 - as the shell would name it
    spec = importlib.util.spec_from_file_location("__tfjit_file__", path)
    if spec is None or spec.loader is None or not os.path.isfile(path):  # noqa: PTH113
        raise PlanError(f"there is no Python file {path}")
    module = importlib.util.module_from_spec(spec)
    # As `python FILE.py` would: the file's directory comes first.
    directory = os.path.dirname(path)  # noqa: PTH120
    if sys.path[0] != directory:
        sys.path.insert(0, directory)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Any = getattr(module, function, None)
    if isinstance(found, Workload):
        return found
    if not callable(found):
        raise PlanError(f"{path} has no function {function!r}")
    return describe(found, family="file")
