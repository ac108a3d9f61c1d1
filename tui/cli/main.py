"""`tfjit-tui`: the screen, and the way to the commands."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from bench import __version__

from ..config.trust import Trust
from . import screen_loop, startup
from .commands.group import CommandLine
from .console import say
from .options.defaults import is_given, screen_device_option, screen_options, with_flags
from .options.far import FarOptions, far_options, machine_option, session_option

TELL_TROUBLES_THEMSELVES = ("replay", "resume", "config", "completion")
"""Of the commands: what is wrong with the configuration is shown in them, or has no place in what they print."""


@click.group(cls=CommandLine, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@far_options
@machine_option
@session_option
@screen_device_option
@screen_options
@click.version_option(__version__, prog_name="tfjit-tui")
@click.pass_context
def main(
    ctx: click.Context,
    /,
    session_file: Path | None,
    python: tuple[str, ...],
    far: tuple[str, ...],
    gpu_memory_limit: int | None,
    machine: str,
    **_flags: Any,
) -> None:
    """Does JIT pay off? Eager, tf.function and XLA, side by side.

    Without a command, opens the screen.
    """
    if ctx.invoked_subcommand is not None:
        if any(is_given(ctx, name) for name in ctx.params):
            raise click.UsageError(f"put the options after the command: tfjit-tui {ctx.invoked_subcommand} ...")
        if ctx.invoked_subcommand not in TELL_TROUBLES_THEMSELVES:
            for trouble in ctx.obj.troubles:
                say(f"tfjit-tui: {trouble}")
        return
    options = FarOptions.of(ctx, python, far, gpu_memory_limit, machine)
    configuration = with_flags(ctx)
    startup.check_terminal()
    gc.disable()  # until the screen is complete: what starts leaves no garbage, and looking for it takes its time
    screen_loop.show(screen_loop.begin(options, session_file), Trust(configuration), configuration)
