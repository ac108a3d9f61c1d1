"""The commands. Each imports what it needs when it runs: `list` loads no screen, and none loads TensorFlow."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from bench import __version__
from bench.number_text import number
from bench.report.formats import FORMATS, Format

from ..config.trust import Trust
from . import screen_loop, startup
from .commands.compare import compare
from .commands.completion import completion
from .commands.config import config
from .commands.group import CommandLine
from .commands.run import run
from .commands.sessions import resume, sessions
from .console import CANNOT_TELL, advice_on, say, show, show_json
from .options import completers, session_argument
from .options.defaults import is_given, screen_options, with_flags
from .options.far import FarOptions, far_options, machine_option, session_option
from .options.outputs import InputFile, Outputs, output_options

TELL_TROUBLES_THEMSELVES = ("replay", "resume", "config", "completion")
"""Of the commands: what is wrong with the configuration is shown in them, or has no place in what they print."""


class NoTensorFlowError(click.ClickException):
    """TensorFlow could not be asked. Its exit code is 3: 1 means that a mode or a gate failed."""

    exit_code = CANNOT_TELL

    def __init__(self, trouble: Sequence[str]) -> None:
        what = trouble[0] if trouble else "TensorFlow listed no device"
        super().__init__(": ".join([what, *advice_on(trouble)]))


@click.group(cls=CommandLine, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@far_options
@machine_option
@session_option
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


for command in (run, compare, resume, sessions, config, completion):
    main.add_command(command)


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_workloads(as_json: bool) -> None:
    """Show what can be measured, and what `support` has found to fail where it was tried last."""
    from bench.analysis.support import SupportFile
    from bench.catalogue import WORKLOADS

    from ..config.locations import LocationError, support_file
    from .report import workload_objects, workload_table

    workloads = WORKLOADS.values()
    if as_json:
        show_json(json.dumps(workload_objects(workloads), indent=2))
        return
    try:
        memory = SupportFile(support_file())
        known = memory.known(memory.latest, workloads) if memory.latest else {}
        if memory.trouble:
            say(memory.trouble)
    except LocationError:
        known = {}  # the list does not depend on what is remembered
    show(workload_table(workloads, known))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@far_options
def devices(as_json: bool, **far: Any) -> None:
    """Show the devices that TensorFlow lists; none is initialised."""
    from .measure.headless import find_devices
    from .measure.interruption import heeding_signals
    from .report import device_table

    source, _ = startup.open_engine(FarOptions(**far).single(), None, keep=False)
    with heeding_signals() as interruption:
        session = find_devices(source, interruption)
    if interruption:
        sys.exit(interruption.exit_code)
    if not session.devices:
        raise NoTensorFlowError(session.trouble)
    listed = [asdict(device) for device in session.devices]
    if as_json:
        show_json(json.dumps(listed, indent=2))
    else:
        show(device_table(session.devices))


@main.command()
@click.argument("workloads", nargs=-1, metavar="[WORKLOAD]...", shell_complete=completers.built_in_workloads)
@click.option(
    "--device",
    default="CPU:0",
    show_default=True,
    metavar="D",
    shell_complete=completers.devices,
    help="TensorFlow's name.",
)
@click.option("--again", is_flag=True, help="Try what was tried before, too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@far_options
def support(workloads: tuple[str, ...], device: str, again: bool, as_json: bool, **far: Any) -> None:
    """Show what works in which mode: the whole catalogue, or WORKLOADs.

    Each is tried at its least size. What was found is remembered for this version of TensorFlow and kind of device.
    """
    from bench.analysis.support import SupportFile
    from bench.catalogue import WORKLOADS, find
    from bench.plan import Case

    from ..config.locations import LocationError, support_file
    from .measure.headless import ProgressReporter
    from .measure.interruption import heeding_signals
    from .measure.support_trial import try_workloads
    from .report import support_objects, support_table

    chosen = [find(name) for name in dict.fromkeys(workloads or WORKLOADS)]
    device = Case(chosen[0].name, device=device.upper()).device
    try:
        memory = SupportFile(support_file())
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    source, _ = startup.open_engine(FarOptions(**far).single(), None, keep=False)
    with heeding_signals() as interruption:
        try:
            trials = try_workloads(
                source, chosen, device, memory, interruption, again=again, reporter=ProgressReporter()
            )
        finally:
            source.close()
    for text in trials.troubles:
        say(text)
    if trials.place is None and interruption:
        sys.exit(interruption.exit_code)
    if trials.place is None:
        raise NoTensorFlowError(trials.session.trouble)
    known = trials.known.values()
    if as_json:
        show_json(json.dumps(support_objects(known), indent=2))
    else:
        show(support_table(trials.place, known))
    if interruption:
        sys.exit(interruption.exit_code)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="SESSION...", shell_complete=completers.sessions)
@output_options(FORMATS)
@click.pass_context
def export(ctx: click.Context, /, names: tuple[str, ...], outputs: Outputs[Format]) -> None:
    """Write the results of recorded sessions; several go into one file.

    SESSION is a session's file, or the id of one in the usual place.
    """
    from bench.report.csv_export import text_cell
    from bench.report.joined_sessions import JOINED

    from ..presentation.repeat_arguments import repeat_arguments

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


@main.command()
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
