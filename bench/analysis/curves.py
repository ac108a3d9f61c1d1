"""Cases that differ in one dimension alone, whoever asked for them: what changing a size has shown so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..plan import Case
from ..session.results import CaseResult

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
