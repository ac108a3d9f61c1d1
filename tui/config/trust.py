"""Decide what a session's file may start without a question: commands and code used on this machine before.

Such a file is mailed to colleagues. The far side that it names is a command line, and the code that it names is run, so
both are data until the user agrees.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from bench.plan import is_own
from bench.plans.user_code_paths import file_of, module_files
from bench.printable import on_one_line

from . import remembered
from .loader import NOTHING_SETTLED, Configuration
from .locations import LocationError, state_dir, state_place

ALLOW_CODE = "--allow-code"

NAME = r"\w[\w.@:-]*"

SSH = rf"ssh (-[46AaCqTtvXx]+ |-p \d+ |-l {NAME} )*{NAME} (?!'?-)\S.*"
"""`ssh` with flags that name no file: other options may name a file or a command of this directory."""

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


def place_of(workload: str) -> str:
    """Return what an option has to name: the file or directory of user code, or its module if that lies in the current
    directory. Of a module that lies elsewhere, such as `os`, the whole name: its other functions are another matter.
    """
    place, separator, _ = workload.partition("::")
    if file_of(place):
        return place
    if separator:
        return f"./{place}"
    module = place.partition(":")[0]
    return module if _has_module(module) else workload


def code_key(workload: str) -> str:
    """Return where user code lies: the file that runs, or its module and the directory that has it, if it is this one.

    Nothing is imported.
    """
    with suppress(ValueError, OSError):  # a NUL in it, a directory that is gone
        if path := file_of(workload):
            return _file_key(path)
        package = workload.partition(":")[0].partition(".")[0]
        if package and PathFinder.find_spec(package, [_here()]) is not None:
            return f"{place_of(workload)} in {shlex.quote(_here())}"
    return place_of(workload)


def _file_key(path: str) -> str:
    """Return the real path of a file. A link from another directory is named too: the code imports from there."""
    directory, name = os.path.split(path)
    path = os.path.join(os.path.realpath(directory), name)  # noqa: PTH118 - keeps an empty name
    real = os.path.realpath(path)
    return real if os.path.dirname(real) == os.path.dirname(path) else f"{path} -> {real}"  # noqa: PTH120


def _has_module(module: str) -> bool:
    """Return whether the current directory has the file of a module, and no module of Python goes before it."""
    if module.partition(".")[0] in sys.stdlib_module_names:
        return False
    return any(os.path.isfile(os.path.join(_here(), file)) for file in module_files(module))  # noqa: PTH113, PTH118


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
        self._allowed = tuple(dict.fromkeys(allowed))
        self._code = set(map(code_key, self._allowed))

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

    def keep_allowed(self, workloads: Iterable[str]) -> tuple[str, ...]:
        """Know for good what the options allow and these workloads run. Return what they allow beside that."""
        runs = set(map(code_key, filter(is_own, workloads)))
        needed = tuple(name for name in self._allowed if code_key(name) in runs)
        if needed:
            remember(code=needed)
        return tuple(name for name in self._allowed if name not in needed)

    def _configured(self) -> tuple[str, ...]:
        from bench.engine.launch import FarSide

        config = self._configuration.config
        pythons = (shlex.join([os.path.expanduser(path)]) for path in config.python)  # noqa: PTH111 - keeps ./
        return (str(FarSide.from_options()), *pythons, *config.far)


def remember(commands: Iterable[str] = (), code: Iterable[str] = ()) -> None:
    """Let session files start these from now on. If that cannot be saved, they are asked about again."""
    keys = tuple(dict.fromkeys(map(command_key, commands))), tuple(dict.fromkeys(map(code_key, code)))
    with suppress(OSError, LocationError, ValueError):
        remembered.update(state_dir(), lambda kept: kept.with_known(*keys), mend=False)


def _kept() -> remembered.Settings:
    try:
        return remembered.load(state_place())[0]
    except LocationError:
        return remembered.NOTHING_REMEMBERED
