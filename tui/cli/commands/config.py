"""`tfjit-tui config`: what is settled, by what, and where the files are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bench.suggest import one_of

from ...config.kinds import toml
from ...config.loader import ConfigSource, Configuration
from ...config.locations import LocationError, config_file, from_home, sessions_place, state_place, user_themes
from ...config.schema import KEYS, Key
from ..console import USAGE, say, show, show_json
from ..options import completers

FILES = {
    "config": config_file,
    "themes": user_themes,
    "remembered": state_place,
    "sessions": sessions_place,
}


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=completers.keys)
@click.option("--example", is_flag=True, help="Print a config.toml with every key, commented out.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def config(ctx: click.Context, /, keys: tuple[str, ...], example: bool, as_json: bool) -> None:
    """Show what is settled, and by what: all of it, or KEYs.

    The weakest first: defaults, what the screen remembers, config.toml, variables, flags.

    Exits with 2 if something in the file or the variables is wrong.
    """
    chosen = [KEYS[one_of(name, KEYS, "key")] for name in keys or KEYS]
    if example:
        show(example_text(chosen))
        return
    configuration, trouble = _with_remembered(ctx.obj)
    if as_json:
        described = {"keys": [_object(configuration, key) for key in chosen], "files": dict(_places())}
        show_json(json.dumps(described, indent=2))
    else:
        show(_tables(configuration, chosen))
    for text in filter(None, (*configuration.troubles, trouble)):
        say(f"tfjit-tui: {text}")
    if configuration.troubles:
        sys.exit(USAGE)


def example_text(keys: list[Key]) -> str:
    """A config.toml in which everything is commented out."""
    parts = ["# What tfjit-tui begins with. A variable is stronger than this file, a flag stronger still."]
    parts += [f"# {key.help[0].upper()}{key.help[1:]}.\n# {key.name} = {toml(key.typical)}" for key in keys]
    return "\n\n".join(parts)


def _with_remembered(configuration: Configuration) -> tuple[Configuration, str]:
    """What is settled, what the screen remembers behind it, and a line on why that could not be read, if so."""
    from ...config import remembered

    try:
        settings, trouble = remembered.load(state_place())
    except LocationError as error:
        return configuration, str(error)
    if configuration.source("theme") == ConfigSource.DEFAULT and settings.theme != remembered.Settings().theme:
        configuration = configuration.having({"theme": settings.theme}, ConfigSource.REMEMBERED)
    return configuration, trouble


def _tables(configuration: Configuration, keys: list[Key]) -> str:
    from ..report import table

    settled = [(key.name, toml(getattr(configuration.config, key.name)), configuration.where(key.name)) for key in keys]
    places = [(what, *_written(place)) for what, place in _places()]
    return "\n\n".join([table([("key", "value", "from"), *settled]), table([("files", "place", ""), *places])])


def _written(place: str) -> tuple[str, str]:
    try:
        return from_home(Path(place)), "" if Path(place).exists() else "none yet"
    except OSError as error:
        return from_home(Path(place)), f"cannot be read: {error.strerror}"


def _object(configuration: Configuration, key: Key) -> dict[str, Any]:
    return {
        "key": key.name,
        "value": getattr(configuration.config, key.name),
        "source": configuration.source(key.name).name.lower(),
        "where": configuration.where(key.name),
        "default": key.default,
        "variable": key.variable,
        "flag": key.flag,
        "help": key.help,
    }


def _places() -> Iterator[tuple[str, str]]:
    """What is kept, and where; nothing of what has no place."""
    for what, place in FILES.items():
        try:
            yield what, str(place())
        except LocationError:
            continue  # which the troubles tell
