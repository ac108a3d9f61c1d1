"""Read a plan from a file, a pipe or stdin. A plan is recognised by its content, not by its name."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import WORKLOADS
from ..catalogue.installed import installed
from ..files.descriptors import STDIN_FD
from ..files.targets import descriptor_of, reason
from ..plan import CODE_FILES, PlanError
from ..suggest import did_you_mean, nearest_files

STDIN = Path(f"/dev/fd/{STDIN_FD}")

SUFFIX = ".toml"

BINARY_STARTS = (b"PK\x03\x04", b"\x89HDF")
"""First bytes of a Keras model: a ZIP archive, or HDF5."""

MOST_BYTES = 4 << 20
"""Limit of a plan's file: some devices never end."""


class PlanFileError(PlanError):
    """A plan's file that cannot be used: file, key and reason in one line."""


@dataclass(frozen=True)
class PlanText:
    """The text of a plan's file. `directory`: the base of its relative paths; None for the current one."""

    text: str
    directory: Path | None


def plan_path(word: str) -> Path | None:
    """Return the plan's file that a WORKLOAD argument names; None if it names a workload."""
    if word == "-":
        return STDIN
    if word in WORKLOADS or word in installed():
        return None
    path = Path(word)
    if word.endswith(SUFFIX) or descriptor_of(path) is not None:
        return path
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(mode) or word.endswith(CODE_FILES):
        return None
    return None if stat.S_ISREG(mode) and _is_binary(path) else path


def read_plan_text(path: Path) -> PlanText:
    """Read a plan's file. Paths in a plan from a pipe are relative to the current directory. Raises PlanFileError."""
    called = "stdin" if path == STDIN else str(path)
    number = descriptor_of(path)
    try:
        with open(path if number is None else number, "rb", closefd=number is None) as file:
            data = file.read(MOST_BYTES + 1) or b""  # of a stream that does not wait there may be nothing
            is_file = number is None and stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except OSError as error:
        near = nearest_files(path, SUFFIX) if isinstance(error, FileNotFoundError) else []
        hint = f": {did_you_mean(map(str, near))}" if near else ""
        raise PlanFileError(f"cannot read {called}: {reason(error)}{hint}") from None
    if len(data) > MOST_BYTES:
        raise PlanFileError(f"{called} is no plan: it holds more than {MOST_BYTES >> 20} MiB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PlanFileError(f"{called} is not text in UTF-8") from None
    return PlanText(text, path.resolve().parent if is_file else None)


def _is_binary(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4).startswith(BINARY_STARTS)
    except OSError:
        return False
