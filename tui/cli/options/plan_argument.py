"""The plan of a command line: from its own words, or from a plan's file, with the rules that are given beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bench.plan import Plan
from bench.plans.plan_source import STDIN, plan_path
from bench.plans.toml_reader import PlanFile, read_plan

from .defaults import is_given, refuse
from .plan_request import Request, parse_effort

RULES = ("effort", "processes", "budget", "target", "effect", "case_timeout", "calls")
"""What may be given beside a plan's file; it takes the place of what that says."""

GATED_PROCESSES = 3
"""In how many processes a case is measured that is to pass a gate, where nothing else is said."""


def plan_of(ctx: click.Context, asked: Mapping[str, Any]) -> PlanFile:
    """Return what `run` is asked to measure, and what its cases must pass. Raises PlanError, click.UsageError."""
    paths = plan_paths(asked["workloads"])
    says_processes = is_given(ctx, "processes")
    return _from_file(ctx, paths[0], asked) if paths else PlanFile(Request(**asked).plan(), says_processes)


def gated_plan(plan: Plan) -> Plan:
    """Return the plan in as many processes as a gate takes."""
    processes = max(plan.effort.processes, GATED_PROCESSES)
    return replace(plan, effort=replace(plan.effort, processes=processes))


def plan_paths(words: Iterable[str]) -> list[Path]:
    """Return the plan files among the WORKLOAD arguments."""
    return [path for path in map(plan_path, words) if path is not None]


def _from_file(ctx: click.Context, path: Path, asked: Mapping[str, Any]) -> PlanFile:
    name = "stdin" if path == STDIN else path
    if len(asked["workloads"]) > 1:
        raise click.UsageError(f"{name} says what to measure: name nothing beside it")
    settled = [each for each in asked if each not in (*RULES, "workloads")]
    refuse(ctx, settled, f"{name} says what to measure")
    file = read_plan(path)
    given = {each: asked[each] for each in RULES if is_given(ctx, each)}
    effort = parse_effort(given["effort"], None, None) if "effort" in given else file.plan.effort
    effort = replace(
        effort,
        processes=given.get("processes", effort.processes),
        budget_s=given.get("budget", effort.budget_s),
        target=given["target"] / 100 if "target" in given else effort.target,
    )
    plan = replace(
        file.plan,
        effort=effort,
        effect=given["effect"] / 100 if "effect" in given else file.plan.effect,
        case_timeout_s=given.get("case_timeout", file.plan.case_timeout_s),
        calls=given.get("calls", file.plan.calls),
    )
    says_processes = "processes" in given or (file.says_processes and "effort" not in given)
    return replace(file, plan=plan, says_processes=says_processes)
