"""What a screen on a session is opened with, beside the session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .config import DEFAULTS, Config
from .settings import NOTHING_REMEMBERED, Settings


@dataclass(frozen=True)
class Occasion:
    """`path` is the session's file, if it is kept; `read_only`: nothing is measured. `far_arguments` ask for the same
    far sides on a command line, and `fars` are what these are called.
    """

    path: Path | None = None
    read_only: bool = False
    far_arguments: tuple[str, ...] = ()
    fars: tuple[str, ...] = ("",)
    remembered: Settings = NOTHING_REMEMBERED
    config: Config = DEFAULTS
