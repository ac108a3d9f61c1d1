"""Where this program keeps its files: the places that the system sets aside, or those the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_config_path, user_state_path

import themes

NAME = "tfjit-tui"

CONFIG_VARIABLE, STATE_VARIABLE = "TFJIT_TUI_CONFIG_DIR", "TFJIT_TUI_STATE_DIR"


SUPPORT_FILE = "support.json"

BUILT_IN_THEMES = Path(themes.__file__).parent


class LocationError(Exception):
    """A directory that cannot be had, said in one line."""


def config_dir() -> Path:
    """Settings and the user's own themes; reading them creates nothing. Raises LocationError."""
    return _place(CONFIG_VARIABLE, user_config_path(NAME))


def config_file() -> Path:
    """What the user has settled, if it is there. Raises LocationError."""
    return config_dir() / "config.toml"


def user_themes() -> Path:
    """The user's own themes, if it is there. Raises LocationError."""
    return config_dir() / "themes"


def theme_names() -> list[str]:
    """What themes there are files of, built-in ones first."""
    built_in = (entry.name for entry in BUILT_IN_THEMES.iterdir())
    try:
        own = [entry.name for entry in user_themes().iterdir()]
    except (OSError, LocationError):
        own = []  # a person without themes of their own has no such folder
    names = (name.removesuffix(".toml") for each in (built_in, own) for name in sorted(each) if name.endswith(".toml"))
    return list(dict.fromkeys(names))


def state_place() -> Path:
    """What is remembered from one run to the next, if anything is. Raises LocationError."""
    return _place(STATE_VARIABLE, user_state_path(NAME))


def sessions_place() -> Path:
    """One file for each session, if there is any. Raises LocationError."""
    return state_place() / "sessions"


def state_dir() -> Path:
    """The place to remember something in, made where it is not there. Raises LocationError."""
    return _made(state_place(), STATE_VARIABLE)


def sessions_dir() -> Path:
    """The place to keep a session in, made where it is not there. Raises LocationError."""
    return _made(sessions_place(), STATE_VARIABLE)


def support_file() -> Path:
    """What was found to work where. Raises LocationError."""
    return state_dir() / SUPPORT_FILE


def from_home(path: Path) -> str:
    """A path as people write it, `~` for their home."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (RuntimeError, ValueError):  # nobody's home, or a path elsewhere
        return str(path)


def _place(variable: str, usual: Path) -> Path:
    value = os.environ.get(variable)
    try:
        return Path(value).expanduser() if value else usual
    except RuntimeError as error:
        raise LocationError(f"{variable}={value}: {error}") from None


def _made(directory: Path, variable: str) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocationError(f"cannot create {directory}: {error.strerror} (set {variable} to another place)") from None
    if not os.access(directory, os.W_OK | os.X_OK):
        raise LocationError(f"cannot write in {directory} (set {variable} to another place)")
    return directory
