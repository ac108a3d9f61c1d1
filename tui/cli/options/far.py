"""Say where to measure: the options of the command line, and what they mean together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bench.suggest import parse_machine

from ...config.trust import ALLOW_CODE
from . import completers
from .defaults import give_way, is_given

if TYPE_CHECKING:
    from bench.engine.launch import FarSide

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class FarOptions:
    """The far sides that the command line names: one, or several that measure in turn."""

    python: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    gpu_memory_limit: int | None = None
    machine: str = ""
    """The machine's name on the command line. It is not in `arguments`: they may be repeated on another machine."""
    local_machine: str = ""
    """The configured name of this machine."""

    @classmethod
    def of(
        cls,
        ctx: click.Context,
        python: tuple[str, ...],
        far: tuple[str, ...],
        gpu_memory_limit: int | None,
        machine: str,
    ) -> FarOptions:
        """Return the options of a command; `machine` may be a configured one."""
        name = {"machine" if is_given(ctx, "machine") else "local_machine": machine}
        return cls(python, far, gpu_memory_limit, **name)

    @property
    def machine_name(self) -> str:
        """The name of the machine that measures: a configured one is this machine's, so --far leaves it out."""
        return self.machine or ("" if self.far else self.local_machine)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words that ask for the same again."""
        limit = () if self.gpu_memory_limit is None else (str(self.gpu_memory_limit),)
        options = {"--python": self.python, "--far": self.far, "--gpu-memory-limit": limit}
        return tuple(word for name, values in options.items() for value in values for word in (name, value))

    @property
    def far_sides(self) -> tuple[FarSide, ...]:
        """The far sides that the options name. Raises click.UsageError."""
        from bench.engine.launch import FarSide, LaunchError

        try:
            if self.python and self.far:
                raise LaunchError("--python and --far exclude each other: --far ends in the Python to use")
            if self.far:
                return tuple(FarSide.from_options(far=far) for far in self.far)
            return tuple(FarSide.from_options(python=python) for python in self.python or (None,))
        except LaunchError as error:
            raise click.UsageError(str(error)) from None

    def single(self) -> FarOptions:
        """These, if they name one far side. Raises click.UsageError."""
        if len(self.python) + len(self.far) > 1:
            raise click.UsageError("this command asks one far side: give --python or --far once")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the far sides. Raises click.UsageError."""
        if len(self.python) + len(self.far) < 2:
            return ("",)
        from bench.engine.far_sides import names

        return names(self.far_sides)


def far_options(command: Command) -> Command:
    """Give a command the options that make up FarOptions."""
    where = "; several are measured in turn."
    for option in (
        click.option("--gpu-memory-limit", type=int, metavar="MIB", help="Take this much of a GPU and no more."),
        click.option(
            "--far",
            multiple=True,
            metavar="COMMAND",
            callback=give_way,
            help=f"Ends in a Python: 'ssh box python3'{where}",
        ),
        click.option(
            "--python",
            multiple=True,
            metavar="PATH",
            callback=give_way,
            shell_complete=completers.files,
            help=f"The Python to measure in{where}",
        ),
    ):
        command = option(command)
    return command


def _machine_name(_ctx: click.Context, _option: click.Parameter, name: str) -> str:
    return parse_machine(name) if name else ""


machine_option = click.option(
    "--machine",
    default="",
    metavar="NAME",
    callback=_machine_name,
    help="What you call this machine or its kind: `compare` takes sessions with one name as one machine's.",
)


allow_code_option = click.option(
    ALLOW_CODE,
    multiple=True,
    metavar="FILE",
    help="Run the code in this file or module, which the session names.",
)
session_option = click.option(
    "--session", "session_file", type=click.Path(path_type=Path), metavar="FILE", help="Keep the session here."
)
