"""What can be settled once and for all: every key, declared once.

The reader, `tfjit-tui config`, its completion and the README's table all come from the fields of Config.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, Literal

from bench.plan import (
    DEFAULT_DEVICE,
    DEFAULT_DTYPE,
    DEFAULT_MODES,
    EFFORTS,
    PRECISIONS,
    Case,
    Effort,
    Plan,
    WorkerOptions,
)
from bench.plans.rule_values import check_given, effort_under, plan_under
from bench.rules import BUDGET, CALLS, CASE_TIMEOUT, EFFECT, EFFORT, FIGURES, PROCESSES, REFINE, RULES, TARGET, Rule
from bench.suggest import parse_machine, parse_modes

from .kinds import Kind, Name, Number, Several, Switch, Text, Whole
from .locations import theme_names

VARIABLES = "TFJIT_TUI_"
"""What the variables begin with; the key follows in capitals."""


@dataclass(frozen=True)
class Key:
    """A key of the configuration. `flag`: the option that is stronger; `example`: a value where there is no default."""

    name: str
    kind: Kind
    default: Any
    help: str
    flag: str
    example: Any

    @property
    def typical(self) -> Any:
        """A value that it may have: the default, where there is one."""
        return self.example if self.default in (None, (), "") else self.default

    @property
    def variable(self) -> str:
        """The variable of the environment that settles it."""
        return f"{VARIABLES}{self.name.upper()}"


def _key(default: Any, kind: Kind, help_: str, *, flag: str = "", example: Any = None) -> Any:
    return field(default=default, metadata={"kind": kind, "help": help_, "flag": flag, "example": example})


def _workloads() -> Mapping[str, object]:
    from bench.catalogue import WORKLOADS

    return WORKLOADS


def _modes(words: tuple[str, ...]) -> tuple[str, ...]:
    return Case("", modes=parse_modes(",".join(words))).modes


def _of_rule(rule: Rule[Any]) -> Any:
    """Return the key of a rule, which has the rule's name."""
    allowed, check = rule.unit.allowed, partial(check_given, rule)
    if rule is EFFORT:
        kind: Kind = Name(allowed, lambda: EFFORTS, "effort")
    else:
        kind = Whole(allowed, check) if rule.unit.type is int else Number(allowed, check)
    return _key(rule.default, kind, rule.key_help, flag=rule.flag, example=rule.example)


@dataclass(frozen=True)
class Config:
    """What the user has settled, else the defaults. Percent and seconds, as on the command line."""

    theme: str | None = _key(
        None,
        Name("the name of a theme", theme_names, "theme"),
        "colours, in place of those last chosen on the screen",
        flag="--theme",
        example="light",
    )
    ascii: Literal["auto", "on", "off"] = _key(
        "auto",
        Name("auto, on or off", lambda: ("auto", "on", "off"), "setting"),
        "draw with ASCII signs alone; auto: where the terminal's encoding has no others",
        flag="--ascii",
    )
    animation: Literal["none", "basic", "full"] = _key(
        "none",
        Name("none, basic or full", lambda: ("none", "basic", "full"), "setting"),
        "Textual's animations: none, basic or full; over SSH each costs bytes",
    )
    auto_run: bool = _key(False, Switch("true or false"), "the screen measures again whenever the setup changes")
    workload: str = _key(
        "matmul", Name("a name from `tfjit-tui list`", _workloads, "workload"), "what the screen begins with"
    )
    dtype: str = _key(
        DEFAULT_DTYPE,
        Name("a dtype", lambda: PRECISIONS, "dtype"),
        "dtype of workloads that run in it; the others keep float32",
        flag="--dtype",
    )
    device: str = _key(
        DEFAULT_DEVICE,
        Text("TensorFlow's name, CPU:0 or GPU:1", lambda name: Case("", device=name.upper()).device),
        "TensorFlow's name of the device",
        flag="--device",
    )
    modes: tuple[str, ...] = _key(DEFAULT_MODES, Several("names of modes", _modes, ","), "modes", flag="--modes")
    effort: str = _of_rule(EFFORT)
    budget: float | None = _of_rule(BUDGET)
    target: float | None = _of_rule(TARGET)
    processes: int | None = _of_rule(PROCESSES)
    refine: float | None = _of_rule(REFINE)
    effect: float = _of_rule(EFFECT)
    case_timeout: float = _of_rule(CASE_TIMEOUT)
    calls: int = _of_rule(CALLS)
    python: tuple[str, ...] = _key(
        (),
        Several("paths of Pythons", lambda paths: paths, os.pathsep),
        "Pythons to measure in, one or several",
        flag="--python",
        example=("~/venvs/tf218/bin/python",),
    )
    far: tuple[str, ...] = _key(
        (),
        Several("commands that end in a Python", lambda commands: commands, "\n"),
        "commands that end in a Python; excludes python",
        flag="--far",
        example=("ssh box python3",),
    )
    machine: str = _key(
        "",
        Text("a name", parse_machine),
        "what you call this machine or its kind: `compare` takes sessions with one name as one machine's",
        flag="--machine",
        example="ci-4core",
    )
    gpu_memory_limit: int | None = _key(
        None,
        Whole("a whole number of MiB", lambda mib: WorkerOptions(gpu_memory_limit_mib=mib)),
        "MiB of a GPU's memory to take, and no more",
        flag="--gpu-memory-limit",
        example=4096,
    )

    @property
    def ascii_only(self) -> bool | None:
        """Whether to draw with ASCII signs alone; None: as the terminal needs it."""
        return {"auto": None, "on": True, "off": False}[self.ascii]

    @property
    def changes_run(self) -> bool:
        """Whether `run` measures otherwise than by its own defaults."""
        return any(getattr(self, name) != key.default for name, key in KEYS.items() if name not in NOT_MEASURED)

    @property
    def efforts(self) -> Mapping[str, Effort]:
        """Every effort by name, the chosen one with the figures that are settled."""
        return {**EFFORTS, self.effort: effort_under(EFFORTS[self.effort], self._of(FIGURES))}

    def plan(self, cases: tuple[Case, ...], effort: Effort, *, preset: str = "", sweep: tuple[str, ...] = ()) -> Plan:
        """A plan under the rules that are settled. Raises PlanError."""
        plan = Plan(cases, effort, preset=preset, sweep=sweep)
        return plan_under(plan, self._of(rule for rule in RULES if rule not in (EFFORT, *FIGURES)))

    def _of(self, rules: Iterable[Rule[Any]]) -> Mapping[str, Any]:
        return {rule.name: getattr(self, rule.name) for rule in rules}


KEYS: Mapping[str, Key] = {each.name: Key(each.name, default=each.default, **each.metadata) for each in fields(Config)}

DEFAULTS = Config()

OF_THE_SCREEN = ("theme", "ascii", "animation", "auto_run", "workload")
"""The keys that change nothing of what is measured without a screen."""

NOT_MEASURED = (*OF_THE_SCREEN, "machine")
"""Keys that do not change what `run` measures."""

NO_CONFIG = "--no-config"


def as_shipped(config: Config) -> tuple[str, ...]:
    """Return the options with which a command that repeats a measurement does not depend on this configuration."""
    return (NO_CONFIG,) if config.changes_run else ()
