"""What is settled, as the defaults of options, and the flags that are stronger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from bench.plan import DEFAULT_DTYPE, PlanError

from . import completers
from .config import FIGURES, KEYS
from .configuration import Configuration, Source
from .locations import theme_names
from .names import one_of

Command = TypeVar("Command", bound=Callable[..., Any])


def default_map(command: click.Command, configuration: Configuration) -> dict[str, Any]:
    """The defaults that are settled of a command's options, and of its subcommands': what has a key's flag takes it."""
    settled = {key.flag: configuration.settled(key.name) for key in KEYS.values()}
    defaults = {
        option.name: _fitting(option, settled[option.opts[0]])
        for option in command.params
        if isinstance(option, click.Option) and not option.is_flag and settled.get(option.opts[0]) is not None
    }
    subcommands = command.commands if isinstance(command, click.Group) else {}
    return {**defaults, **{name: default_map(subcommand, configuration) for name, subcommand in subcommands.items()}}


def _fitting(option: click.Option, value: Any) -> Any:
    if isinstance(value, tuple):
        return value if option.multiple else ",".join(value)
    return (value,) if option.multiple else value


def is_flagged(ctx: click.Context, name: str) -> bool:
    """Whether a parameter is given on the command line."""
    return ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE


def give_way(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Where to measure, unless a flag says otherwise: --python, --far, or the session of --resume."""
    stronger = {"python", "far", "resume"} - {option.name}
    is_settled = not is_flagged(ctx, str(option.name))
    return () if is_settled and any(is_flagged(ctx, name) for name in stronger) else value


def soften(ctx: click.Context, asked: dict[str, Any]) -> dict[str, Any]:
    """What `run` is asked, where a settled dtype is but preferred, and an effort that is given has its own figures."""
    softened = dict(asked)
    if not is_flagged(ctx, "dtype"):
        softened |= {"dtype": None, "preferred_dtype": asked["dtype"] or DEFAULT_DTYPE}
    if is_flagged(ctx, "effort"):
        softened |= {name: None for name in FIGURES if not is_flagged(ctx, name)}
    return softened


def screen_options(command: Command) -> Command:
    """Give a command the options of the screen; `with_flags` reads them."""
    for option in (
        click.option("--ascii/--no-ascii", default=None, help="Draw with ASCII signs alone, or never so."),
        click.option("--theme", metavar="NAME", shell_complete=completers.themes, help="The colours of the screen."),
    ):
        command = option(command)
    return command


def with_flags(ctx: click.Context) -> Configuration:
    """What is settled for the screen, with the command's flags. Raises click.UsageError."""
    configuration: Configuration = ctx.obj
    flags = {name: ctx.params[name] for name in ("theme", "ascii") if is_flagged(ctx, name)}
    if "theme" in flags:
        try:
            one_of(flags["theme"], theme_names(), "theme")
        except PlanError as error:
            raise click.UsageError(str(error)) from None
    if "ascii" in flags:
        flags["ascii"] = "on" if flags["ascii"] else "off"
    return configuration.having(flags, Source.FLAG)
