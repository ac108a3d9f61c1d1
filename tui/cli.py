"""The commands. Each imports what it needs when it runs: `list` loads no screen, and none loads TensorFlow."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bench import __version__
from bench.plan import DEFAULT_SEED, Plan, PlanError

from . import opening
from .command_line import FAILED, INTERRUPTED, CommandLine, silence_stdout
from .opening import FarOptions, far_options
from .outputs import Outputs

if TYPE_CHECKING:
    from bench.results import CaseResult
    from bench.session import Session

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)

NO_TENSORFLOW = "install TensorFlow there, or name a Python that has it: --python PATH"


def output_options(command: Command) -> Command:
    """Give a command the options that make up Outputs."""
    for option in (
        click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write results as JSON; - is stdout."),
        click.option("--csv", "csv_file", type=FILE, metavar="FILE", help="Write results as CSV; - is stdout, alone."),
    ):
        command = option(command)
    return command


session_option = click.option("--session", "session_file", type=FILE, metavar="FILE", help="Keep the session here.")


@click.group(cls=CommandLine, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@far_options
@session_option
@click.version_option(__version__, prog_name="tfjit-tui")
@click.pass_context
def main(ctx: click.Context, /, session_file: Path | None, **far: Any) -> None:
    """Does JIT pay off? Eager, tf.function and XLA, side by side.

    Without a command, opens the screen.
    """
    options = FarOptions(**far)
    if ctx.invoked_subcommand is not None:
        if session_file is not None or options != FarOptions():
            raise click.UsageError(f"put the options after the command: tfjit-tui {ctx.invoked_subcommand} ...")
        return
    opening.check_terminal()
    source, journal = opening.open_engine(options, session_file)
    try:
        opening.show(source, journal.path if journal else None, far_arguments=options.arguments)
    finally:
        if journal is not None:
            journal.close()


@main.command()
@click.argument("workloads", nargs=-1, metavar="WORKLOAD...")
@click.option("--dim", "dims", multiple=True, metavar="NAME=N", help="Size of a dimension; may be repeated.")
@click.option("--dtype", metavar="T", help="float16, bfloat16, float32 or float64.  [default: float32]")
@click.option("--device", "devices", multiple=True, metavar="D", help="TensorFlow's name; may be repeated. [CPU:0]")
@click.option("--modes", default="eager,graph,xla", show_default=True)
@click.option("--seed", type=int, metavar="N", help=f"For random inputs.  [default: {DEFAULT_SEED}]")
@click.option("--preset", metavar="NAME", help="A published benchmark, its claims beside the figures: seed.")
@click.option("--effort", default="quick", show_default=True, metavar="NAME", help="quick or thorough.")
@click.option("--processes", type=int, metavar="N", help="Fresh processes a case; the interval is between them.")
@click.option("--budget", type=float, metavar="SECONDS", help="For a case's rounds in a process, without compiling.")
@click.option("--target", type=float, metavar="PERCENT", help="Stop once speedups are known this well.")
@click.option("--effect", type=float, metavar="PERCENT", default=2, show_default=True, help="Least that matters.")
@click.option("--case-timeout", type=float, metavar="SECONDS", default=120, show_default=True)
@click.option("--calls", type=int, metavar="N", default=100_000, show_default=True, help="To repay a compile within.")
@output_options
@session_option
@far_options
def run(
    workloads: tuple[str, ...],
    dims: tuple[str, ...],
    dtype: str | None,
    devices: tuple[str, ...],
    modes: str,
    seed: int | None,
    preset: str | None,
    effort: str,
    processes: int | None,
    budget: float | None,
    target: float | None,
    effect: float,
    case_timeout: float,
    calls: int,
    csv_file: Path | None,
    json_file: Path | None,
    session_file: Path | None,
    **far: Any,
) -> None:
    """Measure workloads and print the results.

    WORKLOAD is a name from `tfjit-tui list`, or FILE.py::FUNCTION.

    Exits with 0 if all was measured, 1 if a mode failed or came out wrong, 2 if it was asked for something impossible,
    130 after Ctrl-C, with what was finished.
    """
    from .headless import Watch, measure
    from .report import case_text
    from .request import find_preset, make_cases, parse_dims, parse_effort, parse_modes

    published = find_preset(preset) if preset is not None else None
    sizes = parse_dims(dims)
    if published is not None:
        if workloads or sizes or dtype is not None or seed is not None:
            raise PlanError("a preset says what to measure: give no WORKLOAD, --dim, --dtype or --seed with it")
        case = published.case
        workloads, sizes, dtype, seed = (case.workload,), case.dims, case.dtype, case.seed
    cases = make_cases(
        workloads,
        sizes,
        dtype=dtype,
        devices=devices,
        modes=parse_modes(modes),
        seed=DEFAULT_SEED if seed is None else seed,
    )
    plan = Plan(cases, parse_effort(effort, budget, target, processes), effect / 100, case_timeout, calls, preset or "")
    outputs = Outputs(csv_file, json_file)
    outputs.check()
    source, journal = opening.open_engine(FarOptions(**far), session_file)

    full: list[OSError] = []

    def tell(case: CaseResult) -> None:
        if case.started_at is None and case.state == "cancelled":
            return
        try:
            click.echo(case_text(case) + "\n", err=outputs.take_stdout)
        except OSError as error:
            if not outputs.to_files:
                raise
            silence_stdout()
            if not isinstance(error, BrokenPipeError):
                full.append(error)

    try:
        session, interrupted = measure(source, plan, Watch(tell))
    finally:
        source.close()
        if journal is not None:
            journal.close()
    outputs.write(session)
    if full:
        raise full[0]
    if session.hello is None and session.trouble:
        click.echo("\n".join([*session.trouble, *_advice(session)]), err=True)
    if interrupted:
        sys.exit(INTERRUPTED)
    if not session.cases or not all(case.all_ok for case in session.cases.values()):
        sys.exit(FAILED)


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_workloads(as_json: bool) -> None:
    """Show what can be measured."""
    from bench.catalogue import WORKLOADS

    from .report import workload_objects, workload_table

    workloads = WORKLOADS.values()
    click.echo(json.dumps(workload_objects(workloads), indent=2) if as_json else workload_table(workloads))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@far_options
def devices(as_json: bool, **far: Any) -> None:
    """Show the devices that TensorFlow lists; none is initialised."""
    from .headless import find_devices
    from .report import device_table

    source, _ = opening.open_engine(FarOptions(**far), None, keep=False)
    session = find_devices(source)
    if not session.devices:
        what = session.trouble[0] if session.trouble else "TensorFlow listed no device"
        raise click.ClickException(": ".join([what, *_advice(session)]))
    listed = [asdict(device) for device in session.devices]
    click.echo(json.dumps(listed, indent=2) if as_json else device_table(session.devices))


def _advice(session: Session) -> list[str]:
    from .activity import lacks_tensorflow

    return [NO_TENSORFLOW] if lacks_tensorflow(session.trouble) else []


@main.command()
@click.argument("session")
@output_options
def export(session: str, csv_file: Path | None, json_file: Path | None) -> None:
    """Write the results of a recorded session.

    SESSION is its file, or the id of one in the usual place.
    """
    from bench.events import PlanFinished

    outputs = Outputs(csv_file, json_file)
    if csv_file is None and json_file is None:
        raise click.UsageError("say what to write: --csv FILE or --json FILE (- is stdout)")
    outputs.check()
    _, recording, results = opening.open_recording(session)
    for notice in recording.notices:
        click.echo(notice, err=True)
    if results.measuring:
        results.apply(PlanFinished(cancelled=True))  # the recording broke off: what had not ended never will
    outputs.write(results)


@main.command()
@click.argument("session")
@click.option("--speed", type=float, default=1.0, show_default=True, metavar="X", help="inf is at once.")
def replay(session: str, speed: float) -> None:
    """Show a recorded session on the screen as it happened.

    SESSION is its file, or the id of one in the usual place.
    """
    from bench.events import Notice
    from bench.source import Replay

    if not speed > 0:
        raise click.UsageError(f"--speed {speed:g}: give a number above 0")
    path, recording, _ = opening.open_recording(session)
    opening.check_terminal()
    last = recording.events[-1].at
    notices = [Notice(text=text, severity="warning", at=last) for text in recording.notices]
    opening.show(Replay([*recording.events, *notices], speed), path, read_only=True)
