"""What a screen on a session is given, beside the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...config.preferences import NO_PREFERENCES, Preferences
from ...config.schema import DEFAULTS, Config


def all_of_it() -> float:
    """As much of a recording as there is."""
    return 1.0


@dataclass(frozen=True)
class ScreenContext:
    """`path` is the session's file, if it is kept; `read_only`: nothing is measured. `far_arguments` ask for the same
    far sides on a command line, and `fars` are what these are called. `share` tells how much of a recording has been
    played, from 0 to 1.
    """

    path: Path | None = None
    read_only: bool = False
    far_arguments: tuple[str, ...] = ()
    fars: tuple[str, ...] = ("",)
    preferences: Preferences = NO_PREFERENCES
    config: Config = DEFAULTS
    share: Callable[[], float] = all_of_it
