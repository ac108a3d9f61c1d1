"""What can be settled once and for all: every key, declared once.

The reader, `tfjit-tui config`, its completion and the README's table all come from the fields of Config.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from bench.plan import (
    DEFAULT_DTYPE,
    DEFAULT_MODES,
    EFFORTS,
    PRECISIONS,
    Case,
    Effort,
    Plan,
    WorkerOptions,
)
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


def _plan(**rules: Any) -> Plan:
    return Plan((Case(""),), **rules)


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
        "CPU:0",
        Text("TensorFlow's name, CPU:0 or GPU:1", lambda name: Case("", device=name.upper()).device),
        "TensorFlow's name of the device",
        flag="--device",
    )
    modes: tuple[str, ...] = _key(DEFAULT_MODES, Several("names of modes", _modes, ","), "modes", flag="--modes")
    effort: str = _key(
        "quick", Name("quick or thorough", lambda: EFFORTS, "effort"), "quick or thorough", flag="--effort"
    )
    budget: float | None = _key(
        None,
        Number("a number of seconds", lambda seconds: Effort(budget_s=seconds)),
        "seconds for a case's rounds in a process, in place of the effort's",
        flag="--budget",
        example=5.0,
    )
    target: float | None = _key(
        None,
        Number("a number of percent", lambda percent: Effort(target=percent / 100)),
        "percent: stop once speedups are known this well, in place of the effort's",
        flag="--target",
        example=1.0,
    )
    processes: int | None = _key(
        None,
        Whole("a whole number", lambda number: Effort(processes=number)),
        "fresh processes a case, in place of the effort's",
        flag="--processes",
        example=3,
    )
    effect: float = _key(
        2.0,
        Number("a number of percent", lambda percent: _plan(effect=percent / 100)),
        "percent: the least difference that matters",
        flag="--effect",
    )
    case_timeout: float = _key(
        120.0,
        Number("a number of seconds", lambda seconds: _plan(case_timeout_s=seconds)),
        "seconds for a case in a process, beside its budget",
        flag="--case-timeout",
    )
    calls: int = _key(
        100_000,
        Whole("a whole number", lambda number: _plan(calls=number)),
        "calls that a compile may take to be repaid",
        flag="--calls",
    )
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
        chosen = EFFORTS[self.effort]
        return {
            **EFFORTS,
            self.effort: Effort(
                budget_s=chosen.budget_s if self.budget is None else self.budget,
                target=chosen.target if self.target is None else self.target / 100,
                processes=chosen.processes if self.processes is None else self.processes,
            ),
        }

    def plan(self, cases: tuple[Case, ...], effort: Effort, *, preset: str = "", sweep: tuple[str, ...] = ()) -> Plan:
        """A plan under the rules that are settled. Raises PlanError."""
        return Plan(cases, effort, self.effect / 100, self.case_timeout, self.calls, preset, sweep)


KEYS: Mapping[str, Key] = {each.name: Key(each.name, default=each.default, **each.metadata) for each in fields(Config)}

DEFAULTS = Config()

OF_THE_SCREEN = ("theme", "ascii", "animation", "auto_run", "workload")
"""The keys that change nothing of what is measured without a screen."""

NOT_MEASURED = (*OF_THE_SCREEN, "machine")
"""Keys that do not change what `run` measures."""

FIGURES = ("budget", "target", "processes")
"""They stand in place of an effort's: one that is chosen by something stronger has its own."""

NO_CONFIG = "--no-config"


def as_shipped(config: Config) -> tuple[str, ...]:
    """Return the options with which a command that repeats a measurement does not depend on this configuration."""
    return (NO_CONFIG,) if config.changes_run else ()
