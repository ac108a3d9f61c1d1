"""Files for others to read: whole or not at all, and never in the place of one that was to stay."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path


class ExportError(Exception):
    """Results that cannot be written, said in one line."""


class ExportExistsError(ExportError, FileExistsError):
    """There is such a file already, and nobody said that it may go."""


def write_text(text: str, path: Path, *, overwrite: bool = False) -> None:
    """Write beside the target, then rename: a full disk destroys no earlier file. A device or a pipe is written to.

    Raises ExportError, ExportExistsError.
    """
    data = text.encode("utf-8", errors="backslashreplace")
    try:
        target = path.resolve() if path.is_symlink() else path
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return
        if target.is_dir():
            raise ExportError(f"{path} is a directory: name a file in it")
        if target.exists() and not overwrite:
            raise ExportExistsError(f"{path} exists already")
        _replace(target, data, overwrite=overwrite)
    except FileExistsError:
        raise ExportExistsError(f"{path} exists already") from None
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}") from None


def _replace(target: Path, data: bytes, *, overwrite: bool) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite and target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
