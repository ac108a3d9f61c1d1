"""`tfjit-tui compare`: what has changed between two sessions, and whether that passes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.report.earlier_export import is_markdown_export
from bench.report.formats import Kind

from ..console import say, show, show_json
from ..options import completers, session_argument
from ..options.outputs import InputFile, NotWrittenError, Outputs, output_options

if TYPE_CHECKING:
    from bench.analysis.pairing import Pair
    from bench.plan import Case
    from bench.session.results import CaseResult
    from bench.session.session import Session

    from ..compare.session_text import Comparison
    from ..gate import Missing

    Sessions = tuple[Session, Session]

DEFAULT_EFFECT = 0.02
"""Of a session without a plan."""

MOST_CASES_NAMED = 20


@dataclass(frozen=True)
class ComparisonKind(Kind):
    """A kind of file that holds a comparison of two sessions: `text` returns the whole file."""

    text: Callable[[Comparison, Sessions], str] = field(kw_only=True)


def _csv(comparison: Comparison, sessions: Sessions) -> str:
    from ..compare.files import csv_text

    return csv_text(comparison, sessions)


def _markdown(comparison: Comparison, sessions: Sessions) -> str:
    from ..compare.files import markdown_text

    return markdown_text(comparison, sessions)


def _columns() -> Sequence[str]:
    from ..compare.files import COLUMNS

    return COLUMNS


KINDS = (
    ComparisonKind("csv", "CSV", "a row for each case and mode", columns=_columns, text=_csv),
    ComparisonKind("md", "Markdown", "the verdict first, for a comment", is_markdown_export, text=_markdown),
)


def _fraction(ctx: click.Context, option: click.Parameter, percent: str | None) -> float | None:
    """`5%` or `5` as 0.05. Raises click.BadParameter."""
    if percent is None:
        return None
    try:
        number = float(percent.strip().removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise click.BadParameter(f"{percent!r} is no percentage: give one such as 5%", ctx, option)
    return number / 100


@click.command()
@click.argument("before", metavar="A", shell_complete=completers.sessions)
@click.argument("after", metavar="B", shell_complete=completers.sessions)
@click.option(
    "--fail-if-slower",
    "limit",
    callback=_fraction,
    metavar="PERCENT",
    help="Fail if a mode takes this much more time.  [default: the smallest effect of interest in B]",
)
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path),
    metavar="PLAN.toml",
    shell_complete=completers.files,
    help="Cases with a fail_if_slower_percent in this plan have that limit.",
)
@click.option(
    "--missing",
    type=click.Choice(["ok", "fail", "tell"]),
    default="tell",
    show_default=True,
    help="What a missing case or mode does: ok leaves it out, fail fails, tell cannot be told (exit 3).",
)
@click.option("--modes", default="", metavar="MODES", help="Look at these alone.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, on stdout.")
@output_options(KINDS)
def compare(
    before: str,
    after: str,
    limit: float | None,
    plan_file: Path | None,
    missing: Missing,
    modes: str,
    as_json: bool,
    outputs: Outputs[ComparisonKind],
) -> None:
    """Hold session B against session A, and tell what has become slower.

    A and B are a session's file, or the id of one in the usual place, with #CASE_ID for one case of it. Cases go
    together that measured the same: workload, sizes, dtype, device, settings, inputs and seed.

    Exits with 0 if nothing is slower by more than --fail-if-slower (the whole likely range must lie below that), 1 if
    something is (the whole range lies above), else 3 if it cannot be told of something: the range lies on both sides,
    a mode is missing, failed or wrong, it was another machine, or one process alone. 2 is a usage error, 4 an output
    that could not be written.
    """
    from bench.analysis.pairing import pair_cases
    from bench.suggest import parse_modes

    from ..compare.case_text import Limits
    from ..compare.session_text import Comparison

    chosen = parse_modes(modes)
    if modes and not chosen:
        raise click.UsageError(f"--modes {modes}: name one or more, such as --modes graph,xla")
    if as_json and outputs.take_stdout:
        raise click.UsageError("--json is written on stdout: name a file for the other")
    inputs = {"A": Side.named(before)[0], "B": Side.named(after)[0]} | ({"--plan": plan_file} if plan_file else {})
    outputs.check(InputFile(name, path) for name, path in inputs.items())
    planned = _limits_of(plan_file) if plan_file else {}
    sides = Side.read(before), Side.read(after)
    sessions = sides[0].session, sides[1].session
    named = _chosen_pair(*sides)
    pairs = named or pair_cases(*sessions)
    effect = sides[1].effect
    limits = Limits(effect, effect if limit is None else limit, planned, missing, chosen)
    comparison = Comparison.of(pairs, limits, whole=not named)
    failure = None
    try:
        outputs.write(
            lambda kind: kind.text(comparison, sessions)
        )  # first: a reader that goes away takes no file along
    except NotWrittenError as error:
        failure = error
    if as_json:
        ids = {"before": sessions[0].session_id, "after": sessions[1].session_id}
        show_json(json.dumps({**ids, **comparison.object}, indent=2))
    else:
        (say if outputs.take_stdout else show)(comparison.text)
    if failure is not None:
        raise failure
    sys.exit(comparison.exit_code)


def _limits_of(path: Path) -> dict[Case, float]:
    """Return the limits that a plan's file sets for its cases. Raises PlanError, click.UsageError."""
    from bench.plans.toml_reader import read_plan

    thresholds = read_plan(path).thresholds
    limits = {case: each.slower for case, each in thresholds.items() if each.slower is not None}
    if not limits:
        raise click.UsageError(f"{path} has no fail_if_slower_percent: give it, or leave out --plan")
    return limits


@dataclass(frozen=True)
class Side:
    """A session, and the one case of it that was named, if one was."""

    session: Session
    case: CaseResult | None

    @staticmethod
    def named(name: str) -> tuple[Path, str | None]:
        """Return file and case id of `SESSION#CASE_ID`; the id is "" without `#`. Raises click.UsageError."""
        file, sign, case_id = (name, "", "") if Path(name).exists() else name.rpartition("#")
        return session_argument.find_session(file if sign else name), case_id if sign else None

    @classmethod
    def read(cls, name: str) -> Side:
        """From `SESSION` or `SESSION#CASE_ID`. Raises click.UsageError."""
        file, case_id = cls.named(name)
        path, session = session_argument.open_session(str(file))
        if case_id is not None and case_id not in session.cases:
            known = ", ".join(list(session.cases)[:MOST_CASES_NAMED]) or "none"
            raise click.UsageError(f"{path.name} has no case {case_id!r}: it has {known}")
        return cls(session, None if case_id is None else session.cases[case_id])

    @property
    def effect(self) -> float:
        """The smallest effect of interest in its latest plan."""
        plan = next((case.plan for case in reversed(self.session.cases.values())), None)
        return plan.effect if plan else DEFAULT_EFFECT


def _chosen_pair(a: Side, b: Side) -> tuple[Pair, ...]:
    """The two cases that were named; none where whole sessions are to be compared. Raises click.UsageError."""
    from bench.analysis.pairing import Pair

    if (a.case is None) != (b.case is None):
        raise click.UsageError("name one case on both sides, SESSION#CASE_ID, or on neither")
    if a.session.session_id == b.session.session_id and (a.case is None or a.case == b.case):
        raise click.UsageError("A and B are the same: name two sessions, or two cases of one, SESSION#CASE_ID")
    return (Pair(a.case, b.case),) if a.case and b.case else ()
