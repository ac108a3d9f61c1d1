"""`tfjit-tui sessions` and `tfjit-tui resume`: earlier sessions, listed and gone on with."""

from __future__ import annotations

import json
from typing import Any

import click

from ...config.trust import Trust
from .. import screen_loop, startup
from ..console import say, show, show_json
from ..options import completers
from ..options.defaults import screen_options, with_flags
from ..options.far import FarOptions, allow_code_option, far_options, machine_option


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def sessions(words: tuple[str, ...], as_json: bool) -> None:
    """List earlier sessions, the latest first: all, or those that have every WORD.

    A word is part of a workload's name, a size such as m=64, a dtype, a device, a host, a date. What the first column
    names, `replay`, `resume`, `export` and `run --resume` take.
    """
    from bench.session.history import History

    from ...config.locations import LocationError, sessions_place
    from ...presentation.session_rows import COLUMNS, is_wanted, objects_of, row_of
    from ..report import table

    try:
        folder = sessions_place()
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    wanted = " ".join(words)
    found = [outline for outline in History(folder).outlines() if is_wanted(outline, wanted)]
    if as_json:
        show_json(json.dumps(objects_of(found), indent=2))
    elif found:
        rows = [(outline.path.stem, *row_of(outline).values()) for outline in found]
        show(table([("session", *COLUMNS), *rows]))
    else:
        say(f"no session{f' has {wanted!r}' if wanted else ''} in {folder}")


@click.command()
@click.argument("session", required=False, shell_complete=completers.sessions)
@far_options
@machine_option
@allow_code_option
@screen_options
@click.pass_context
def resume(
    ctx: click.Context,
    /,
    session: str | None,
    python: tuple[str, ...],
    far: tuple[str, ...],
    gpu_memory_limit: int | None,
    machine: str,
    allow_code: tuple[str, ...],
    **_flags: Any,
) -> None:
    """Go on with a session, on the screen: what it has left is measured, what follows is kept in the same file.

    SESSION is its file, or the id of one in the usual place; by default, the latest that broke off. A far side or code
    that it names and that was never used here is asked about first.
    """
    startup.check_terminal()
    options, configuration = FarOptions.of(ctx, python, far, gpu_memory_limit, machine), with_flags(ctx)
    trust = Trust(configuration, allow_code)
    screen_loop.show(
        screen_loop.go_on(options, session or screen_loop.latest_broken_off(), trust), trust, configuration
    )
