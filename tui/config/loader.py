"""What is settled, and by what: config.toml, then variables, each stronger than what was before it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bench.rules import EFFORT, FIGURES
from bench.suggest import did_you_mean, instead_of, nearest
from bench.toml_text import TomlError, read_toml

from .kinds import RefusedError, shown
from .locations import CONFIG_VARIABLE, STATE_VARIABLE, LocationError, config_file, from_home
from .schema import DEFAULTS, KEYS, VARIABLES, Config

if TYPE_CHECKING:
    from pathlib import Path


SHOW_ALL = "`tfjit-tui config` shows what there is"
"""What to do about an unknown name that is like no other."""


class ConfigSource(IntEnum):
    """What settles a key, the weakest first."""

    DEFAULT = 0
    REMEMBERED = 1
    FILE = 2
    VARIABLE = 3
    FLAG = 4


@dataclass(frozen=True)
class Configuration:
    """A Config, and where each of its values comes from: a key without a source has its default.

    `troubles`: what is wrong with the file and the variables, a line each; a key that is wrong counts as not settled.
    """

    config: Config = DEFAULTS
    sources: Mapping[str, ConfigSource] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()

    def source(self, name: str) -> ConfigSource:
        """What settles a key."""
        return self.sources.get(name, ConfigSource.DEFAULT)

    def settled(self, name: str) -> Any:
        """What the user has settled; None where nothing is."""
        return getattr(self.config, name) if self.source(name) > ConfigSource.REMEMBERED else None

    def where(self, name: str) -> str:
        """What settles a key, in words."""
        match self.source(name):
            case ConfigSource.FILE:
                return from_home(config_file())
            case ConfigSource.VARIABLE:
                return KEYS[name].variable
            case ConfigSource.FLAG:
                return KEYS[name].flag
            case source:
                return source.name.lower()

    def having(self, values: Mapping[str, Any], source: ConfigSource) -> Configuration:
        """This, with what a stronger source settles in place of its own. What that excludes counts no more."""
        excluded = {other for name, other in (("python", "far"), ("far", "python")) if values.get(name)}
        if EFFORT.name in values:
            excluded |= {rule.name for rule in FIGURES}
        excluded -= values.keys()
        config = replace(self.config, **{name: KEYS[name].default for name in excluded}, **values)
        kept = {name: before for name, before in self.sources.items() if name not in excluded}
        return replace(self, config=config, sources={**kept, **dict.fromkeys(values, source)})


NOTHING_SETTLED = Configuration()


def read() -> Configuration:
    """What the file and the variables settle."""
    reader = _Reader()
    from_file = NOTHING_SETTLED.having(reader.file(), ConfigSource.FILE)
    return replace(from_file.having(reader.variables(), ConfigSource.VARIABLE), troubles=tuple(reader.troubles))


class _Reader:
    """Takes what is right, and says in `troubles` what is not."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def file(self) -> dict[str, Any]:
        """What config.toml settles; nothing where there is none."""
        try:
            path = config_file()
            given = _toml(path)
        except LocationError as error:
            self.troubles.append(str(error))
            return {}
        place, values = from_home(path), {}
        for name, value in given.items():
            if name not in KEYS:
                self.troubles.append(f"{place}: there is no key {shown(name)}: {instead_of(name, KEYS, SHOW_ALL)}")
                continue
            try:
                values[name] = KEYS[name].kind.read(value)
            except RefusedError as error:
                self.troubles.append(f"{place}: {name} = {shown(value)} is ignored: {error}")
        return self._consistent(values, place)

    def variables(self) -> dict[str, Any]:
        """What the environment settles; a variable that is empty settles nothing."""
        values = {}
        for key in KEYS.values():
            if text := os.environ.get(key.variable):
                try:
                    values[key.name] = key.kind.parse(text)
                except RefusedError as error:
                    self.troubles.append(f"{key.variable}={shown(text)} is ignored: {error}")
        known = [*(key.variable for key in KEYS.values()), CONFIG_VARIABLE, STATE_VARIABLE]
        for name in sorted(os.environ):
            if name.startswith(VARIABLES) and name not in known:
                self.troubles.append(f"there is no variable {name}: {_instead_of_variable(name, known)}")
        return self._consistent(values, "the environment")

    def _consistent(self, values: dict[str, Any], place: str) -> dict[str, Any]:
        if values.get("python") and values.get("far"):
            self.troubles.append(f"{place}: far is ignored beside python: they exclude each other")
            del values["far"]
        return values


def _toml(path: Path) -> dict[str, Any]:
    """What a file says; nothing where it is not there. Raises LocationError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LocationError(f"{from_home(path)} is ignored: {error.strerror}") from None
    try:
        return read_toml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LocationError(f"{from_home(path)} is ignored: not TOML: {error}") from None
    except TomlError as error:
        raise LocationError(f"{from_home(path)} is ignored: {error}") from None


def _instead_of_variable(name: str, known: Iterable[str]) -> str:
    """Return what to give in place of an unknown variable. The beginning that all have in common counts for nothing."""
    near = nearest(name.removeprefix(VARIABLES), (each.removeprefix(VARIABLES) for each in known))
    return did_you_mean(f"{VARIABLES}{each}" for each in near) if near else SHOW_ALL
