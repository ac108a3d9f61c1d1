"""Cases that differ in one thing alone: along the axis of a sweep, or in a dimension, whoever asked for them.

Along an axis it is known which mode to use where. Taking a case in does not grow with their number.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..plan import Case
from ..plans.sweep import Axis
from ..session.results import CaseResult
from .verdict import Choice, choose

Choose = Callable[[CaseResult], Choice]

Points = dict[str, list[tuple[float, float, float, float]]]
"""By mode: (size, latency, low, high), in the order of the axis."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring cases for which the same mode is to be used, from one value of the axis to another."""

    mode: str
    first: int | str
    last: int | str


class SweepSeries:
    """Cases along `axis`, at each value of it the one that came last. A place is a value's index along the axis.

    `version` counts what was taken in. `compiled`: at how many values a mode is to be used that has to be compiled,
    and `compiled_s` what that costs, in seconds.
    """

    def __init__(self, axis: Axis, choose: Choose = choose) -> None:
        self.axis = axis
        self.version = 0
        self.compiled, self.compiled_s = 0, 0.0
        self._choose = choose
        self._values = list(axis.places)
        self._cases: dict[int, CaseResult] = {}
        """Those of which something is measured, by place."""
        self._places: list[int] = []
        """Theirs, ascending."""
        self._told: dict[int, tuple[str, float]] = {}
        """By place the mode to use, empty where that cannot be told, and what getting it ready costs beyond eager."""
        self._certain: list[int] = []
        self._untold: list[int] = []
        self._turns: set[int] = set()
        """Places where another mode is to be used than at the last certain place before."""

    @property
    def name(self) -> str:
        """What varies."""
        return self.axis.name

    def take(self, case: CaseResult) -> None:
        """Take in what is known of a case by now; one that is not on the axis is left out."""
        place = self.axis.place_of(case.case)
        if place is None:
            return
        self.version += 1
        if any(mode.measured for mode in case.modes):
            if place not in self._cases:
                insort(self._places, place)
            self._cases[place] = case
        if case.ended and len(case.modes) > 1 and (case.rounds or case.state != "cancelled"):
            self._forget(place)
            self._tell(place, case)

    def thinned(self, most: int) -> Iterator[tuple[int | str, CaseResult]]:
        """Values, and what is measured at them: in order, evenly chosen, not many more than `most`."""
        for place in self._places[:: 1 + len(self._places) // most]:
            yield self._values[place], self._cases[place]

    @property
    def untold(self) -> list[int | str]:
        """The values at which it cannot be told which mode to use."""
        return [self._values[place] for place in self._untold]

    @property
    def is_whole(self) -> bool:
        """Whether something is known at every value of the axis, be it that nothing can be told."""
        return len(self._told) == len(self._values)

    def stretches(self) -> Iterator[Stretch]:
        """Which mode to use where, in the axis's order."""
        starts = [bisect_left(self._certain, turn) for turn in sorted(self._turns)]
        for start, end in zip(starts, [*starts, len(self._certain)][1:], strict=True):
            first, last = self._certain[start], self._certain[end - 1]
            yield Stretch(self._told[first][0], self._values[first], self._values[last])

    def _tell(self, place: int, case: CaseResult) -> None:
        choice = self._choose(case)
        mode = choice.mode if choice.certain else ""
        self._told[place] = mode, _one_off_s(case, mode)
        insort(self._certain if mode else self._untold, place)
        self._count(place, 1)
        self._see_turns(place)

    def _forget(self, place: int) -> None:
        if place in self._told:
            self._count(place, -1)
            mode, _ = self._told.pop(place)
            (self._certain if mode else self._untold).remove(place)
            self._see_turns(place)

    def _count(self, place: int, sign: int) -> None:
        mode, one_off_s = self._told[place]
        if mode not in ("", "eager"):
            self.compiled += sign
            self.compiled_s += sign * one_off_s

    def _see_turns(self, place: int) -> None:
        """Find out anew where the mode changes: at a place, and at the certain one after it."""
        after = bisect_right(self._certain, place)
        for each in (place, *self._certain[after : after + 1]):
            index = bisect_left(self._certain, each)
            before = self._mode(self._certain[index - 1]) if index else ""
            if self._mode(each) in ("", before):
                self._turns.discard(each)
            else:
                self._turns.add(each)

    def _mode(self, place: int) -> str:
        return self._told.get(place, ("", 0.0))[0]


def points_along(cases: Iterable[tuple[int | str, CaseResult]]) -> Points:
    """What is known of each mode at each size; what came out wrong is left out."""
    points: Points = {}
    for size, case in cases:
        for mode in case.modes:
            if mode.comparable and (estimate := mode.estimate):
                ends = estimate.low_s or estimate.latency_s, estimate.high_s or estimate.latency_s
                points.setdefault(mode.mode, []).append((float(size), estimate.latency_s, *ends))
    return points


def _one_off_s(case: CaseResult, mode: str) -> float:
    result = case.mode(mode)
    return (result.estimate.one_off_s or 0.0) if result and result.estimate else 0.0


LEAST_POINTS = 2


@dataclass(frozen=True)
class Curve:
    """Cases along the dimension `name`, by its size, ascending: at each size the one that came last."""

    name: str
    cases: tuple[tuple[int, CaseResult], ...]

    def thinned(self, most: int) -> Iterator[tuple[int | str, CaseResult]]:
        """Sizes, and what is measured at them: in order, evenly chosen, not many more than `most`."""
        yield from self.cases[:: 1 + len(self.cases) // most]


class Curves:
    """The curves among the cases of a session, kept up as these change."""

    def __init__(self) -> None:
        self._by_rest: dict[tuple[str, Case], dict[int, CaseResult]] = {}
        """By a dimension, and a case without it: the cases that are alike beside it, by their size."""

    def take(self, case: CaseResult) -> None:
        """Take in what is known of a case by now."""
        if any(mode.measured for mode in case.modes):
            for name, size in case.case.dims:
                self._by_rest.setdefault((name, _without(name, case.case)), {})[size] = case

    def of(self, case: CaseResult) -> Curve | None:
        """The curve through a case that has the most points; None where there is nothing but the case."""
        through = [(name, self._by_rest.get((name, _without(name, case.case)), {})) for name, _ in case.case.dims]
        name, by_size = max(through, key=lambda each: len(each[1]), default=("", {}))
        return Curve(name, tuple(sorted(by_size.items(), key=_size))) if len(by_size) >= LEAST_POINTS else None


def _without(name: str, case: Case) -> Case:
    return replace(case, dims=tuple(dim for dim in case.dims if dim[0] != name))


def _size(point: tuple[int, CaseResult]) -> int:
    return point[0]
