"""Find the files that names of user code and models mean, and rewrite such names for another directory."""

from __future__ import annotations

import os
from pathlib import Path

from ..plan import CODE_FILES, is_own


def path_in(workload: str) -> str:
    """Return the path in a workload's name: of `sub/steps.py::step`, `sub/steps.py`; empty where there is none."""
    place, separator, _ = workload.partition("::")
    has_path = is_own(workload) and (separator or "/" in place or place.endswith(CODE_FILES))
    return place if has_path else ""


def file_of(workload: str) -> str:
    """Return the absolute path that a far side reads from the current directory; empty for a module.

    Like the far side, it takes `..` out of the text first: of `link/../steps.py` it reads `steps.py`, wherever the link
    leads to.
    """
    place, separator, _ = workload.partition("::")
    if not separator and not path_in(workload):
        return ""
    return os.path.abspath(os.path.expanduser(place))  # noqa: PTH100, PTH111 - as the far side does


def module_files(module: str) -> tuple[Path, Path]:
    """Return the files, relative to a directory on the path, that may hold a module."""
    path = Path(*module.split("."))
    return path.parent / f"{path.name}.py", path / "__init__.py"


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
