"""Decide what a session's file may start without a question: commands and code used on this machine before.

Such a file is mailed to colleagues. The far side that it names is a command line, and the code that it names is run, so
both are data until the user agrees.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

import click

from bench.plan import is_own
from bench.printable import on_one_line

from . import settings
from .configuration import NOTHING_SETTLED, Configuration
from .console import ask, can_ask
from .locations import LocationError, state_dir, state_place

ALLOW_CODE = "--allow-code"

NAME = r"\w[\w.@:-]*"

SSH = rf"ssh (-[46AaCqTtvXx]+ |-p \d+ |-l {NAME} )*{NAME} (?!'?-)\S.*"
"""What follows an option, before or after the host, may be a file or a command of this directory."""

KUBECTL = rf"kubectl exec (-[it]+ |--stdin |-[cn] {NAME} |--(container|namespace)={NAME} |{NAME}(/{NAME})? )+-- .+"

SRUN = rf"srun (-[cGNnpt] ?{NAME} |--(cpus-per-task|gpus|mem|nodes|ntasks|partition|time)={NAME} )*python[\d.]*"

SAME_EVERYWHERE = re.compile(rf"{SSH}|{KUBECTL}|{SRUN}", re.DOTALL)
"""Commands, as shlex joins their words, that read nothing of the directory they are started in."""


def command_key(command: str) -> str:
    """Return the command line to compare by, with the current directory unless that makes no difference.

    It makes one to `./python`, but to `make -s python` and `uv run python` too: they read files that they do not name.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    if len(words) == 1 and "/" in words[0]:
        return shlex.join([str(Path(_here()) / words[0])])
    key = shlex.join(words)
    if not words or (not _is_found_here(words[0]) and (len(words) == 1 or SAME_EVERYWHERE.fullmatch(key))):
        return key
    return f"{key} in {shlex.quote(_here())}"


def _is_found_here(program: str) -> bool:
    """Return whether a relative entry of PATH finds the program."""
    found = shutil.which(program)
    return found is not None and not Path(found).is_absolute()


def _here() -> str:
    try:
        return os.path.realpath(Path.cwd())
    except OSError:
        return "a directory that is gone"


FILES = (".py", ".keras", ".h5")


def place_of(workload: str) -> str:
    """Return the file, the directory or the module of user code: `steps.py` of `steps.py::scale`."""
    place, separator, _ = workload.partition("::")
    if _is_path(place):
        return place
    return f"./{place}" if separator else place.partition(":")[0]


def code_key(workload: str) -> str:
    """Return where user code lies: the real path of its file, or its module and the directory that has it, if it is
    this one. Nothing is imported.
    """
    place = place_of(workload)
    try:
        if _is_path(place):
            return os.path.realpath(os.path.expanduser(place))  # noqa: PTH111 - as the far side names it
        here, package = os.path.realpath(Path.cwd()), place.partition(".")[0]
        if package and PathFinder.find_spec(package, [here]) is not None:
            return f"{place} in {here}"
    except (ValueError, OSError):  # a NUL in it, a directory that is gone
        pass
    return place


def _is_path(place: str) -> bool:
    return "/" in place or place.endswith(FILES)


@dataclass(frozen=True)
class Strangers:
    """The commands and the code (files, modules) that a session's file would start and that are not known here.

    `fars`: all commands of the file, known ones too, if some are not known: an option for each is needed then.
    """

    commands: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    fars: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.commands or self.code)

    @property
    def options(self) -> str:
        """Return the options that allow all of it, quoted for a shell."""
        words = [word for command in self.fars for word in ("--far", command)]
        words += [word for place in self.code for word in (ALLOW_CODE, place)]
        return on_one_line(shlex.join(words))

    @property
    def listed(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what there is to ask: a heading, and lines that hold no control character."""
        commands = tuple(on_one_line(command) for command in self.commands)
        code = tuple(on_one_line(code_key(place)) for place in self.code)
        starts, runs = "It starts a command that was never used here:", "It runs code that was never run here:"
        return tuple(part for part in ((starts, commands), (runs, code)) if part[1])


class Trust:
    """Knows commands and code from the configuration, from earlier use and from answers in this process."""

    def __init__(self, configuration: Configuration = NOTHING_SETTLED, allowed: Sequence[str] = ()) -> None:
        self._configuration = configuration
        self._commands: set[str] = set()
        self._code = {code_key(name) for name in allowed}
        if self._code:
            remember(code=allowed)

    def strangers(self, commands: Iterable[str], workloads: Iterable[str]) -> Strangers:
        """Return the commands and the code that are not known. Workloads of the catalogue are not code."""
        fars, own = tuple(commands), tuple(filter(is_own, workloads))
        if not fars and not own:
            return Strangers()
        kept = _kept()
        known_commands = {*kept.known_commands, *self._commands, *map(command_key, self._configured())}
        known_code = {*kept.known_code, *self._code}
        new = tuple(dict.fromkeys(far for far in fars if far and command_key(far) not in known_commands))
        places = {key: place_of(name) for name in own if (key := code_key(name)) not in known_code}
        return Strangers(new, tuple(places.values()), fars if new else ())

    def name(self, workload: str) -> None:
        """Know the code of this workload in this process: the user has named it."""
        self._code.add(code_key(workload))

    def agree(self, strangers: Strangers) -> None:
        """Know these from now on, at least in this process if they cannot be saved."""
        self._commands |= set(map(command_key, strangers.commands))
        self._code |= set(map(code_key, strangers.code))
        remember(strangers.commands, strangers.code)

    def admit(self, path: Path, commands: Iterable[str], workloads: Iterable[str]) -> None:
        """Ask before a session's file starts what is not known. Raises click.UsageError if it may not."""
        strangers = self.strangers(commands, workloads)
        if not strangers:
            return
        if not can_ask():
            raise click.UsageError(f"{_told(path, strangers)}: to allow that, add {strangers.options}")
        lines = [f"Before going on with {on_one_line(path.name)}:"]
        for heading, parts in strangers.listed:
            lines += ["", heading, "", *(f"    {part}" for part in parts)]
        if not ask("\n".join([*lines, ""]), "Start it? [y/N] "):
            raise click.UsageError(f"nothing was started: {_told(path, strangers)}")
        self.agree(strangers)

    def _configured(self) -> tuple[str, ...]:
        from bench.launch import FarSide

        config = self._configuration.config
        pythons = (shlex.join([os.path.expanduser(path)]) for path in config.python)  # noqa: PTH111 - keeps ./
        return (str(FarSide.from_options()), *pythons, *config.far)


def remember(commands: Iterable[str] = (), code: Iterable[str] = ()) -> None:
    """Let session files start these from now on. If that cannot be saved, they are asked about again."""
    keys = tuple(dict.fromkeys(map(command_key, commands))), tuple(dict.fromkeys(map(code_key, code)))
    with suppress(OSError, LocationError, ValueError):
        settings.update(state_dir(), lambda kept: kept.with_known(*keys), mend=False)


def _kept() -> settings.Settings:
    try:
        return settings.load(state_place())[0]
    except LocationError:
        return settings.NOTHING_REMEMBERED


def _told(path: Path, strangers: Strangers) -> str:
    """Return what is not known, in a few words."""
    parts = ["starts a command that was never used here"] if strangers.commands else []
    parts += ["runs code that was never run here"] if strangers.code else []
    return f"{path.name} {' and '.join(parts)}"
