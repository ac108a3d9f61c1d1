"""`tfjit-tui export`: the results of recorded sessions, as files."""

from __future__ import annotations

from dataclasses import replace

import click

from bench.report.formats import FORMATS, Format

from ..options import completers, session_argument
from ..options.outputs import InputFile, Outputs, output_options


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SESSION...", shell_complete=completers.sessions)
@output_options(FORMATS)
@click.pass_context
def export(ctx: click.Context, /, names: tuple[str, ...], outputs: Outputs[Format]) -> None:
    """Write the results of recorded sessions; several go into one file.

    SESSION is a session's file, or the id of one in the usual place.
    """
    from bench.report.csv_export import text_cell
    from bench.report.joined_sessions import JOINED

    from ...presentation.repeat_arguments import repeat_arguments

    if not outputs.files:
        *others, last = (f"--{each.name} FILE" for each in FORMATS)
        raise click.UsageError(f"say what to write: {', '.join(others)} or {last} (- is stdout)")
    if len(names) > 1 and (alone := next((each for each in outputs.files if each.name not in JOINED), None)):
        raise click.UsageError(f"--{alone.name} holds one session: name one, or choose from --{', --'.join(JOINED)}")
    inputs = [InputFile("SESSION", session_argument.find_session(name)) for name in names]
    sessions = session_argument.open_sessions(names)
    outputs = replace(outputs, sessions=frozenset((text_cell(each.session_id),) for each in sessions))
    outputs.check(inputs)

    def content(kind: Format) -> str:
        texts = [(each.session_id, kind.text(each, repeat_arguments(ctx.obj.config, (), each))) for each in sessions]
        return texts[0][1] if len(texts) == 1 else JOINED[kind.name](texts)

    outputs.write(content)
