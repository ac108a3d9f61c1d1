"""`tfjit-tui compare`: what has changed between two sessions, and whether that passes."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from . import completers, recorded
from .console import show, show_json

if TYPE_CHECKING:
    from bench.comparison import Pair
    from bench.results import CaseResult
    from bench.session import Session

DEFAULT_EFFECT = 0.02
"""Of a session without a plan."""

MOST_CASES_NAMED = 20


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
    help="How much fails.  [default: the effect of B]",
)
@click.option("--modes", default="", metavar="MODES", help="Look at these alone.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def compare(before: str, after: str, limit: float | None, modes: str, as_json: bool) -> None:
    """Hold session B against session A, and tell what has become slower.

    A and B are a session's file, or the id of one in the usual place, with #CASE_ID for one case of it. Cases go
    together that measured the same: workload, sizes, dtype, device, settings, inputs and seed.

    Exits with 0 if nothing is slower by more than --fail-if-slower (the whole likely range must lie below that), 1 if
    something is (the whole range lies above), else 3 if it cannot be told of something: the range lies on both sides,
    a mode is missing, failed or wrong, it was another machine, or one process alone. 2 is a usage error, 4 an output
    that could not be written.
    """
    from bench.comparison import pair_cases

    from .gate import exit_code
    from .names import parse_modes
    from .side_by_side import Compared, summary

    chosen = parse_modes(modes)
    if modes and not chosen:
        raise click.UsageError(f"--modes {modes}: name one or more, such as --modes graph,xla")
    sides = Side.read(before), Side.read(after)
    effect = sides[1].effect
    limit = effect if limit is None else limit
    pairs = _chosen_pair(*sides) or pair_cases(sides[0].session, sides[1].session)
    compared = [Compared.of(pair, effect, limit, chosen) for pair in pairs]
    code = exit_code([outcome for each in compared for outcome in each.outcomes])
    if as_json:
        ids = {"before": sides[0].session.session_id, "after": sides[1].session.session_id}
        told = {**ids, "limit": limit, "exit_code": code, "pairs": [each.object for each in compared]}
        show_json(json.dumps(told, indent=2))
    else:
        for each in compared:
            if each.changes:
                show(f"{each.text}\n")
        show(summary(compared, limit, chosen))
    sys.exit(code)


@dataclass(frozen=True)
class Side:
    """A session, and the one case of it that was named, if one was."""

    session: Session
    case: CaseResult | None

    @classmethod
    def read(cls, name: str) -> Side:
        """From `SESSION` or `SESSION#CASE_ID`. Raises click.UsageError."""
        from pathlib import Path

        file, sign, case_id = (name, "", "") if Path(name).exists() else name.rpartition("#")
        path, session = recorded.open_session(file if sign else name)
        if sign and case_id not in session.cases:
            known = ", ".join(list(session.cases)[:MOST_CASES_NAMED]) or "none"
            raise click.UsageError(f"{path.name} has no case {case_id!r}: it has {known}")
        return cls(session, session.cases[case_id] if sign else None)

    @property
    def effect(self) -> float:
        """The smallest effect of interest in its latest plan."""
        plan = next((case.plan for case in reversed(self.session.cases.values())), None)
        return plan.effect if plan else DEFAULT_EFFECT


def _chosen_pair(a: Side, b: Side) -> tuple[Pair, ...]:
    """The two cases that were named; none where whole sessions are to be compared. Raises click.UsageError."""
    from bench.comparison import Pair

    if (a.case is None) != (b.case is None):
        raise click.UsageError("name one case on both sides, SESSION#CASE_ID, or on neither")
    if a.session.session_id == b.session.session_id and (a.case is None or a.case == b.case):
        raise click.UsageError("A and B are the same: name two sessions, or two cases of one, SESSION#CASE_ID")
    return (Pair(a.case, b.case),) if a.case and b.case else ()
