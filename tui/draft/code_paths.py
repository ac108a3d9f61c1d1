"""How what names code of the user's may go on: paths, and the functions in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.plan import CODE_FILES


def complete(text: str) -> str | None:
    """The whole text as it may go on; None where nothing begins so."""
    place, separator, part = text.partition("::")
    if separator:
        names = (name for name in functions_in(Path(place).expanduser()) if name.startswith(part))
        return next((f"{place}::{name}" for name in names), None)
    if not text:
        return None
    if text.endswith(".py"):
        return next((f"{text}::{name}" for name in functions_in(Path(text).expanduser())), None)
    return next((entry for entry in paths(text) if entry != text), None)


def functions_in(path: Path) -> list[str]:
    """What a Python file defines at its top, but what is private; nothing of one that cannot be read."""
    from bench.plans.code_names import CodeFile  # only when a file is named

    code = CodeFile.read(path)
    return code.offered if code else []


def paths(text: str, endings: tuple[str, ...] = CODE_FILES) -> Iterator[str]:
    """Directories and files that begin so, as they would be typed; hidden ones only where a dot asks for them."""
    folder, slash, part = text.rpartition("/")
    try:
        entries = sorted(Path(f"{folder}{slash}" or ".").expanduser().iterdir())
    except OSError:
        return
    for entry in entries:
        hidden = entry.name.startswith(".") and not part.startswith(".")
        if entry.name.startswith(part) and not hidden:
            if entry.is_dir():
                yield f"{folder}{slash}{entry.name}/"
            elif entry.suffix in endings:
                yield f"{folder}{slash}{entry.name}"
