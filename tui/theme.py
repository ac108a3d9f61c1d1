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

from bench.plan import MODES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from importlib.abc import Traversable

MIXED = {
    "as-written": ("accent", "error", 0.35),
    "concrete": ("graph", "foreground", 0.45),
    "reduce-retracing": ("graph", "eager", 0.5),
    "no-grappler": ("graph", "background", 0.35),
    "autocluster": ("xla", "graph", 0.5),
    "predict": ("error", "eager", 0.5),
}
"""The colour of a mode that a theme does not name: so much of the second in the first."""


class ThemeError(ValueError):
    """A theme that cannot be used: file, key and reason in one line."""


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The keys of a theme file. All but `dark` are colours: `#1e1e2e`, `rgb(30, 30, 46)` or a CSS name.

    What may be left out is mixed from the others.
    """

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
    as_written: str | None = None
    concrete: str | None = None
    reduce_retracing: str | None = None
    no_grappler: str | None = None
    autocluster: str | None = None
    predict: str | None = None


def read(name: str, text: str) -> Theme:
    """The theme that a file's text describes; `name` is the file's. Raises ThemeError."""
    try:
        theme = msgspec.convert(tomllib.loads(text), ThemeFile)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{name}: not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ThemeError(f"{name}: {error}") from None
    given = msgspec.to_builtins(theme)
    colours = {key: value for key, value in given.items() if key != "dark" and value is not None}
    for key, value in colours.items():
        try:
            Color.parse(value)
        except ColorParseError:
            raise ThemeError(f"{name}: {key}: {value!r} is not a colour") from None
    for mode, (first, second, share) in MIXED.items():
        colours.setdefault(mode, Color.parse(colours[first]).blend(Color.parse(colours[second]), share).hex)
    variables = {f"mode-{mode}": colours.pop(mode) for mode in MODES}
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
