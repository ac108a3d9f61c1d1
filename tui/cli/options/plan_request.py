"""From the words of a command line to a plan: names are checked, and a misspelt one gets the nearest valid ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.catalogue import WORKLOADS, find
from bench.catalogue.installed import installed
from bench.plan import (
    DEFAULT_DTYPE,
    DEFAULT_MODES,
    DEFAULT_SEED,
    PRECISIONS,
    Case,
    Effort,
    Plan,
    PlanError,
    is_own,
)
from bench.plans.presets import PRESETS, Preset
from bench.plans.rule_values import plan_under
from bench.plans.sweep import EXAMPLE, parse_axis, sweep
from bench.rules import RULES
from bench.runtime import Runtime, parse_runtime
from bench.suggest import nearest, one_of, parse_modes

from ...config.schema import DEFAULTS, Config

NO_SETTINGS = Runtime()

RULE_NAMES = tuple(rule.name for rule in RULES)
"""What may be given beside a plan's file; it takes the place of what that says."""

Dims = tuple[tuple[str, int], ...]


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
            if self.workloads or self.dims or self.sweeps or self.inputs or (self.dtype, self.seed) != (None, None):
                settled = "WORKLOAD, --dim, --sweep, --inputs, --dtype or --seed"
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
        )
        return check_cases(sweep(cases, [parse_axis(text) for text in self.sweeps]))


def sweep_plan(case: Case, axes: tuple[str, ...], effort: Effort, config: Config = DEFAULTS) -> Plan:
    """The plan that varies a case along these axes. Raises PlanError."""
    if not axes:
        raise PlanError(f"give a name and values, {EXAMPLE}")
    return along(config.plan((case,), effort), axes)


def along(plan: Plan, axes: tuple[str, ...]) -> Plan:
    """The plan with its cases varied along these axes, if there are any. Raises PlanError."""
    if not axes:
        return plan
    return replace(
        plan, cases=check_cases(sweep(plan.cases, [parse_axis(text) for text in axes])), preset="", sweep=axes
    )


def parse_dims(words: Iterable[str]) -> Dims:
    """Sizes from `m=1024`, `k=64`. Raises PlanError."""
    sizes: dict[str, int] = {}
    for word in words:
        name, sign, text = word.partition("=")
        name = name.strip()
        try:
            size = int(text)
        except ValueError:
            raise PlanError(f"--dim {word}: give a name and a whole number, such as m=1024") from None
        if not sign or not name:
            raise PlanError(f"--dim {word}: give a name and a whole number, such as m=1024")
        if sizes.setdefault(name, size) != size:
            raise PlanError(f"--dim {name} is given twice: {sizes[name]} and {size}")
    return tuple(sizes.items())


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises PlanError."""
    return PRESETS[one_of(name, tuple(PRESETS), "preset")]


def make_cases(
    workloads: Sequence[str],
    dims: Dims = (),
    *,
    dtype: str | None = None,
    devices: Sequence[str] = (),
    modes: tuple[str, ...] = DEFAULT_MODES,
    seed: int = DEFAULT_SEED,
    inputs: str = "",
    runtime: Runtime = NO_SETTINGS,
    preferred_dtype: str = DEFAULT_DTYPE,
) -> tuple[Case, ...]:
    """Each workload on each device, as often as they are given. Raises PlanError.

    A dimension goes to those workloads that have it.
    """
    if not workloads:
        raise PlanError("no workload is named: `tfjit-tui list` shows what there is")
    offered = installed()
    workloads = [workload if workload in WORKLOADS else offered.get(workload, workload) for workload in workloads]
    if dtype is not None:
        one_of(dtype, PRECISIONS, "dtype")
    _check_dims_belong(workloads, dims)
    if inputs and (built_in := next((workload for workload in workloads if not is_own(workload)), "")):
        raise PlanError(f"--inputs are for code of your own: {built_in} has inputs already")
    rest: dict[str, Any] = {"modes": modes, "seed": seed, "inputs": inputs, "runtime": runtime}
    return tuple(
        Case(workload, *_sized(workload, dims, dtype, preferred_dtype), device=device.upper(), **rest)
        for device in devices or ["CPU:0"]
        for workload in workloads
    )


def check_cases(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases, if built-in workloads have these sizes and dtypes. Raises PlanError."""
    for case in cases:
        if not is_own(case.workload):
            known = find(case.workload)
            known.complete(case.dims)
            known.check_dtype(case.dtype)
    return cases


def _sized(workload: str, dims: Dims, dtype: str | None, preferred: str) -> tuple[Dims, str]:
    """The dimensions and the dtype for one workload; the preferred one, or else float32, unless it runs in neither."""
    if workload.endswith(".py"):
        raise PlanError(f"{workload} is a file: name a function in it, as {workload}::FUNCTION")
    if is_own(workload):
        return dims, dtype or preferred
    known = find(workload)
    names = {dim.name for dim in known.dims}
    if dtype is None:
        dtype = next((each for each in (preferred, DEFAULT_DTYPE) if each in known.dtypes), known.dtypes[0])
    known.check_dtype(dtype)
    return known.complete((name, size) for name, size in dims if name in names), dtype


def _check_dims_belong(workloads: Sequence[str], dims: Dims) -> None:
    """Raise PlanError for a dimension that no workload has."""
    if any(map(is_own, workloads)):
        return
    names = {dim.name: None for workload in workloads for dim in find(workload).dims}
    for name, _ in dims:
        if name not in names:
            whose = workloads[0] if len(workloads) == 1 else f"none of {', '.join(workloads)}"
            has = "has no" if len(workloads) == 1 else "has a"
            near = nearest(name, names) or list(names)
            raise PlanError(f"{whose} {has} dimension {name!r}: there is {', '.join(near)}")
