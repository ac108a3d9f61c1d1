"""Ask at a terminal before a session's file starts a command or code that was never used here."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

import click

from bench.printable import on_one_line

from ...config.trust import ALLOW_CODE, Strangers, Trust
from ..console import ask, can_ask, say


def admit(trust: Trust, path: Path, commands: Iterable[str], workloads: Iterable[str]) -> None:
    """Ask before a session's file starts what `trust` does not know. Raises click.UsageError if it may not."""
    named = tuple(workloads)
    if strangers := trust.strangers(commands, named):
        _ask(path, strangers)
        trust.agree(strangers)
    if spare := trust.keep_allowed(named):
        options = shlex.join([word for name in spare for word in (ALLOW_CODE, name)])
        say(on_one_line(f"not needed: {options}: what {path.name} has left runs no such code"))


def _ask(path: Path, strangers: Strangers) -> None:
    """Raise click.UsageError unless the user agrees."""
    if not can_ask():
        raise click.UsageError(f"{_told(path, strangers)}: to allow that, add {strangers.options}")
    lines = [f"Before going on with {on_one_line(path.name)}:"]
    for heading, parts in strangers.listed:
        lines += ["", heading, "", *(f"    {part}" for part in parts)]
    if not ask("\n".join([*lines, ""]), "Start it? [y/N] "):
        raise click.UsageError(f"nothing was started: {_told(path, strangers)}")


def _told(path: Path, strangers: Strangers) -> str:
    """Return what is not known, in a few words."""
    parts = ["starts a command that was never used here"] if strangers.commands else []
    parts += ["runs code that was never run here"] if strangers.code else []
    return f"{path.name} {' and '.join(parts)}"
