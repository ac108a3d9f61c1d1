"""What it takes to measure a case again: the command line, and the surroundings it was measured in."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timezone

from ..catalogue import WORKLOADS
from ..events import GpuFacts
from ..implementations import plain_modes
from ..number_text import counted
from ..plan import DEFAULT_DEVICE, DEFAULT_DTYPE, DEFAULT_MODES, DEFAULT_SEED, Case, Plan
from ..plans.presets import PRESETS
from ..plans.rule_values import unusual_rules
from ..rules import EFFORT, text_of
from ..session.results import CaseResult
from .gpu_text import card_text, driver_text


def repeat_command(case: CaseResult, more_arguments: tuple[str, ...] = ()) -> str:
    """The command line that measures the case again, with the options that are not defaults."""
    asked = case.case
    words = ["tfjit-tui", "run"]
    words += ["--preset", case.plan.preset] if case.plan.preset in PRESETS else _sized_arguments(asked)
    if asked.device != DEFAULT_DEVICE:
        words += ["--device", asked.device]
    for setting in str(asked.runtime).split():
        words += ["--runtime", setting]
    if (modes := plain_modes(asked.modes)) != DEFAULT_MODES:
        words += ["--modes", ",".join(modes)]
    if asked.against:
        words += ["--against", asked.against]
    if asked.against_ref:
        words += ["--against-ref", asked.against_ref]
    return shlex.join([*words, *_rule_arguments(case.plan), *more_arguments])


def _sized_arguments(asked: Case) -> list[str]:
    """What a preset settles by itself."""
    words = [asked.workload]
    workload = WORKLOADS.get(asked.workload)
    defaults = {(dim.name, dim.default) for dim in workload.dims} if workload else set()
    for name, size in asked.dims:
        if (name, size) not in defaults:
            words += ["--dim", f"{name}={size}"]
    if asked.dtype != DEFAULT_DTYPE:
        words += ["--dtype", asked.dtype]
    if asked.seed != DEFAULT_SEED:
        words += ["--seed", str(asked.seed)]
    if asked.inputs:
        words += ["--inputs", asked.inputs]
    return words


def _rule_arguments(plan: Plan) -> list[str]:
    """Return the options for the rules that are not usual."""
    rules = unusual_rules(plan).items()
    words = [(rule.flag, text_of(value)) for rule, value in rules if (rule, value) != (EFFORT, EFFORT.usual)]
    return [word for pair in words for word in pair]


def environment_text(case: CaseResult) -> str:
    """Where the case was measured, in a few lines to paste beside its figures."""
    machine = [f"machine: {case.machine_name}"] if case.machine_name else []
    device = f"{case.case.device} ({case.hardware})" if case.hardware else case.case.device
    lines = [*machine, f"device: {device}", *_gpu_lines(case.gpu)]
    lines += [f"runtime: {case.case.runtime}"] if str(case.case.runtime) else []
    if case.hello is not None:
        hello = case.hello
        versions = f"TensorFlow {hello.tensorflow}, numpy {hello.numpy}, Python {hello.python}"
        lines = [versions, f"host: {hello.host} ({hello.platform}){_cores(hello.cores)}", *lines]
        lines += [f"{name}={value}" for name, value in hello.settings]
        lines += [f"compilation caches: {', '.join(hello.caches)}"] if hello.caches else []
    if case.started_at is not None:
        lines.append(f"measured: {utc(case.started_at)}")
    return "\n".join(lines)


def _gpu_lines(gpu: GpuFacts | None) -> Iterator[str]:
    if gpu is not None:
        if card := card_text(gpu):
            yield f"GPU: {card}"
        if driver := driver_text(gpu):
            yield driver


def _cores(cores: int | None) -> str:
    return "" if cores is None else f", {counted(cores, 'core')}"


def environments(cases: Iterable[CaseResult]) -> list[str]:
    """The surroundings of all the cases, each told once, without the moments of the measurements."""
    return list(dict.fromkeys(environment_text(replace(case, started_at=None)) for case in cases))


def utc(at: float | None) -> str:
    """A moment as ISO 8601 has it, in UTC; empty where it is not known or no calendar reaches it."""
    if at is None:
        return ""
    try:
        moment = datetime.fromtimestamp(at, timezone.utc)
    except (OverflowError, OSError, ValueError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
