"""Where this program keeps its files: the places that the system sets aside, or those the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_config_path, user_state_path

NAME = "tfjit-tui"


class LocationError(Exception):
    """A directory that cannot be had, said in one line."""


def config_dir() -> Path:
    """Settings and the user's own themes. Raises LocationError."""
    return _made(_chosen("TFJIT_TUI_CONFIG_DIR") or user_config_path(NAME), "TFJIT_TUI_CONFIG_DIR")


def state_dir() -> Path:
    """What is remembered from one run to the next. Raises LocationError."""
    return _made(_chosen("TFJIT_TUI_STATE_DIR") or user_state_path(NAME), "TFJIT_TUI_STATE_DIR")


def sessions_dir() -> Path:
    """One file for each session. Raises LocationError."""
    return _made(state_dir() / "sessions", "TFJIT_TUI_STATE_DIR")


def support_file() -> Path:
    """What was found to work where. Raises LocationError."""
    return state_dir() / "support.json"


def _chosen(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value).expanduser() if value else None


def _made(directory: Path, variable: str) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocationError(f"cannot create {directory}: {error.strerror} (set {variable} to another place)") from None
    if not os.access(directory, os.W_OK | os.X_OK):
        raise LocationError(f"cannot write in {directory} (set {variable} to another place)")
    return directory
