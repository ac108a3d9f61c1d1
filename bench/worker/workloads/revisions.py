"""The user's code as it was at a revision of its git repository: a copy of its directory, beside nothing else.

The repository, its index and its working tree stay as they are.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ...plan import PlanError
from .user_modules import go_home

GIT_S = 60.0
"""Limits how long git may take."""


@contextmanager
def at_revision(name: str, revision: str) -> Iterator[str]:
    """Give the name of a function of a file as it was: the file lies in a copy of its directory. Raises PlanError."""
    place, separator, function = name.partition("::")
    if not separator or not place.endswith(".py"):
        raise PlanError(f"--against-ref is for FILE.py::FUNCTION, and {name} is none")
    go_home()
    file = Path(place).expanduser().resolve()
    top = _top_of(file)
    commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise PlanError(f"there is no revision {revision!r} in the git repository of {place}")
    below = file.parent.relative_to(top).as_posix().removeprefix(".")
    tree = _git(top, "archive", "--format=tar", f"{commit.decode().strip()}:{below}")
    with TemporaryDirectory(prefix="tfjit-tui-") as copy:
        if tree is not None:
            _write_files(tree, Path(copy))
        old = Path(copy, file.name)
        if not old.is_file():
            raise PlanError(f"there is no {place} at {revision}")
        yield f"{old}{separator}{function}"


def _write_files(tree: bytes, directory: Path) -> None:
    """Write the plain files of an archive; links, which may lead out of the directory, are left out."""
    with tarfile.open(fileobj=io.BytesIO(tree)) as archive:
        for member in archive:
            path = (directory / member.name).resolve()
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None and path.is_relative_to(directory.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


def _top_of(file: Path) -> Path:
    """Return the directory of the working tree that a file lies in. Raises PlanError."""
    try:
        top = _git(file.parent, "rev-parse", "--show-toplevel") if file.parent.is_dir() else None
    except FileNotFoundError:
        raise PlanError("--against-ref needs git, and there is none here") from None
    if top is None:
        raise PlanError(f"{file} lies in no git repository, so it has no revisions")
    return Path(os.fsdecode(top).rstrip("\n")).resolve()


def _git(directory: Path, *arguments: str) -> bytes | None:
    """Return what git prints; None where it refuses. Raises FileNotFoundError without git, PlanError if it hangs."""
    command = ("git", "-C", str(directory), *arguments)
    try:
        done = subprocess.run(command, capture_output=True, timeout=GIT_S, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        raise PlanError(f"git did not answer within {GIT_S:.0f} s: {' '.join(command[3:])}") from None
    return done.stdout if done.returncode == 0 else None
