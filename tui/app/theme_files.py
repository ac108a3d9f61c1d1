"""Themes from files: one .toml a theme, its name the file's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
from textual.color import Color, ColorParseError
from textual.theme import Theme

from bench.plan import MODES
from bench.suggest import instead_of
from bench.toml_text import TomlError, read_toml

from ..config.locations import BUILT_IN_THEMES

USUAL = "dark"

TERMINALS = "terminal"
"""The theme of the terminal's own colours: where it has sixteen, what others would become of them is hard to read."""

MIXED = {
    "muted": ("foreground", "background", 0.33),
    "as-written": ("accent", "error", 0.35),
    "concrete": ("graph", "foreground", 0.45),
    "reduce-retracing": ("graph", "eager", 0.5),
    "no-grappler": ("muted", "graph", 0.25),
    "autocluster": ("xla", "graph", 0.5),
    "predict": ("error", "eager", 0.5),
}
"""The colour of what a theme does not name: so much of the second in the first."""

DRAWN = {
    **dict.fromkeys(("foreground-muted", "text-muted", "text-disabled"), ("muted", "muted", 0.0)),
    "input-selection-background": ("panel", "primary", 0.2),
    "block-cursor-foreground": ("background", "background", 0.0),
    "block-cursor-blurred-background": ("panel", "primary", 0.1),
    "panel-darken-1": ("panel", "background", 0.3),
    "panel-lighten-1": ("panel", "panel", 0.0),
    "scrollbar": ("foreground", "background", 0.4),
    "scrollbar-background": ("surface", "surface", 0.0),
}
"""What Textual would draw too faintly: so much of the second in the first, in its own words."""

OF_TERMINAL = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_cyan",
    "block-cursor-text-style": "none",
    "border": "ansi_default",
    "footer-key-foreground": "ansi_default",
    "input-selection-foreground": "ansi_black",
    "input-selection-background": "ansi_cyan",
}
"""What is drawn otherwise in a theme of the terminal's own colours: black on cyan reads in nearly every scheme."""


class ThemeError(ValueError):
    """A theme that cannot be used: file, key and reason in one line."""


class ThemeFile(msgspec.Struct, frozen=True, rename="kebab"):
    """The keys of a theme file. All but the first two are colours: `#1e1e2e`, `rgb(30, 30, 46)`, a CSS name, or one of
    the terminal's own: `ansi_blue`, `ansi_default`.

    What may be left out is mixed from the others; of the terminal's own colours nobody knows enough to mix them.
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
    terminal: bool = False
    """Whether colours are the terminal's own: then they reach it as they are, and its background shows through."""
    muted: str | None = None
    as_written: str | None = None
    concrete: str | None = None
    reduce_retracing: str | None = None
    no_grappler: str | None = None
    autocluster: str | None = None
    predict: str | None = None


KEYS = {field.encode_name: field for field in msgspec.structs.fields(ThemeFile)}


def read(name: str, text: str) -> Theme:
    """The theme that a file's text describes; `name` is the file's. Raises ThemeError."""
    try:
        given = read_toml(text)
    except TomlError as error:
        raise ThemeError(f"{name}: {error}") from None
    if trouble := next(_troubles(given), None):
        raise ThemeError(f"{name}: {trouble}")
    theme = msgspec.convert(given, ThemeFile)
    colours = {key: Color.parse(value) for key, value in given.items() if isinstance(value, str)}
    for key, (first, second, share) in MIXED.items():
        colours.setdefault(key, _mixed(colours[first], colours[second], share))
    variables = {
        name: _mixed(colours[first], colours[second], share).hex for name, (first, second, share) in DRAWN.items()
    }
    variables |= {f"mode-{mode}": colours.pop(mode).hex for mode in MODES}
    variables |= OF_TERMINAL if theme.terminal else {}
    del colours["muted"]
    named: dict[str, Any] = {key: colour.hex for key, colour in colours.items()}
    return Theme(name.removesuffix(".toml"), dark=theme.dark, ansi=theme.terminal, variables=variables, **named)


def _troubles(given: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with a file's keys: the key and the reason."""
    for key in given:
        if key not in KEYS:
            yield f"{key}: unknown key: {instead_of(key, KEYS)}"
    for key, field in KEYS.items():
        if key not in given:
            if field.required:
                yield f"{key}: missing"
        elif field.type is bool:
            if not isinstance(given[key], bool):
                yield f"{key}: true or false, not {given[key]!r}"
        elif not _is_colour(given[key]):
            yield f"{key}: {given[key]!r} is no colour, or not an opaque one"


def _mixed(first: Color, second: Color, share: float) -> Color:
    return first if first.ansi is not None or second.ansi is not None else first.blend(second, share)


def _is_colour(value: object) -> bool:
    try:
        return isinstance(value, str) and Color.parse(value).a == 1
    except ColorParseError:
        return False


def built_in() -> list[Theme]:
    """The themes that come with the program, the first of them the usual one."""
    files = sorted(BUILT_IN_THEMES.glob("*.toml"), key=lambda file: (file.stem != USUAL, file.name))
    return [read(file.name, file.read_text(encoding="utf-8")) for file in files]


class ThemeFolder:
    """The user's own themes, read again when their files change. What was read of a file that is gone stays."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[int, int, int]] = {}

    def changes(self) -> tuple[list[Theme], list[str]]:
        """The themes in files that are new or have changed since the last time; a line for each that cannot be used."""
        themes, troubles = [], []
        for path, looks in self._files():
            if self._seen.get(path.name) == looks:
                continue
            self._seen[path.name] = looks
            try:
                themes.append(read(path.name, path.read_text(encoding="utf-8-sig")))
            except ThemeError as error:
                troubles.append(f"Theme ignored: {error}")
            except (OSError, UnicodeDecodeError) as error:
                troubles.append(f"Theme ignored: {path.name}: {error}")
        return themes, troubles

    def _files(self) -> list[tuple[Path, tuple[int, int, int]]]:
        """The files, and what tells one state of a file from another."""
        try:
            with os.scandir(self._folder) if self._folder else nullcontext(()) as entries:
                found = [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
        except OSError:
            return []  # a person without themes of their own has no such folder
        return [(Path(path), (stat.st_mtime_ns, stat.st_size, stat.st_ino)) for path, stat in sorted(found)]
