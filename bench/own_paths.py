"""Rewrite the paths in names of user code and models, so that they hold from another directory."""

from __future__ import annotations

import os
from pathlib import Path

from .plan import is_own

MODELS = (".keras", ".h5")


def path_in(workload: str) -> str:
    """Return the path in a workload's name: of `sub/steps.py::step`, `sub/steps.py`; empty where there is none."""
    place, separator, _ = workload.partition("::")
    has_path = is_own(workload) and (separator or "/" in place or place.endswith((".py", *MODELS)))
    return place if has_path else ""


def seen_from(directory: Path, workload: str, named_in: Path) -> str:
    """Return the name that means in `directory` what `workload` means in `named_in`: the shortest.

    Absolute paths, those from somebody's home, and names without a path mean the same everywhere.
    """
    place = path_in(workload)
    named_in, directory = (Path(os.path.realpath(each)) for each in (named_in, directory))
    if not place or place.startswith(("/", "~")) or named_in == directory:
        return workload
    absolute = os.path.normpath(named_in / place)
    relative = os.path.relpath(absolute, directory)
    short = min(relative, absolute, key=len) + ("/" if place.endswith("/") else "")
    moved = short + workload.removeprefix(place)
    return moved if path_in(moved) else f"./{moved}"
