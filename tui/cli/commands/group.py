"""The commands by name, and how the command line speaks: every error is one line on stderr.

A command's module is imported when the command is named: the screen opens without any.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bench.plan import PlanError, is_own
from bench.suggest import PLAN_SUFFIX, did_you_mean, nearest

from ...config.loader import read
from ..console import (
    INTERRUPTED,
    NOT_WRITTEN,
    USAGE,
    complain,
    is_of_stdout,
    open_closed_streams,
    silence_stdout,
)
from ..options.defaults import SETTLED_COMMANDS, settled_defaults
from . import completion as completion  # it teaches click Bash, which asks for completions before any command is named

COMMANDS = {
    "run": ("tui.cli.commands.run", "run"),
    "compare": ("tui.cli.commands.compare", "compare"),
    "resume": ("tui.cli.commands.sessions", "resume"),
    "sessions": ("tui.cli.commands.sessions", "sessions"),
    "config": ("tui.cli.commands.config", "config"),
    "completion": ("tui.cli.commands.completion", "completion"),
    "list": ("tui.cli.commands.workload_list", "list_workloads"),
    "devices": ("tui.cli.commands.devices", "devices"),
    "support": ("tui.cli.commands.support", "support"),
    "export": ("tui.cli.commands.export", "export"),
    "replay": ("tui.cli.commands.replay", "replay"),
}
"""By name: the module of a command, and what it is called there."""


class StdoutClosedError(Exception):
    """Nobody reads stdout any more. Not a BrokenPipeError, for which click exits with 1."""


class CommandLine(click.Group):
    """A group of commands that tells errors in one line, the nearest valid names in it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and exit."""
        open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # an ASCII terminal gets ? for ×
        configuration = read()
        settled = {"obj": configuration, "default_map": settled_defaults(self, configuration)}
        try:
            code = super().main(*args, **{**settled, **extra, "standalone_mode": False})
        except click.ClickException as error:
            code = complain(error.format_message(), error.exit_code)
        except PlanError as error:
            code = complain(str(error), USAGE)
        except (KeyboardInterrupt, click.Abort):
            code = INTERRUPTED
        except StdoutClosedError:
            silence_stdout()
            code = NOT_WRITTEN
        except MemoryError:
            code = complain("there is not enough memory for that: give a smaller file, or end other programs", USAGE)
        except OSError as error:
            code = _complain_of(error)
        sys.exit(code if isinstance(code, int) else 0)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; `--help` prints here."""
        with _telling_a_closed_pipe():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        with _telling_a_closed_pipe():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, as help has them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, with what is settled as the defaults of its options."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        if ctx.default_map is not None and cmd_name in SETTLED_COMMANDS:
            ctx.default_map[cmd_name] = settled_defaults(command, ctx.obj)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named first. A workload is not one, but nearly."""
        name = args[0]
        if name not in COMMANDS and not ctx.resilient_parsing:  # as while a command line is completed
            from bench.catalogue import WORKLOADS

            can_run = name in WORKLOADS or is_own(name) or name.endswith(PLAN_SUFFIX)
            near = [name] if can_run else nearest(name, (*COMMANDS, *WORKLOADS))
            if near and near[0] in COMMANDS:
                words = [each for each in near if each in COMMANDS]
            else:
                words = [f"run {each}" for each in near if each not in COMMANDS]
            known = [f"`tfjit-tui {word}`" for word in words]
            hint = did_you_mean(known) if known else f"choose from {', '.join(COMMANDS)}"
            raise click.UsageError(f"there is no command {name!r}: {hint}")
        return super().resolve_command(ctx, args)


def _complain_of(error: OSError) -> int:
    """Print what could not be written to stdout, or read; return the exit code."""
    from bench.files.targets import reason

    if is_of_stdout(error):
        silence_stdout()
        return complain(f"cannot write to stdout: {reason(error)}", NOT_WRITTEN)
    if error.filename is not None:
        return complain(f"cannot read {os.fsdecode(error.filename)!r}: {reason(error)}", USAGE)
    try:
        Path.cwd()
    except OSError:  # it was removed: the error names no file
        return complain(f"cannot read the current directory: {reason(error)}", USAGE)
    return complain(reason(error), USAGE)


@contextmanager
def _telling_a_closed_pipe() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise StdoutClosedError from None
