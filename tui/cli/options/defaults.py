"""What is settled, as the defaults of options, and the flags that are stronger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from bench.plan import DEFAULT_DTYPE, PlanError
from bench.rules import EFFORT, FIGURES

from ...config.loader import ConfigSource, Configuration
from ...config.schema import KEYS, NO_CONFIG
from . import completers

Command = TypeVar("Command", bound=Callable[..., Any])


SETTLED_COMMANDS = ("run", "support", "devices", "resume")
"""Beside the screen, the commands whose options have what is settled as their defaults: those that measure."""


def is_given(ctx: click.Context, name: str) -> bool:
    """Whether a parameter of the command stands on its command line."""
    return ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE


def refuse(ctx: click.Context, names: Iterable[str], why: str) -> None:
    """Raise click.UsageError where one of these parameters is given."""
    words = {
        parameter.name: parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
        for parameter in ctx.command.params
    }
    if given := next((name for name in names if is_given(ctx, name)), None):
        raise click.UsageError(f"{why}: give no {words[given]} with it")


def settled_defaults(command: click.Command, configuration: Configuration) -> dict[str, Any]:
    """The defaults that are settled, of the options of a command: an option takes what its flag names."""
    settled = {key.flag: configuration.settled(key.name) for key in KEYS.values()}
    return {
        str(option.name): _fitting(option, settled[option.opts[0]])
        for option in command.params
        if isinstance(option, click.Option) and not option.is_flag and settled.get(option.opts[0]) is not None
    }


def _fitting(option: click.Option, value: Any) -> Any:
    if isinstance(value, tuple):
        return value if option.multiple else ",".join(value)
    return (value,) if option.multiple else value


def give_way(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Where to measure, unless that is said otherwise: by --python, by --far, or by a session that is gone on with."""
    if is_given(ctx, str(option.name)):
        return value
    goes_on = ctx.info_name == "resume" or is_given(ctx, "resume")
    return () if goes_on or is_given(ctx, "python") or is_given(ctx, "far") else value


def soften(ctx: click.Context, asked: dict[str, Any]) -> dict[str, Any]:
    """What `run` is asked, where a settled dtype is but preferred, and an effort that is given has its own figures."""
    softened = dict(asked)
    if not is_given(ctx, "dtype"):
        softened |= {"dtype": None, "preferred_dtype": asked["dtype"] or DEFAULT_DTYPE}
    if is_given(ctx, EFFORT.name):
        softened |= {rule.name: None for rule in FIGURES if not is_given(ctx, rule.name)}
    return softened


def _leave_aside(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        ctx.default_map = None


unsettled_option = click.option(
    NO_CONFIG,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_leave_aside,
    help="Leave aside what config.toml and variables say.",
)
"""It comes before all other options, whose defaults it takes away."""


def screen_options(command: Command) -> Command:
    """Give a command the options of the screen; `with_flags` reads them."""
    for option in (
        click.option("--ascii/--no-ascii", default=None, help="Draw with ASCII signs alone, or never so."),
        click.option("--theme", metavar="NAME", shell_complete=completers.themes, help="The colours of the screen."),
    ):
        command = option(command)
    return command


def screen_device_option(command: Command) -> Command:
    """Give a command the device that the screen begins with; `with_flags` reads it."""
    return click.option(
        "--device",
        metavar="D",
        shell_complete=completers.devices,
        help="TensorFlow's name of the device that is set up at first.  [default: CPU:0]",
    )(command)


def with_flags(ctx: click.Context) -> Configuration:
    """What is settled for the screen, with the command's flags. Raises click.UsageError."""
    configuration: Configuration = ctx.obj
    flags = {name: ctx.params[name] for name in ("theme", "ascii", "device") if is_given(ctx, name)}
    if "ascii" in flags:
        flags["ascii"] = "on" if flags["ascii"] else "off"
    try:
        checked = {name: KEYS[name].kind.check(value) for name, value in flags.items()}
    except PlanError as error:
        raise click.UsageError(str(error)) from None
    return configuration.having(checked, ConfigSource.FLAG)
