"""Where along a sweep the mode to use changes, in one sentence. It judges nothing: every choice is a verdict's.

A case that cannot be told yet widens the bracket between its neighbours; it never moves an end of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..number_text import duration
from ..plan import Case, short_name
from ..plans.sweep import DEVICE, DTYPE, Axis, main_axis, parse_axis
from ..runtime import SETTINGS
from ..session.results import CaseResult
from .series import Choose, Stretch, SweepSeries
from .two_implementations import CHOICES
from .verdict import choose

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

MOST_UNTOLD = 5
"""Values that are named one by one."""

MOST_STRETCHES = 8
"""Stretches that are named one by one."""


class Sweeps:
    """What the sweeps of a session show, kept up as their cases change. `choose` says which mode to use for a case."""

    def __init__(self, choose: Choose = choose) -> None:
        self._choose = choose
        self._axes: dict[tuple[str, ...], Axis] = {}
        self._series: dict[tuple[str, ...], dict[Case, SweepSeries]] = {}
        self._left: dict[tuple[str, ...], set[str]] = {}
        """The cases of each sweep that have not ended."""
        self._said: dict[SweepSeries, tuple[int, str]] = {}
        """The sentence about each, as of a version of it."""

    def take(self, case: CaseResult) -> None:
        """Take in what is known of a case by now; one that is no part of a sweep is left out."""
        if sweep := case.plan.sweep:
            self.series_of(case).take(case)
            left = self._left.setdefault(sweep, set())
            (left.discard if case.ended else left.add)(case.case_id)

    def series_of(self, case: CaseResult) -> SweepSeries:
        """The series that a case of a sweep is part of."""
        sweep = case.plan.sweep
        if sweep not in self._axes:
            self._axes[sweep] = main_axis([parse_axis(text) for text in sweep])
        axis, series = self._axes[sweep], self._series.setdefault(sweep, {})
        elsewhere = axis.set(case.case, axis.values[0])
        if elsewhere not in series:
            series[elsewhere] = SweepSeries(axis, self._choose)
        return series[elsewhere]

    def has_ended(self, sweep: tuple[str, ...]) -> bool:
        """Whether every case of a sweep has ended."""
        return not self._left.get(sweep)

    def conclusions(self, sweep: tuple[str, ...]) -> Iterator[str]:
        """A sentence for each series of a sweep that shows something; where there are several, each says at what."""
        all_series = self._series.get(sweep, {})
        for elsewhere, series in all_series.items():
            if sentence := self._say(series):
                yield f"{_describe(elsewhere, series.axis)}: {sentence}" if len(all_series) > 1 else sentence

    def all_conclusions(self) -> list[str]:
        """Those of every sweep."""
        return [sentence for sweep in self._series for sentence in self.conclusions(sweep)]

    def named_series(self) -> Iterator[tuple[str, SweepSeries]]:
        """Every series of every sweep, after what does not vary along it."""
        for all_series in self._series.values():
            for elsewhere, series in all_series.items():
                yield _describe(elsewhere, series.axis), series

    def _say(self, series: SweepSeries) -> str:
        version, sentence = self._said.get(series, (-1, ""))
        if version != series.version:
            sentence = sentence_of(series)
            self._said[series] = series.version, sentence
        return sentence


def conclusions(cases: Iterable[CaseResult], choose: Choose = choose) -> list[str]:
    """What the sweeps among the cases show: a sentence for each stretch along the axis that varies the quickest."""
    sweeps = Sweeps(choose)
    for case in cases:
        sweeps.take(case)
    return sweeps.all_conclusions()


def crossover(cases: Iterable[CaseResult], axis: Axis, choose: Choose = choose) -> str:
    """Which mode to use where, and what compiling costs; `cases` differ in the axis alone. Empty: nothing is known."""
    series = SweepSeries(axis, choose)
    for case in cases:
        series.take(case)
    return sentence_of(series)


def sentence_of(series: SweepSeries) -> str:
    """Which mode to use where along a series, and what compiling costs. Empty: nothing is known."""
    stretches, axis = list(series.stretches()), series.axis
    if not stretches:
        return ""
    sentence = _where(stretches, axis, whole=series.is_whole)
    if untold := series.untold:
        more = f" and {len(untold) - MOST_UNTOLD:,} more" if len(untold) > MOST_UNTOLD else ""
        sentence += f"; at {axis.name}={', '.join(map(str, untold[:MOST_UNTOLD]))}{more} it cannot be told"
    if series.compiled and series.compiled_s > 0:
        count = series.compiled
        shapes = f"the {number(count)} shapes costs" if count > 1 else "its shape costs"
        sentence += f"; compiling {shapes} {duration(series.compiled_s, digits=2)}"
    return f"{sentence}."


def _describe(case: Case, axis: Axis) -> str:
    """What does not vary along a stretch: `matmul, k=64, bfloat16, CPU:0`."""
    dims = (f"{name}={size}" for name, size in case.dims if name not in axis.names)
    dtype = case.dtype if DTYPE not in axis.names else ""
    device = case.device if DEVICE not in axis.names else ""
    settings = (setting for setting in str(case.runtime).split() if setting.partition("=")[0] not in axis.names)
    return ", ".join(filter(None, (short_name(case.workload), *dims, dtype, device, *settings, case.far)))


def number(count: int) -> str:
    """A small number in words: `seven`, `13`."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _where(stretches: Sequence[Stretch], axis: Axis, *, whole: bool) -> str:
    """`Use graph up to m=96 and XLA from m=128`; with values that have no order, each is named.

    Unless the axis is known as a `whole`, nothing is said of what lies beyond the last value that is.
    """
    if len(stretches) == 1 and whole:
        return f"Use {CHOICES[stretches[0].mode]} throughout"
    if len(stretches) == 1:
        return f"Use {CHOICES[stretches[0].mode]} at {axis.name}={_ends(stretches[0])}"
    if isinstance(axis.values[0], str):
        of = f"{axis.name}=" if axis.names[0] in SETTINGS else ""  # `on` alone says little
        return f"Use {_listed([f'{CHOICES[each.mode]} for {of}{_ends(each)}' for each in stretches])}"
    first, *between, last = stretches
    more = ""
    if len(stretches) > MOST_STRETCHES:
        between, more = [], f"; between them it changes {len(stretches) - 1:,} times"
    parts = [f"{CHOICES[first.mode]} up to {axis.name}={first.last}"]
    parts += [f"{CHOICES[each.mode]} at {axis.name}={_ends(each)}" for each in between]
    parts += [f"{CHOICES[last.mode]} {f'from {axis.name}={last.first}' if whole else f'at {axis.name}={_ends(last)}'}"]
    return f"Use {_listed(parts)}{more}"


def _ends(stretch: Stretch) -> str:
    return str(stretch.first) if stretch.first == stretch.last else f"{stretch.first} to {stretch.last}"


def _listed(parts: Sequence[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}"
