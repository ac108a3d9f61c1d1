"""Where along a sweep the mode to use changes, in one sentence. It judges nothing: every choice is a verdict's.

A case that cannot be told yet widens the bracket between its neighbours; it never moves an end of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .figures import duration
from .findings import SPOKEN
from .plan import SETTINGS, Case, short_name
from .results import CaseResult
from .sweep import DEVICE, DTYPE, Axis, main_axis, parse_axis
from .verdict import Choice, choose

Choose = Callable[[CaseResult], Choice]

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

MOST_UNTOLD = 5
"""Values that are named one by one."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring cases for which the same mode is to be used, from one value of the axis to another."""

    mode: str
    first: int | str
    last: int | str


def crossover(cases: Iterable[CaseResult], axis: Axis, choose: Choose = choose) -> str:
    """Which mode to use where, and what compiling costs; `cases` differ in the axis alone. Empty: nothing is known."""
    placed = _along(cases, axis)
    told = {value: choose(case) for value, case in placed.items()}
    chosen = {value: choice.mode for value, choice in told.items() if choice.mode and choice.certain}
    if not chosen:
        return ""
    sentence = _where(list(_stretches(chosen)), axis)
    untold = [str(value) for value in told if value not in chosen]
    if untold:
        more = f" and {len(untold) - MOST_UNTOLD:,} more" if len(untold) > MOST_UNTOLD else ""
        sentence += f"; at {axis.name}={', '.join(untold[:MOST_UNTOLD])}{more} it cannot be told"
    compiled = [value for value, mode in chosen.items() if mode != "eager"]
    cost_s = sum(_one_off_s(placed[value], chosen[value]) for value in compiled)
    if compiled and cost_s:
        shapes = f"the {number(len(compiled))} shapes costs" if len(compiled) > 1 else "its shape costs"
        sentence += f"; compiling {shapes} {duration(cost_s, digits=2)}"
    return f"{sentence}."


def _along(cases: Iterable[CaseResult], axis: Axis) -> dict[int | str, CaseResult]:
    """The latest case at each value, in the axis's order; without those that were never measured or compared."""
    counted = (case for case in cases if len(case.modes) > 1 and (case.rounds or case.state != "cancelled"))
    placed = {place: case for case in counted if (place := axis.place_of(case.case)) is not None}
    values = list(axis.places)
    return {values[place]: placed[place] for place in sorted(placed)}


def conclusions(cases: Iterable[CaseResult], choose: Choose = choose) -> list[str]:
    """What the sweeps among the cases show: a sentence for each stretch along the axis that varies the quickest.

    Where more varies than that axis, each sentence says at what. `choose` may be one that remembers.
    """
    sentences = []
    swept = (case for case in cases if case.plan.sweep)
    for sweep, of_sweep in groupby(swept, key=lambda case: case.plan.sweep):
        axis = main_axis([parse_axis(text) for text in sweep])
        stretches: dict[Case, list[CaseResult]] = {}
        for case in of_sweep:
            stretches.setdefault(axis.set(case.case, axis.values[0]), []).append(case)
        for elsewhere, stretch in stretches.items():
            if sentence := crossover(stretch, axis, choose):
                sentences.append(f"{_describe(elsewhere, axis)}: {sentence}" if len(stretches) > 1 else sentence)
    return sentences


def _describe(case: Case, axis: Axis) -> str:
    """What does not vary along a stretch: `matmul, k=64, bfloat16, CPU:0`."""
    dims = (f"{name}={size}" for name, size in case.dims if name not in axis.names)
    dtype = case.dtype if DTYPE not in axis.names else ""
    device = case.device if DEVICE not in axis.names else ""
    settings = (setting for setting in str(case.runtime).split() if setting.partition("=")[0] not in axis.names)
    return ", ".join(filter(None, (short_name(case.workload), *dims, dtype, device, *settings, case.far)))


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


def number(count: int) -> str:
    """A small number in words: `seven`, `13`."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _stretches(chosen: Mapping[int | str, str]) -> Iterator[Stretch]:
    for mode, group in groupby(chosen.items(), key=lambda each: each[1]):
        values = [value for value, _ in group]
        yield Stretch(mode, values[0], values[-1])


def _where(stretches: Sequence[Stretch], axis: Axis) -> str:
    """`Use graph up to m=96 and XLA from m=128`; with values that have no order, each is named."""
    if len(stretches) == 1:
        return f"Use {SPOKEN[stretches[0].mode]} throughout"
    if isinstance(axis.values[0], str):
        of = f"{axis.name}=" if axis.names[0] in SETTINGS else ""  # `on` alone says little
        return f"Use {_listed([f'{SPOKEN[each.mode]} for {of}{_ends(each)}' for each in stretches])}"
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
