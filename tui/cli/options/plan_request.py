"""From a command line to a plan: from its own words, or from a plan's file and the rules that are given beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bench.plan import DEFAULT_DTYPE, DEFAULT_SEED, Case, Plan, PlanError
from bench.plans.cases import make_cases, parse_dims, swept
from bench.plans.plan_source import STDIN, plan_path
from bench.plans.presets import find_preset
from bench.plans.rule_values import plan_under
from bench.plans.toml_reader import PlanFile, read_plan
from bench.rules import EFFORT, PROCESSES, RULES
from bench.runtime import parse_runtime
from bench.suggest import parse_modes

from .defaults import is_given, refuse

RULE_NAMES = tuple(rule.name for rule in RULES)
"""What may be given beside a plan's file; it takes the place of what that says."""

GATED_PROCESSES = 3
"""In how many processes a case is measured that is to pass a gate, where nothing else is said."""


@dataclass(frozen=True)
class Request:
    """What is to be measured, in the words of the command line. `rules`: by name; None leaves a rule as it is."""

    rules: Mapping[str, Any]
    workloads: tuple[str, ...]
    dims: tuple[str, ...]
    sweeps: tuple[str, ...]
    dtype: str | None
    inputs: str
    runtime: tuple[str, ...]
    devices: tuple[str, ...]
    modes: str
    seed: int | None
    preset: str | None
    against: str = ""
    against_ref: str = ""
    preferred_dtype: str = DEFAULT_DTYPE
    """Of workloads that run in it, where `dtype` is None."""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Request:
        """Return the request of the parameters of `run`."""
        rest = {name: value for name, value in asked.items() if name not in RULE_NAMES}
        return cls({name: asked[name] for name in RULE_NAMES}, **rest)

    def plan(self) -> Plan:
        """Return the plan that it asks for. Raises PlanError."""
        return plan_under(Plan(self._cases(), preset=self.preset or "", sweep=self.sweeps), self.rules)

    def _cases(self) -> tuple[Case, ...]:
        modes = parse_modes(self.modes)
        runtime = parse_runtime(self.runtime)
        if self.preset is not None:
            given = self.workloads, self.dims, self.sweeps, self.inputs, self.against, self.against_ref
            if any(given) or (self.dtype, self.seed) != (None, None):
                settled = "WORKLOAD, --dim, --sweep, --inputs, --against, --against-ref, --dtype or --seed"
                raise PlanError(f"a preset says what to measure: give no {settled} with it")
            case = find_preset(self.preset).case
            return make_cases(
                (case.workload,),
                case.dims,
                dtype=case.dtype,
                devices=self.devices,
                modes=modes,
                seed=case.seed,
                runtime=runtime,
            )
        cases = make_cases(
            self.workloads,
            parse_dims(self.dims),
            dtype=self.dtype,
            devices=self.devices,
            modes=modes,
            seed=DEFAULT_SEED if self.seed is None else self.seed,
            inputs=self.inputs,
            runtime=runtime,
            preferred_dtype=self.preferred_dtype,
            against=self.against,
            against_ref=self.against_ref,
        )
        if self.inputs:
            cases = tuple(replace(case, inputs_by_name=True) for case in cases)
        return swept(cases, self.sweeps)


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
