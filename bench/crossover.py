"""Where along a sweep the mode to use changes, in one sentence. It judges nothing: every choice is a verdict's.

A case that cannot be told yet widens the bracket between its neighbours; it never moves an end of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from .figures import duration
from .findings import SPOKEN
from .plan import short_name
from .results import CaseResult
from .sweep import Axis, main_axis, parse_axis
from .verdict import Choice, choose

Choose = Callable[[CaseResult], Choice]

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Stretch:
    """Neighbouring cases for which the same mode is to be used, from one value of the axis to another."""

    mode: str
    first: int | str
    last: int | str


def crossover(cases: Sequence[CaseResult], axis: Axis, choose: Choose = choose) -> str:
    """Which mode to use where, and what compiling costs; `cases` differ in the axis alone. Empty: nothing is known."""
    ordered = sorted(cases, key=lambda case: axis.place_of(case.case))
    told = {axis.value_of(case.case): choose(case) for case in ordered}
    certain = [(value, choice.mode) for value, choice in told.items() if choice.mode and choice.certain]
    if not certain:
        return ""
    chosen = dict(certain)
    stretches = list(_stretches(certain))
    sentence = _where(stretches, axis)
    untold = [value for value in told if value not in chosen]
    if untold:
        sentence += f"; at {axis.name}={', '.join(map(str, untold))} it cannot be told"
    compiled = [case for case in ordered if chosen.get(axis.value_of(case.case), "eager") != "eager"]
    cost_s = sum(_one_off_s(case, chosen[axis.value_of(case.case)]) for case in compiled)
    if compiled and cost_s:
        shapes = f"the {number(len(compiled))} shapes costs" if len(compiled) > 1 else "its shape costs"
        sentence += f"; compiling {shapes} {duration(cost_s, digits=2)}"
    return f"{sentence}."


def conclusions(cases: Iterable[CaseResult], choose: Choose = choose) -> list[str]:
    """What the sweeps among the cases show: a sentence for each stretch along the axis that varies the quickest.

    Where more varies than that axis, each sentence says at what. `choose` may be one that remembers.
    """
    cases = [case for case in cases if case.plan.sweep]
    sentences = []
    for sweep, of_plan in groupby(cases, key=lambda case: case.plan.sweep):
        axes = [parse_axis(text) for text in sweep]
        along = main_axis(axes)
        others = [axis for axis in axes if axis is not along]
        stretches: dict[str, list[CaseResult]] = {}
        for case in of_plan:
            stretches.setdefault(_elsewhere(case, others), []).append(case)
        for place, stretch in stretches.items():
            if sentence := crossover(stretch, along, choose):
                sentences.append(f"{place}: {sentence}" if len(stretches) > 1 else sentence)
    return sentences


class Choices:
    """Remembers the choice of each case, as long as that is the same: there may be thousands."""

    def __init__(self) -> None:
        self._chosen: dict[str, tuple[CaseResult, Choice]] = {}

    def __call__(self, case: CaseResult) -> Choice:
        """The mode to use."""
        known, choice = self._chosen.get(case.case_id, (None, None))
        if known is not case or choice is None:
            choice = choose(case)
            self._chosen[case.case_id] = case, choice
        return choice


def _elsewhere(case: CaseResult, others: Iterable[Axis]) -> str:
    """What does not vary along a stretch: `matmul, dtype=bfloat16, CPU:0`."""
    at = (f"{axis.name}={axis.value_of(case.case)}" for axis in others)
    return ", ".join((short_name(case.case.workload), *at, case.case.device))


def brackets(cases: Sequence[CaseResult], axis: Axis) -> list[tuple[int | str, int | str]]:
    """The values between which the mode to use changes."""
    ordered = sorted(cases, key=lambda case: axis.place_of(case.case))
    certain = [
        (axis.value_of(case.case), choice.mode) for case in ordered if (choice := choose(case)).mode and choice.certain
    ]
    return [(before.last, after.first) for before, after in pairwise(_stretches(certain))]


def number(count: int) -> str:
    """A small number in words: `seven`, `13`."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _stretches(certain: Sequence[tuple[int | str, str]]) -> Iterator[Stretch]:
    for mode, group in groupby(certain, key=lambda each: each[1]):
        values = [value for value, _ in group]
        yield Stretch(mode, values[0], values[-1])


def _where(stretches: Sequence[Stretch], axis: Axis) -> str:
    """`Use graph up to m=96 and XLA from m=128`; with values that have no order, each is named."""
    if len(stretches) == 1:
        return f"Use {SPOKEN[stretches[0].mode]} throughout"
    if isinstance(axis.values[0], str):
        return f"Use {_listed([f'{SPOKEN[each.mode]} for {_ends(each)}' for each in stretches])}"
    first, *between, last = stretches
    parts = [f"{SPOKEN[first.mode]} up to {axis.name}={first.last}"]
    parts += [f"{SPOKEN[each.mode]} at {axis.name}={_ends(each)}" for each in between]
    parts += [f"{SPOKEN[last.mode]} from {axis.name}={last.first}"]
    return f"Use {_listed(parts)}"


def _ends(stretch: Stretch) -> str:
    return str(stretch.first) if stretch.first == stretch.last else f"{stretch.first} to {stretch.last}"


def _listed(parts: Sequence[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}"


def _one_off_s(case: CaseResult, mode: str) -> float:
    estimate = case.known_mode(mode).estimate
    return (estimate.one_off_s or 0.0) if estimate else 0.0
