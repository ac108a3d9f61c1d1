"""`tfjit-tui replay`: a recorded session on the screen, as it happened."""

from __future__ import annotations

import gc
from typing import Any

import click

from bench.number_text import number

from .. import startup
from ..options import completers, session_argument
from ..options.defaults import screen_options, with_flags


@click.command()
@click.argument("session", shell_complete=completers.sessions)
@click.option("--speed", type=float, default=1.0, show_default=True, metavar="X", help="inf is at once.")
@screen_options
@click.pass_context
def replay(ctx: click.Context, /, session: str, speed: float, **_flags: Any) -> None:
    """Show a recorded session on the screen as it happened.

    SESSION is its file, or the id of one in the usual place.
    """
    if not speed > 0:
        raise click.UsageError(f"--speed {number(speed)}: give a number above 0")
    configuration = with_flags(ctx)
    gc.disable()
    path, source = session_argument.play_session(session, speed)
    startup.check_terminal()
    startup.show(source, path, read_only=True, configuration=configuration)
