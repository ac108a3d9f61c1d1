"""Prepare what `run` measures: a plan in a new session, or the rest of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.number_text import counted
from bench.plan import Plan, is_own

from ...config.input_files import InputFile, inputs_of
from ...config.trust import Trust, remember
from .. import startup
from ..console import say
from ..options import session_argument
from ..options.far import FarOptions

if TYPE_CHECKING:
    from bench.engine.source import Source
    from bench.session.journal_writer import Journal
    from bench.session.results import CaseResult
    from bench.session.session import Session

    from ..gate import Condition, Gates


@dataclass(frozen=True)
class Task:
    """A plan to measure, in a new session, or with the ids of the earlier session that it continues.

    `session` takes in what is measured. Of one that is gone on with, `path` is the file, `left` what of it is measured,
    `skipped` the ids of what else it has left.
    """

    plan: Plan
    gates: Gates
    session: Session
    case_ids: tuple[str, ...] = ()
    path: Path | None = None
    left: tuple[CaseResult, ...] = ()
    skipped: frozenset[str] = frozenset()

    def asked_for(self) -> list[CaseResult]:
        """Return the cases of the session but those that were skipped."""
        return [case for case in self.session.cases.values() if case.case_id not in self.skipped]

    def gated(self) -> list[tuple[Condition, CaseResult]]:
        """Return each condition with each case that it is about, by condition."""
        cases = self.asked_for()
        planned = self.plan.cases if self.path is None else [case.case for case in cases]
        pairs = [(gate, case) for asked, case in zip(planned, cases, strict=False) for gate in self.gates.on(asked)]
        return [
            (gate, case) for each in dict.fromkeys(gate for gate, _ in pairs) for gate, case in pairs if gate == each
        ]

    def inputs(self, words: Iterable[str], options: FarOptions, session_file: Path | None) -> Iterator[InputFile]:
        """Yield the files that `run` reads or keeps: sessions, plans, code, models, Pythons."""
        from ..options.plan_request import plan_paths

        if self.path is not None:
            yield InputFile("--resume", self.path)
        if session_file is not None:
            yield InputFile("--session", session_file)
        yield from (InputFile("the plan", path) for path in plan_paths(words))
        yield from inputs_of(self.plan.cases)
        yield from (InputFile("--python", Path(python)) for python in options.python)

    @property
    def user_code(self) -> tuple[str, ...]:
        """The user's own workloads among its cases."""
        return tuple(dict.fromkeys(name for case in self.plan.cases for name in case.code if is_own(name)))

    def check_code(self, options: FarOptions, *, is_dry_run: bool) -> None:
        """Raise PlanError where a new session's code is not there, or not as it is named; nothing of it is run."""
        if self.path is None:
            self._check_code(options, may_come=is_dry_run)

    def _check_code(self, options: FarOptions, *, may_come: bool = False) -> None:
        from bench.plans.code_check import Reach, check_code

        check_code(self.plan.cases, Reach.of(options.far, options.python), may_come=may_come)

    def open(self, options: FarOptions, session_file: Path | None, trust: Trust) -> tuple[Source, Journal | None]:
        """Return an engine where the session was measured, unless the options say otherwise, and the session's file.

        The user has named the code of a new session; that of an earlier one is run as `trust` admits it.
        Raises click.UsageError, PlanError.
        """
        if self.path is None:
            opened = startup.open_engine(options, session_file)
            remember(code=self.user_code)
            return opened
        where = startup.where_it_was(options, self.path, self.session, self.left, trust)
        self._check_code(where)  # once it is admitted: what is refused there would count as measured
        for notice in startup.unnamed(where, self.session):
            say(notice)
        return startup.reopen_engine(where, self.path, self.session)


def new_task(
    ctx: click.Context, asked: dict[str, Any], options: FarOptions, conditions: Sequence[Condition], words: str
) -> Task:
    """Return the task that a command line describes. Raises click.UsageError, PlanError."""
    from bench.session.session import Session

    from ..gate import Gates
    from ..options.plan_request import gated_plan, plan_of
    from .selection import distinct, narrowed

    _ = options.far_sides  # what could not be started is refused in a dry run, too
    file = plan_of(ctx, asked)
    gates = Gates.of(conditions, file.thresholds, file.name)
    plan, notice = distinct(file.plan)
    plan = narrowed(plan.on_each(options.names), words)
    if notice:
        say(notice)
    if left_out := gates.left_out(plan.cases):
        say(f"--filter leaves out {counted(left_out, 'condition')} of {file.name} (fail_if)")
    gates = gates.among(plan.cases)
    return Task(gated_plan(plan) if gates and not file.says_processes else plan, gates, Session())


def task_left(name: str, conditions: Sequence[Condition], words: str) -> Task:
    """Return the unfinished cases of a session that match every word. Raises click.UsageError, PlanError."""
    from ..gate import Gates
    from .selection import with_words

    path, session = session_argument.open_session(name, ended=False)
    unfinished = session.unfinished
    if not unfinished:
        raise click.UsageError(f"{path.name} has nothing left to measure: `tfjit-tui export` writes its results")
    left = tuple(unfinished[place] for place in with_words([case.case for case in unfinished], words))
    plan = replace(left[-1].plan, cases=tuple(case.case for case in left))
    ids = tuple(case.case_id for case in left)
    skipped = frozenset(case.case_id for case in unfinished) - {*ids}
    return Task(plan, Gates(tuple(conditions)), session, ids, path, left, skipped)
