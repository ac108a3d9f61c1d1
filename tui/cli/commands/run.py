"""`tfjit-tui run`: measuring without a screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from bench.plan import DEFAULT_DEVICE, DEFAULT_MODES, DEFAULT_SEED, MORE_MODES
from bench.report.formats import FORMATS, Format

from ...config.trust import Trust
from ..console import FAILED, NOT_WRITTEN, USAGE, advice_on, complain, say, show, show_json
from ..measure.task import Task, new_task, task_left
from ..options import completers
from ..options.defaults import refuse, soften, unsettled_option
from ..options.far import FarOptions, allow_code_option, far_options, machine_option, session_option
from ..options.outputs import Outputs, output_options
from ..options.rules import rule_options

if TYPE_CHECKING:
    from bench.session.journal_writer import Journal
    from bench.session.session import Session


@click.command()
@click.argument("workloads", nargs=-1, metavar="WORKLOAD...", shell_complete=completers.workloads)
@click.option(
    "--dim",
    "dims",
    multiple=True,
    metavar="NAME=N",
    shell_complete=completers.dims,
    help="Size of a dimension; may be repeated.",
)
@click.option(
    "--dtype",
    metavar="T",
    shell_complete=completers.dtypes,
    help="float16, bfloat16, float32, float64, mixed_float16, mixed_bfloat16.  [default: float32]",
)
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="AXIS",
    shell_complete=completers.axes,
    help="m=64..4096:x2, m=k=n=64..1024, dtype=a,b.",
)
@click.option(
    "--runtime",
    multiple=True,
    metavar="SETTING",
    shell_complete=completers.runtime,
    help="onednn=off, tf32=off, intra_op_threads=2, ...",
)
@click.option(
    "--inputs",
    default="",
    metavar="SPEC",
    help="What your own code takes, by name or in order: 'x=float32[batch=32,64]'.",
)
@click.option(
    "--against",
    default="",
    metavar="WORKLOAD",
    shell_complete=completers.workloads,
    help="An old implementation, measured in the same rounds: step.py::old.",
)
@click.option(
    "--against-ref", default="", metavar="REV", help="The same as it was at a revision of its git repository."
)
@click.option(
    "--device",
    "devices",
    multiple=True,
    metavar="D",
    shell_complete=completers.devices,
    help="TensorFlow's name; may be repeated. [CPU:0]",
)
@click.option(
    "--modes",
    default=",".join(DEFAULT_MODES),
    show_default=True,
    shell_complete=completers.modes,
    help=f"Also {', '.join(MORE_MODES)}.",
)
@click.option("--seed", type=int, metavar="N", help=f"For random inputs.  [default: {DEFAULT_SEED}]")
@click.option(
    "--preset",
    metavar="NAME",
    shell_complete=completers.presets,
    help="A published benchmark, its claims beside the figures: seed.",
)
@rule_options
@click.option(
    "--fail-if",
    multiple=True,
    metavar="CONDITION",
    help="Such as 'xla_vs_graph < 1.3', 'new_vs_old < 0.98'; may be repeated.",
)
@click.option("--filter", "words", default="", metavar="WORDS", help="Only cases that have all of these words.")
@click.option("--dry-run", is_flag=True, help="List what would be measured and how long it takes; start nothing.")
@click.option(
    "--resume",
    metavar="SESSION",
    shell_complete=completers.sessions,
    help="Measure what a session has left undone, into its own file.",
)
@allow_code_option
@output_options(FORMATS)
@session_option
@far_options
@machine_option
@unsettled_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    fail_if: tuple[str, ...],
    words: str,
    dry_run: bool,
    resume: str | None,
    allow_code: tuple[str, ...],
    outputs: Outputs[Format],
    session_file: Path | None,
    python: tuple[str, ...],
    far: tuple[str, ...],
    gpu_memory_limit: int | None,
    machine: str,
    **asked: Any,
) -> None:
    """Measure workloads and print the results.

    WORKLOAD is a name from `tfjit-tui list`, or code of yours: FILE.py::FUNCTION, MODULE:FUNCTION, MODEL.keras,
    SAVED_MODEL_DIRECTORY/[::SIGNATURE]. Or it is a plan's file, which says all of what to measure; - is stdin.

    Exits with 0 if all was measured, 1 if a mode failed or came out wrong, 2 if it was asked for something impossible,
    4 if an output could not be written, 130 after Ctrl-C and 143 after SIGTERM, with what was finished.

    With --fail-if, 3 processes measure a case unless --processes says otherwise, and the conditions alone decide: 1 if
    the whole likely range of a speedup is as it says, 0 if none of it is, in every case; else 3: a range lies on both
    sides, or a mode failed, is wrong or suspicious.
    """
    from bench.analysis.crossover import conclusions

    from ...presentation.repeat_arguments import repeat_arguments
    from ...presentation.status_text import plan_text
    from ..gate import exit_code, parse_condition
    from ..measure.delivery import Delivery
    from ..measure.headless import ProgressReporter, measure
    from ..measure.interruption import heeding_signals

    options = FarOptions.of(ctx, python, far, gpu_memory_limit, machine)
    conditions = [parse_condition(text) for text in fail_if]
    if resume is None:
        if allow_code:
            raise click.UsageError("--allow-code goes with --resume: code that you name yourself is run")
        task = new_task(ctx, soften(ctx, asked), options, conditions, words)
    else:
        refuse(ctx, (*asked, "session_file"), "--resume goes on as the session began")
        task = task_left(resume, conditions, words)
    outputs.check(task.inputs(asked["workloads"], options, session_file))
    task.check_code(options, is_dry_run=dry_run)
    if dry_run:
        if session_file is not None and session_file.exists():
            raise click.UsageError(f"{session_file} exists already: a session never writes over a file")
        _tell_plan(task, outputs)
        return
    source, journal = task.open(options, session_file, Trust(ctx.obj, allow_code))
    if len(task.plan.cases) > 1:
        say(plan_text(task.plan))
    session = task.session
    delivery = Delivery(outputs, session)
    with heeding_signals() as interruption:
        try:
            delivery.begin(task.case_ids)
            reporter = ProgressReporter(delivery.take, offers_gpus=_names_no_device(ctx, task))
            measure(source, task.plan, reporter, task.case_ids, session, interruption=interruption)
        finally:
            source.close()
            if journal is not None:
                journal.close()
        arguments = repeat_arguments(ctx.obj.config, options.arguments, session)
        delivery.finish(lambda each: each.text(session, arguments), lambda: bool(interruption))
        for conclusion in conclusions(session.cases.values()):
            delivery.tell(conclusion)
        gated = task.gated()
        for condition, case in gated:
            delivery.tell(condition.told(case))
    if session.hello is None and session.trouble:
        say("\n".join([*session.trouble, *advice_on(session.trouble)]))
    for failure in filter(None, delivery.failures):
        complain(failure, NOT_WRITTEN)
    if interruption:
        _tell_how_to_go_on(session, journal)
        sys.exit(interruption.exit_code)
    if delivery.failures or (journal is not None and journal.failed and (session_file or resume)):
        sys.exit(NOT_WRITTEN)
    if task.gates:
        sys.exit(exit_code([condition.outcome(case) for condition, case in gated]))
    if any(case.refused for case in task.asked_for()):
        sys.exit(USAGE)
    if not session.cases or not all(case.all_ok for case in task.asked_for()):
        sys.exit(FAILED)


def _names_no_device(ctx: click.Context, task: Task) -> bool:
    """Tell whether a new session measures on the CPU for want of another word."""
    on_cpu = task.path is None and all(case.device == DEFAULT_DEVICE for case in task.plan.cases)
    return on_cpu and ctx.get_parameter_source("devices") == ParameterSource.DEFAULT


def _tell_plan(task: Task, outputs: Outputs[Format]) -> None:
    """Print what would be measured; with `--json -`, as JSON. No file is written."""
    from ..measure.dry_run import plan_listing, plan_object

    if any(output.is_stdout and output.kind.name == "json" for output in outputs):
        show_json(json.dumps(plan_object(task.plan, task.gates), indent=2))
    else:
        show(plan_listing(task.plan, task.gates))


def _tell_how_to_go_on(session: Session, journal: Journal | None) -> None:
    """Name the command that measures the rest, if there is a rest and a file for it."""
    if journal is None or journal.failed or not session.unfinished:
        return
    import shlex

    from ...config.locations import LocationError, sessions_place

    path = journal.path
    try:
        is_usual = path.parent == sessions_place()
    except LocationError:
        is_usual = False
    say(f"the rest is measured by: tfjit-tui run --resume {path.stem if is_usual else shlex.quote(str(path))}")
