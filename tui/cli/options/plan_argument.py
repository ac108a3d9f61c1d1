"""The plan of a command line: from its own words, or from a plan's file, with the rules that are given beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from bench.plan import Plan
from bench.plans.plan_source import STDIN, plan_path
from bench.plans.rule_values import plan_under
from bench.plans.toml_reader import PlanFile, read_plan
from bench.rules import EFFORT, PROCESSES

from .defaults import is_given, refuse
from .plan_request import RULE_NAMES, Request

GATED_PROCESSES = 3
"""In how many processes a case is measured that is to pass a gate, where nothing else is said."""


def plan_of(ctx: click.Context, asked: Mapping[str, Any]) -> PlanFile:
    """Return what `run` is asked to measure, and what its cases must pass. Raises PlanError, click.UsageError."""
    paths = plan_paths(asked["workloads"])
    if paths:
        return _from_file(ctx, paths[0], asked)
    return PlanFile(Request.of(asked).plan(), is_given(ctx, PROCESSES.name))


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
    settled = [each for each in asked if each not in (*RULE_NAMES, "workloads")]
    refuse(ctx, settled, f"{name} says what to measure")
    file = read_plan(path)
    given = {each: asked[each] for each in RULE_NAMES if is_given(ctx, each)}
    says_processes = PROCESSES.name in given or (file.says_processes and EFFORT.name not in given)
    return replace(file, plan=plan_under(file.plan, given), says_processes=says_processes)
