"""The rules of a plan, each declared once: how long and how finely to measure, and what counts.

The options of `run`, the keys of plan files and of the configuration, and the words of a command that repeats a
measurement all come from RULES; `plan.py` takes defaults and bounds from here, `plans/rule_values.py` reads and sets
the values. Both sides of the wire read this file, so it needs nothing but the standard library and `number_text.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from .number_text import number, percent
from .plan_error import PlanError

Value = TypeVar("Value", str, int, float)

LARGEST = 2**63 - 1
"""The largest integer that TensorFlow and readers of JSON can hold."""

MOST_PROCESSES = 100

MOST_SECONDS = 86_400

DIGITS = 12
"""Significant digits of a written figure: more would show the rounding errors of binary arithmetic."""


def _same(value: Value) -> Value:
    return value


@dataclass(frozen=True)
class Unit(Generic[Value]):
    """The unit in which people write a rule.

    `metavar`: how an option's help names the value; `allowed`: the end of "give ..." in a message; `suffix`: the end of
    the key in a plan's file. `written` converts a value of a plan to this unit, `read` converts it back.
    """

    type: type[Value]
    metavar: str
    allowed: str
    suffix: str = ""
    written: Callable[[Value], Value] = _same
    read: Callable[[Value], Value] = _same


def _in_percent(fraction: float) -> float:
    return float(f"{100 * fraction:.{DIGITS}g}")


NAME = Unit(str, "NAME", "quick or thorough")
WHOLE = Unit(int, "N", "a whole number")
SECONDS = Unit(float, "SECONDS", "a number of seconds", "_s")
PERCENT = Unit(float, "PERCENT", "a number of percent", "_percent", _in_percent, lambda percent: percent / 100)


@dataclass(frozen=True)
class Rule(Generic[Value]):
    """A rule of a plan.

    `name`: the parameter of `run` and the key of the configuration. `usual`: the default, as a plan has it: a
    percentage is a fraction there. `check` raises PlanError for a value out of bounds. `option_help` and `key_help`:
    help for the option and for the key of the configuration. `example`: a value that is not the default, as people
    write it. `is_figure`: it is part of the effort, so a named effort settles it.
    """

    name: str
    unit: Unit[Value]
    usual: Value
    check: Callable[[Value], None]
    option_help: str | None
    key_help: str
    example: Value
    is_figure: bool = False

    @property
    def flag(self) -> str:
        """The option of `run`."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def key(self) -> str:
        """The key in a plan's file, with its unit."""
        return self.name + self.unit.suffix

    @property
    def field(self) -> str:
        """The field of an Effort or a Plan that has its value: seconds are named there, a fraction has no unit."""
        return self.name if self.unit is PERCENT else self.key

    @property
    def default(self) -> Value | None:
        """The default as people write it; None where a named effort settles the value."""
        return None if self.is_figure else self.unit.written(self.usual)


def text_of(value: float | str) -> str:
    """Return a value as people type it, in its unit: `2`, `0.5`, `thorough`."""
    return number(value, DIGITS) if isinstance(value, float) else str(value)


def _check_seconds(name: str, seconds: float) -> None:
    if not 0 < seconds <= MOST_SECONDS:
        raise PlanError(f"{name} {number(seconds)} s is not between 0 and {MOST_SECONDS}")


def _check_fraction(name: str, fraction: float) -> None:
    if not 0 < fraction < 1:
        raise PlanError(f"{name} {percent(fraction)} is not between 0 and 100 %")


def _check_processes(processes: int) -> None:
    if not 1 <= processes <= MOST_PROCESSES:
        raise PlanError(f"{processes} processes is not between 1 and {MOST_PROCESSES}")


def _check_calls(calls: int) -> None:
    if calls < 1:
        raise PlanError(f"calls {calls} is less than 1")
    if calls > LARGEST:
        raise PlanError(f"calls is more than {LARGEST}")


def _check_nothing(_name: str) -> None:
    """Leave the name of an effort to `find_effort`, which has the efforts."""


EFFORT = Rule(
    "effort",
    NAME,
    usual="quick",
    check=_check_nothing,
    option_help="quick or thorough.",
    key_help="quick or thorough",
    example="thorough",
)
PROCESSES = Rule(
    "processes",
    WHOLE,
    usual=1,
    check=_check_processes,
    option_help="Fresh processes a case; the interval is between them.",
    key_help="fresh processes a case, in place of the effort's",
    example=3,
    is_figure=True,
)
BUDGET = Rule(
    "budget",
    SECONDS,
    usual=3.0,
    check=lambda seconds: _check_seconds("budget", seconds),
    option_help="For a case's rounds in a process, without compiling.",
    key_help="seconds for a case's rounds in a process, in place of the effort's",
    example=5.0,
    is_figure=True,
)
TARGET = Rule(
    "target",
    PERCENT,
    usual=0.02,
    check=lambda fraction: _check_fraction("target", fraction),
    option_help="Stop once speedups are known this well.",
    key_help="percent: stop once speedups are known this well, in place of the effort's",
    example=1.0,
    is_figure=True,
)
REFINE = Rule(
    "refine",
    SECONDS,
    usual=0.0,
    check=lambda seconds: _check_seconds("refine", seconds) if seconds else None,
    option_help="To go on for, while ranges are wider than half of --effect.",
    key_help="seconds to go on for, while ranges are wider than half of the effect; on the screen 30",
    example=30.0,
    is_figure=True,
)
EFFECT = Rule(
    "effect",
    PERCENT,
    usual=0.02,
    check=lambda fraction: _check_fraction("effect", fraction),
    option_help="Least that matters.",
    key_help="percent: the least difference that matters",
    example=5.0,
)
CASE_TIMEOUT = Rule(
    "case_timeout",
    SECONDS,
    usual=120.0,
    check=lambda seconds: _check_seconds("case time-out", seconds),
    option_help=None,
    key_help="seconds for a case in a process, beside its budget",
    example=600.0,
)
CALLS = Rule(
    "calls",
    WHOLE,
    usual=100_000,
    check=_check_calls,
    option_help="To repay a compile within.",
    key_help="calls that a compile may take to be repaid",
    example=5_000,
)

RULES: tuple[Rule[Any], ...] = (EFFORT, PROCESSES, BUDGET, TARGET, REFINE, EFFECT, CASE_TIMEOUT, CALLS)
"""In the order in which help, files and commands have them."""

FIGURES: tuple[Rule[Any], ...] = tuple(rule for rule in RULES if rule.is_figure)

_CHECKS = {rule.field: rule.check for rule in RULES if rule is not EFFORT}


def check_rules(values: Any) -> None:
    """Raise PlanError for the first field of an Effort or a Plan that breaks the bounds of its rule."""
    for field in fields(values):
        if check := _CHECKS.get(field.name):
            check(getattr(values, field.name))
