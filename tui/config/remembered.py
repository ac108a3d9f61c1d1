"""What is remembered from one session to the next."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

FILE_NAME = "settings.json"

MOST_OPENED = 10
MOST_RECENT = 6
MOST_KNOWN = 200
"""Limit of known commands, and of known code. Entries in the newer half are not moved: that saves writes."""


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

    known_commands: tuple[str, ...] = ()
    """Commands of far sides that were started here, as `trust.command_key` has them, the latest first."""
    known_code: tuple[str, ...] = ()
    """Files and modules whose code was run here, as `trust.code_key` has them, the latest first."""

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

    def with_known(self, commands: tuple[str, ...] = (), code: tuple[str, ...] = ()) -> Settings:
        """Return these settings with more commands and code that session files may start."""
        return replace(
            self, known_commands=_used(commands, self.known_commands), known_code=_used(code, self.known_code)
        )


def _used(new: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Put `new` before what is known already, and forget the oldest."""
    if set(new) <= set(known[: MOST_KNOWN // 2]):
        return known
    return tuple(dict.fromkeys((*new, *known)))[:MOST_KNOWN]


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


def update(folder: Path, change: Callable[[Settings], Settings], *, mend: bool = True) -> Settings:
    """Change the settings in `folder` as they are on the disk now; return the result.

    Without `mend`, a file that cannot be read stays as it is. Raises OSError.
    """
    before, trouble = load(folder)
    after = change(before)
    if after != before and (mend or not trouble):
        save(folder, after)
    return after


def save(folder: Path, settings: Settings) -> None:
    """Write the settings to `folder`, in one step and for the user alone; a link to the file stays. Raises OSError."""
    from bench.files import atomic_write  # not for the first frame

    folder.mkdir(parents=True, exist_ok=True)
    path = Path(os.path.realpath(folder / FILE_NAME))
    atomic_write.replace(msgspec.json.encode(settings), path, lambda _: True, mode=atomic_write.PRIVATE_MODE)
