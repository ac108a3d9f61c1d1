"""The options of `run` for the rules of a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from bench.rules import EFFORT, RULES, Rule

from . import completers

Command = TypeVar("Command", bound=Callable[..., Any])


def rule_options(command: Command) -> Command:
    """Give a command an option for each rule, in the order of RULES."""
    for rule in reversed(RULES):
        command = _option_of(rule)(command)
    return command


def _option_of(rule: Rule[Any]) -> Callable[[Command], Command]:
    default = rule.default
    return click.option(
        rule.flag,
        type=rule.unit.type,
        metavar=rule.unit.metavar,
        default=int(default) if isinstance(default, float) and default.is_integer() else default,  # help has 2, not 2.0
        show_default=default is not None,
        shell_complete=completers.efforts if rule is EFFORT else None,
        help=rule.option_help,
    )
