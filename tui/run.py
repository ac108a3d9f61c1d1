"""`tfjit-tui run`: measuring without a screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.plan import DEFAULT_MODES, DEFAULT_SEED, MORE_MODES, Plan, is_own

from . import completers, opening, recorded
from .command_line import refuse
from .config_flags import as_shipped, soften, unsettled_option
from .console import FAILED, INTERRUPTED, advice_on, say, show, silence_stdout
from .opening import FarOptions, allow_code_option, far_options, session_option
from .outputs import Outputs, output_options
from .trust import Trust, remember

if TYPE_CHECKING:
    from bench.journal_file import Journal
    from bench.results import CaseResult
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
@allow_code_option
@output_options
@session_option
@far_options
@unsettled_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    fail_if: tuple[str, ...],
    resume: str | None,
    allow_code: tuple[str, ...],
    outputs: Outputs,
    session_file: Path | None,
    python: tuple[str, ...],
    far: tuple[str, ...],
    gpu_memory_limit: int | None,
    **asked: Any,
) -> None:
    """Measure workloads and print the results.

    WORKLOAD is a name from `tfjit-tui list`, or code of yours: FILE.py::FUNCTION, MODULE:FUNCTION, MODEL.keras,
    SAVED_MODEL_DIRECTORY/[::SIGNATURE]. Or it is a plan's file, PLAN.toml, which says all of what to measure.

    Exits with 0 if all was measured, 1 if a mode failed or came out wrong, 2 if it was asked for something impossible,
    130 after Ctrl-C, with what was finished.

    With --fail-if, 3 processes measure a case unless --processes says otherwise, and the conditions alone decide: 1 if
    the whole likely range of a speedup is as it says, 0 if none of it is, in every case; else 3: a range lies on both
    sides, or a mode failed, is wrong or suspicious.
    """
    from bench.crossover import conclusions
    from bench.repeat import far_arguments_of

    from .gate import exit_code, parse_condition
    from .headless import Watch, measure
    from .report import case_text, plan_text

    options = FarOptions(python, far, gpu_memory_limit)
    gates = [parse_condition(text) for text in fail_if]
    if resume is None:
        if allow_code:
            raise click.UsageError("--allow-code goes with --resume: code that you name yourself is run")
        task = _new_task(ctx, soften(ctx, asked), options, gates)
        outputs.check()
        source, journal = opening.open_engine(options, session_file)
        remember(code=task.own_code)
    else:
        refuse(ctx, (*asked, "session_file"), "--resume goes on as the session began")
        outputs.check()
        task, source, journal = _resumed_task(resume, options, Trust(ctx.obj, allow_code))
    results = Teller(outputs)

    def tell(case: CaseResult) -> None:
        if case.started_at is not None or case.state != "cancelled":
            results(f"{case_text(case)}\n")

    if len(task.plan.cases) > 1:
        say(plan_text(task.plan))
    try:
        session, interrupted = measure(source, task.plan, Watch(tell), task.case_ids, task.session)
    finally:
        source.close()
        if journal is not None:
            journal.close()
    outputs.write(session, (*as_shipped(ctx.obj.config), *(options.arguments or far_arguments_of(session))))
    for conclusion in conclusions(session.cases.values()):
        results(conclusion)
    for gate in gates:
        for case in session.cases.values():
            results(gate.told(case))
    if results.refused is not None:
        raise results.refused
    if session.hello is None and session.trouble:
        say("\n".join([*session.trouble, *advice_on(session.trouble)]))
    if interrupted:
        sys.exit(INTERRUPTED)
    if gates:
        sys.exit(exit_code([gate.outcome(case) for gate in gates for case in session.cases.values()]))
    if not session.cases or not all(case.all_ok for case in session.cases.values()):
        sys.exit(FAILED)


@dataclass(frozen=True)
class Task:
    """A plan to measure: under new ids in a new session, or under the ids that it has in one that is gone on with."""

    plan: Plan
    case_ids: tuple[str, ...] = ()
    session: Session | None = None

    @property
    def own_code(self) -> tuple[str, ...]:
        """The user's own workloads among its cases."""
        return tuple(dict.fromkeys(case.workload for case in self.plan.cases if is_own(case.workload)))


def _new_task(ctx: click.Context, asked: dict[str, Any], options: FarOptions, gates: Sequence[Condition]) -> Task:
    from .planned import plan_of

    plan = plan_of(ctx, asked, gated=bool(gates))
    for gate in gates:
        gate.check(plan.cases)
    return Task(plan.on_each(options.names))


def _resumed_task(name: str, options: FarOptions, trust: Trust) -> tuple[Task, Source, Journal | None]:
    """What a session has left undone, where it was measured unless the options say otherwise."""
    path, session = recorded.open_session(name, ended=False)
    left = session.unfinished
    if not left:
        raise click.UsageError(f"{path.name} has nothing left to measure: `tfjit-tui export` writes its results")
    where = opening.where_it_was(options, path, session, left, trust)
    source, journal = opening.reopen_engine(where, path, session)
    plan = replace(left[-1].plan, cases=tuple(case.case for case in left))
    return Task(plan, tuple(case.case_id for case in left), session), source, journal


class Teller:
    """Prints results. Where stdout is full or closed but results go to files too, they are still measured.

    `refused`: what stdout has refused then, other than by being closed.
    """

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self.refused: OSError | None = None

    def __call__(self, text: str) -> None:
        """Print a text. Raises OSError where results go nowhere else."""
        try:
            (say if self._outputs.take_stdout else show)(text)
        except OSError as error:
            if not self._outputs.to_files:
                raise
            silence_stdout()
            if not isinstance(error, BrokenPipeError):
                self.refused = self.refused or error
