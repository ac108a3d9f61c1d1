"""Gates for CI: whether something holds, fails or cannot be told, from intervals that the events carry."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

from bench.analysis.comparison import Change
from bench.analysis.findings import one_line, why_unusable
from bench.analysis.pairing import is_measured_once
from bench.implementations import is_old, old, plain_modes
from bench.number_text import number, spread, telling_decimals, times_decimals
from bench.plan import Case, PlanError
from bench.plans.thresholds import Thresholds
from bench.session.results import CaseResult
from bench.suggest import parse_mode

from ..presentation.status_text import describe_case
from .console import CANNOT_TELL, FAILED

Outcome = Literal["held", "failed", "cannot tell", "left out"]

Missing = Literal["ok", "fail", "tell"]
"""Values of `--missing`: a case or mode that one side lacks is left out, fails, or cannot be told."""

OF_MISSING: Mapping[Missing, Outcome] = {"ok": "left out", "fail": "failed", "tell": "cannot tell"}

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

CONDITION = re.compile(
    r"\s*(?P<pair>[a-z_-]+)\s*(?P<operator>[<>]=?)\s*(?P<limit>\d+\.?\d*|\.\d+)\s*[x×]?\s*", re.I | re.A
)

HOW = "give a speedup and a limit, such as 'xla_vs_graph < 1.3'"


def exit_code(outcomes: Collection[Outcome]) -> int:
    """Return 1 if an outcome is failed, else 3 if one is cannot tell or none counts, else 0."""
    if "failed" in outcomes:
        return FAILED
    return 0 if "held" in outcomes and "cannot tell" not in outcomes else CANNOT_TELL


def not_slower(change: Change, limit: float, missing: Missing = "tell") -> Outcome:
    """Return whether a mode takes at most this fraction more time than before, by the whole interval of its change.

    `missing`: what becomes of it where one side lacks it.
    """
    if change.missing:
        return OF_MISSING[missing]
    if change.low is None or change.high is None:
        return "cannot tell"
    if change.low > 1 + limit:
        return "failed"
    return "held" if change.high <= 1 + limit else "cannot tell"


@dataclass(frozen=True)
class Speedup:
    """How many times quicker one mode is than another, and the interval of that."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        decimals = telling_decimals(self.low, self.high, times_decimals(self.value))
        return f"{self.value:,.{decimals}f} (likely range {spread(self.low, self.high, decimals)})"


@dataclass(frozen=True)
class Condition:
    """What must not be so: the speedup of `mode` over `baseline`, how many times quicker it is, against a limit."""

    mode: str
    baseline: str
    operator: str
    limit: float

    def __str__(self) -> str:
        """The condition as people write it: `xla_vs_graph < 1.3`."""
        return f"{self.name} {self.operator} {number(self.limit)}"

    @property
    def name(self) -> str:
        """The speedup as people write it: `xla_vs_graph`."""
        return f"{self.mode}_vs_{self.baseline}".replace("-", "_")

    @property
    def is_of_all_modes(self) -> bool:
        """Tell whether it is of the new implementation and the old one, in each of their modes."""
        return (self.mode, self.baseline) in (("new", "old"), ("old", "new"))

    def _of_modes(self, case: CaseResult) -> list[Condition]:
        both = [{"new": mode, "old": old(mode)} for mode in plain_modes(case.case.modes)]
        return [replace(self, mode=names[self.mode], baseline=names[self.baseline]) for names in both]

    def check(self, cases: Iterable[Case]) -> None:
        """Raise PlanError where one of its modes is not going to be measured."""
        for case in cases:
            if not case.is_held_against and (self.is_of_all_modes or is_old(self.mode) or is_old(self.baseline)):
                raise PlanError(f"--fail-if {self.name}: there is no old implementation: name it by --against")
            for mode in () if self.is_of_all_modes else (self.mode, self.baseline):
                if mode not in case.modes:
                    modes = ",".join(plain_modes(case.modes))
                    raise PlanError(f"--fail-if {self.name}: {mode} is not measured: --modes {modes}")

    def outcome(self, case: CaseResult) -> Outcome:
        """Whether the whole interval of the speedup is as it must not be, or none of it."""
        if self.is_of_all_modes:
            outcomes = {each.outcome(case) for each in self._of_modes(case)}
            return next(each for each in ("failed", "cannot tell", "held") if each in outcomes)
        speedup = self._speedup(case)
        if isinstance(speedup, str):
            return "cannot tell"
        met = {OPERATORS[self.operator](end, self.limit) for end in (speedup.low, speedup.high)}
        return "cannot tell" if len(met) == 2 else "failed" if True in met else "held"

    def told(self, case: CaseResult) -> str:
        """The outcome in one line; of every mode a line."""
        if self.is_of_all_modes:
            return "\n".join(each.told(case) for each in self._of_modes(case))
        speedup = self._speedup(case)
        if isinstance(speedup, str):
            said = speedup
        else:
            single = any(case.known_mode(name).processes < 2 for name in (self.mode, self.baseline))
            alone = " in one process, and others may run at other speeds" if single else ""
            said = f"{self.name} is {speedup}{alone}"
        return f"{self.outcome(case)}: {describe_case(case.case)}: {said}; fails if {self}"

    def _speedup(self, case: CaseResult) -> Speedup | str:
        """The speedup, or why there is none, in words."""
        if case.error:
            return one_line(case.error)
        for name in (self.mode, self.baseline):
            mode = case.mode(name)
            if mode is None or not mode.status:
                return f"{name} was not measured"
            if not mode.comparable:
                return one_line(why_unusable(case, mode).remark)
            if mode.suspicions:
                return f"{name} is suspicious: {one_line(mode.suspicions[0])}"
        if (pair := case.pair(self.mode, self.baseline)) and pair.low and pair.high:
            return Speedup(1 / pair.ratio, 1 / pair.high, 1 / pair.low)
        if (pair := case.pair(self.baseline, self.mode)) and pair.low and pair.high:
            return Speedup(pair.ratio, pair.low, pair.high)
        return f"there are too few rounds to compare {self.mode} with {self.baseline}"


