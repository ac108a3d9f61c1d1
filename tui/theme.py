"""Themes from files: one .toml a theme, its name the file's."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from textual.color import Color, ColorParseError
from textual.theme import Theme

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from importlib.abc import Traversable

MODE_COLOURS = ("eager", "graph", "xla")


class ThemeError(ValueError):
    """A theme that cannot be used: file, key and reason in one line."""


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of a theme file. All but `dark` are colours: `#1e1e2e`, `rgb(30, 30, 46)` or a CSS name."""

    dark: bool
    background: str
    surface: str
    panel: str
    foreground: str
    primary: str
    accent: str
    success: str
    warning: str
    error: str
    eager: str
    graph: str
    xla: str


def read(name: str, text: str) -> Theme:
    """The theme that a file's text describes; `name` is the file's. Raises ThemeError."""
    try:
        theme = msgspec.convert(tomllib.loads(text), ThemeFile)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{name}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ThemeError(f"{name}: {error}") from None
    colours = {key: value for key, value in msgspec.structs.asdict(theme).items() if key != "dark"}
    for key, value in colours.items():
        try:
            Color.parse(value)
        except ColorParseError:
            raise ThemeError(f"{name}: {key}: {value!r} is not a colour") from None
    variables = {f"mode-{mode}": colours.pop(mode) for mode in MODE_COLOURS}
    return Theme(name.removesuffix(".toml"), dark=theme.dark, variables=variables, **colours)


def load(user_folder: Path | None) -> tuple[list[Theme], list[str]]:
    """Every theme, built-in ones first, and a line for each file that could not be used."""
    themes: dict[str, Theme] = {}
    troubles = []
    for file in (*_theme_files(files("themes").iterdir()), *_user_files(user_folder)):
        try:
            theme = read(file.name, file.read_text(encoding="utf-8"))
        except ThemeError as error:
            troubles.append(f"Theme ignored: {error}")
        except (OSError, UnicodeDecodeError) as error:
            troubles.append(f"Theme ignored: {file.name}: {error}")
        else:
            themes[theme.name] = theme
    return list(themes.values()), troubles


def _user_files(folder: Path | None) -> list[Traversable]:
    try:
        return [] if folder is None else _theme_files(folder.iterdir())
    except OSError:
        return []  # a person without themes of their own has no such folder


def _theme_files(entries: Iterable[Traversable]) -> list[Traversable]:
    return sorted((entry for entry in entries if entry.name.endswith(".toml")), key=lambda entry: entry.name)
