"""Find what the cases of a session have to do with each other: sweeps, sizes along a dimension, the case before."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Protocol

from bench.analysis.crossover import Sweeps
from bench.analysis.series import Curves
from bench.plan import Case
from bench.session.results import CaseResult, ModeResult


class Sizes(Protocol):
    """Cases that differ in `name` alone: a sweep's, or those of several runs."""

    @property
    def name(self) -> str:
        """What varies."""

    def thinned(self, most: int) -> Iterator[tuple[int | str, CaseResult]]:
        """Yield sizes and the cases measured at them: in order, not many more than `most`."""


class Relations:
    """Kept up as cases change. Taking a case in or looking one up does not grow with their number."""

    def __init__(self) -> None:
        self.sweeps = Sweeps()
        self._curves = Curves()
        self._places: dict[str, int] = {}
        """The place of each case in the order in which they were planned: all of a plan come with its start."""
        self._measured: dict[int, CaseResult] = {}
        """The cases that have figures, by place."""
        self._measured_places: dict[str, list[int]] = {}
        """Their places by workload, ascending."""

    def take(self, case: CaseResult) -> None:
        """Take in what is known of a case by now."""
        self.sweeps.take(case)
        place = self._places.setdefault(case.case_id, len(self._places))
        if not any(mode.measured for mode in case.modes):
            return
        self._curves.take(case)
        if place not in self._measured:
            insort(self._measured_places.setdefault(case.case.workload, []), place)
        self._measured[place] = case

    def case_before(self, case: CaseResult) -> CaseResult | None:
        """Return the last case planned before this one that has the same workload and a figure that counts.

        It is the nearest such row above in the results, whatever order several far sides measure in, live and replayed.
        Another workload's bars would be compared with nothing, and a suspicious figure misleads.
        """
        places = self._measured_places.get(case.case.workload, [])
        earlier = bisect_left(places, self._places.get(case.case_id, len(self._places)))
        before = (self._measured[places[index]] for index in reversed(range(earlier)))
        return next((each for each in before if any(map(counts, each.modes))), None)

    def sizes(self, case: CaseResult) -> Sizes | None:
        """Return the cases along the axis of a case's sweep, or along the dimension varied most; None if just one."""
        if not case.plan.sweep:
            return self._curves.of(case)
        series = self.sweeps.series_of(case)
        return series if series.axis.is_numeric else self._curves.of(case)


def counts(mode: ModeResult) -> bool:
    """Return whether a mode's figure may be shown as that of the case before, without the doubts about it."""
    return mode.comparable and not mode.suspicions


def name_before(case: Case, before: Case) -> str:
    """Return what the case before is called, by what was different then: `m=512 before`."""
    sizes = dict(case.dims)
    parts = [f"{name}={size}" for name, size in before.dims if sizes.get(name) != size]
    parts += [then for now, then in ((case.dtype, before.dtype), (case.device, before.device)) if now != then]
    if case.inputs != before.inputs:
        parts.append("other inputs")
    if case.runtime != before.runtime:
        parts.append(str(before.runtime) or "TensorFlow's own settings")
    if case.far != before.far:
        parts.append(f"on {before.far}")
    return f"{' '.join(parts)} before" if parts else "the run before"
