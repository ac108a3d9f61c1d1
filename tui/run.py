"""`tfjit-tui run`: measuring without a screen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.formats import FORMATS, Format
from bench.plan import DEFAULT_MODES, DEFAULT_SEED, MORE_MODES, Plan

from . import completers, opening, recorded
from .command_line import refuse
from .config_flags import as_shipped, soften, unsettled_option
from .console import FAILED, NOT_WRITTEN, advice_on, complain, say
from .inputs import InputFile, inputs_of
from .opening import FarOptions, far_options, session_option
from .outputs import Outputs, output_options

if TYPE_CHECKING:
    from bench.journal_file import Journal
    from bench.session import Session
    from bench.source import Source

    from .gate import Condition


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
@click.option("--inputs", default="", metavar="SPEC", help="What your own code takes: 'x=float32[batch=32,64]'.")
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
@click.option(
    "--effort",
    default="quick",
    show_default=True,
    metavar="NAME",
    shell_complete=completers.efforts,
    help="quick or thorough.",
)
@click.option("--processes", type=int, metavar="N", help="Fresh processes a case; the interval is between them.")
@click.option("--budget", type=float, metavar="SECONDS", help="For a case's rounds in a process, without compiling.")
@click.option("--target", type=float, metavar="PERCENT", help="Stop once speedups are known this well.")
@click.option("--effect", type=float, metavar="PERCENT", default=2, show_default=True, help="Least that matters.")
@click.option("--case-timeout", type=float, metavar="SECONDS", default=120, show_default=True)
@click.option("--calls", type=int, metavar="N", default=100_000, show_default=True, help="To repay a compile within.")
@click.option("--fail-if", multiple=True, metavar="CONDITION", help="Such as 'xla_vs_graph < 1.3'; may be repeated.")
@click.option(
    "--resume",
    metavar="SESSION",
    shell_complete=completers.sessions,
    help="Measure what a session has left undone, into its own file.",
)
@output_options(FORMATS)
@session_option
@far_options
@unsettled_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    fail_if: tuple[str, ...],
    resume: str | None,
    outputs: Outputs[Format],
    session_file: Path | None,
    python: tuple[str, ...],
    far: tuple[str, ...],
    gpu_memory_limit: int | None,
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
    from bench.crossover import conclusions
    from bench.repeat import far_arguments_of

    from .delivery import Delivery
    from .gate import exit_code, parse_condition
    from .headless import Watch, measure
    from .interruption import heeding_signals
    from .report import plan_text

    options = FarOptions(python, far, gpu_memory_limit)
    gates = [parse_condition(text) for text in fail_if]
    if resume is None:
        task = _new_task(ctx, soften(ctx, asked), options, gates)
        outputs.check(_inputs(asked["workloads"], task, options, session_file))
        source, journal = opening.open_engine(options, session_file)
    else:
        refuse(ctx, (*asked, "session_file"), "--resume goes on as the session began")
        task, source, journal = _resumed_task(resume, options, outputs)
    if len(task.plan.cases) > 1:
        say(plan_text(task.plan))
    session = task.session
    delivery = Delivery(outputs, session)
    with heeding_signals() as interruption:
        try:
            delivery.begin(task.case_ids)
            measure(source, task.plan, Watch(delivery.take), task.case_ids, session, interruption=interruption)
        finally:
            source.close()
            if journal is not None:
                journal.close()
        far_arguments = (*as_shipped(ctx.obj.config), *(options.arguments or far_arguments_of(session)))
        delivery.finish(lambda each: each.text(session, far_arguments))
        for conclusion in conclusions(session.cases.values()):
            delivery.tell(conclusion)
        for gate in gates:
            for case in session.cases.values():
                delivery.tell(gate.told(case))
    if session.hello is None and session.trouble:
        say("\n".join([*session.trouble, *advice_on(session.trouble)]))
    for failure in filter(None, delivery.failures):
        complain(failure, NOT_WRITTEN)
    if interruption:
        _tell_how_to_go_on(session, journal)
        sys.exit(interruption.exit_code)
    if delivery.failures or (journal is not None and journal.failed and (session_file or resume)):
        sys.exit(NOT_WRITTEN)
    if gates:
        sys.exit(exit_code([gate.outcome(case) for gate in gates for case in session.cases.values()]))
    if not session.cases or not all(case.all_ok for case in session.cases.values()):
        sys.exit(FAILED)


def _tell_how_to_go_on(session: Session, journal: Journal | None) -> None:
    """Say by what command the rest is measured, if there is a rest and a file that it can go into."""
    if journal is None or journal.failed or not session.unfinished:
        return
    import shlex

    from .locations import LocationError, sessions_place

    path = journal.path
    try:
        is_usual = path.parent == sessions_place()
    except LocationError:
        is_usual = False
    say(f"the rest is measured by: tfjit-tui run --resume {path.stem if is_usual else shlex.quote(str(path))}")


@dataclass(frozen=True)
class Task:
    """A plan to measure: under new ids in a new session, or under the ids that it has in one that is gone on with."""

    plan: Plan
    session: Session
    case_ids: tuple[str, ...] = ()


def _new_task(ctx: click.Context, asked: dict[str, Any], options: FarOptions, gates: Sequence[Condition]) -> Task:
    from bench import session

    from .planned import plan_of

    plan = plan_of(ctx, asked, gated=bool(gates))
    for gate in gates:
        gate.check(plan.cases)
    return Task(plan.on_each(options.names), session.Session())


def _inputs(words: Iterable[str], task: Task, options: FarOptions, session_file: Path | None) -> Iterator[InputFile]:
    """What `run` reads and keeps: plans, code and models, Pythons, the session's file."""
    from .planned import plan_paths

    yield from (InputFile("the plan", path) for path in plan_paths(words))
    yield from inputs_of(task.plan.cases)
    yield from (InputFile("--python", Path(python)) for python in options.python)
    if session_file is not None:
        yield InputFile("--session", session_file)


def _resumed_task(name: str, options: FarOptions, outputs: Outputs[Format]) -> tuple[Task, Source, Journal | None]:
    """What a session has left undone, where it was measured unless the options say otherwise."""
    path, session = recorded.open_session(name, ended=False)
    left = session.unfinished
    if not left:
        raise click.UsageError(f"{path.name} has nothing left to measure: `tfjit-tui export` writes its results")
    outputs.check([InputFile("--resume", path), *inputs_of(case.case for case in left)])
    source, journal = opening.reopen_engine(opening.where_it_was(options, session, left), path, session)
    plan = replace(left[-1].plan, cases=tuple(case.case for case in left))
    return Task(plan, session, tuple(case.case_id for case in left)), source, journal