@dataclass(frozen=True)
class Gates:
    """Conditions on every case, and those that a plan's `file` sets for single cases.

    The key of `of_cases` is equal for cases that are measured as one: each condition on any of them holds.
    """

    everywhere: tuple[Condition, ...] = ()
    of_cases: Mapping[tuple[object, ...], tuple[Condition, ...]] = field(default_factory=dict)
    file: str = ""

    @classmethod
    def of(cls, everywhere: Iterable[Condition], thresholds: Mapping[Case, Thresholds], file: str) -> Gates:
        """Return the conditions of the command line and those of a plan's file. Raises PlanError."""
        with _told_of(file):
            of_cases: dict[tuple[object, ...], tuple[Condition, ...]] = {}
            for case, each in thresholds.items():
                both = (*of_cases.get(_key(case), ()), *map(parse_condition, each.fail_if))
                of_cases[_key(case)] = tuple(dict.fromkeys(both))
        return cls(tuple(everywhere), of_cases, file)

    def among(self, cases: Sequence[Case]) -> Gates:
        """Return the gates for these cases alone.

        Raises PlanError where a mode that a condition names is not going to be measured.
        """
        for condition in self.everywhere:
            condition.check(cases)
        with _told_of(self.file):
            for case in cases:
                for condition in self._of_case(case):
                    condition.check([case])
        return replace(self, of_cases={_key(case): self._of_case(case) for case in cases})

    def left_out(self, cases: Iterable[Case]) -> int:
        """Return how many conditions of the plan's file are on none of these cases."""
        kept = set(map(_key, cases))
        return sum(len(conditions) for key, conditions in self.of_cases.items() if key not in kept)

    def on(self, planned: Case) -> tuple[Condition, ...]:
        """Return the conditions on a case, as it was planned."""
        return tuple(dict.fromkeys((*self.everywhere, *self._of_case(planned))))

    def _of_case(self, planned: Case) -> tuple[Condition, ...]:
        return self.of_cases.get(_key(planned), ())

    def __bool__(self) -> bool:
        return bool(self.everywhere or any(self.of_cases.values()))


def _key(planned: Case) -> tuple[object, ...]:
    """Return the key of a case on whichever far side."""
    return is_measured_once(replace(planned, far=""))


@contextmanager
def _told_of(file: str) -> Iterator[None]:
    """Make errors name the plan's file and its keys in place of options."""
    try:
        yield
    except PlanError as error:
        told = str(error).replace("--fail-if", "fail_if").replace("--modes", "its modes are")
        raise PlanError(f"{file}: {told}") from None


def _parse_mode(text: str) -> str:
    """Return a mode by its name, `old_graph` too. Raises PlanError."""
    return old(parse_mode(text.removeprefix("old_"))) if text.startswith("old_") else parse_mode(text)


def parse_condition(text: str) -> Condition:
    """A condition as it is written: `xla_vs_graph < 1.3`. Raises PlanError."""
    match = CONDITION.fullmatch(text)
    modes = match["pair"].lower().replace("-", "_").split("_vs_") if match else []
    if match is None or len(modes) != 2:
        raise PlanError(f"--fail-if {text}: {HOW}")
    try:
        mode, baseline = modes if {*modes} == {"new", "old"} else map(_parse_mode, modes)
    except PlanError as error:
        raise PlanError(f"--fail-if {text}: {error}") from None
    if not math.isfinite(limit := float(match["limit"])):
        raise PlanError(f"--fail-if {text}: the limit is too large: {HOW}")
    if mode == baseline:
        raise PlanError(f"--fail-if {text}: {mode} is always as quick as itself")
    return Condition(mode, baseline, match["operator"], limit)
