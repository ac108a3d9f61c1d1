"""What is remembered from one session to the next."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

FILE_NAME = "settings.json"

MOST_OPENED = 10
MOST_RECENT = 6


@dataclass(frozen=True)
class Settings:
    """A person's choices."""

    theme: str = ""
    """Empty: the one that suits the terminal."""
    opened: tuple[tuple[str, str], ...] = ()
    """Code of the user's that was opened, the latest first: its name, and what it is to be called with."""
    declined: str = ""
    """The session that broke off and was not to be gone on with."""

    starred: tuple[str, ...] = ()
    """Workloads that are offered before all others, the latest last."""
    recent: tuple[str, ...] = ()
    """Workloads that were measured, the latest first."""

    def with_star_turned(self, name: str) -> Settings:
        """These, with a workload starred, or no longer."""
        others = tuple(each for each in self.starred if each != name)
        return replace(self, starred=others if name in self.starred else (*others, name))

    def with_measured(self, *names: str) -> Settings:
        """These, with these workloads measured last; the oldest are forgotten."""
        return replace(self, recent=tuple(dict.fromkeys((*names, *self.recent)))[:MOST_RECENT])

    def with_opened(self, name: str, inputs: str) -> Settings:
        """These, with this one opened last; the oldest are forgotten."""
        others = tuple(each for each in self.opened if each[0] != name)
        return replace(self, opened=((name, inputs), *others)[:MOST_OPENED])


NOTHING_REMEMBERED = Settings()


def load(folder: Path) -> tuple[Settings, str]:
    """The settings kept in `folder`, and a line on why they could not be read, if so: then they are the defaults."""
    path = folder / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings), ""
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), ""
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Settings(), f"Settings are ignored: {path}: {error}"


def save(folder: Path, settings: Settings) -> None:
    """Keep the settings; a reader sees the old file or the new one. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=FILE_NAME)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(settings))
        temporary.replace(folder / FILE_NAME)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
