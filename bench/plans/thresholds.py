"""The thresholds of a case in a plan's file: rules of a gate in CI, not part of the measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ..plan import DEFAULT_DTYPE, Case, is_own


@dataclass(frozen=True)
class Thresholds:
    """`fail_if`: conditions on speedups, as for `--fail-if`; `slower`: the fraction of time more that fails."""

    fail_if: tuple[str, ...] = ()
    slower: float | None = None

    def __or__(self, other: Thresholds) -> Thresholds:
        """Return both: all conditions, and the smaller fraction."""
        given = [each.slower for each in (self, other) if each.slower is not None]
        return Thresholds(tuple(dict.fromkeys((*self.fail_if, *other.fail_if))), min(given, default=None))


NO_THRESHOLDS = Thresholds()


def matcher(planned: Iterable[Case]) -> Callable[[Case], tuple[Case, ...]]:
    """Return a function that finds the planned cases of a measured one, in whichever modes and on whichever far side.

    The far side completes the sizes of user code, and may settle its dtype.
    """
    cases = tuple(dict.fromkeys(planned))
    exact: dict[Case, tuple[Case, ...]] = {}
    for case in cases:
        exact[_anywhere(case)] = (*exact.get(_anywhere(case), ()), case)
    own = [case for case in cases if is_own(case.workload)]

    def find(measured: Case) -> tuple[Case, ...]:
        found = exact.get(_anywhere(measured), ())
        return found or tuple(case for case in own if _completes(measured, case))

    return find


def _anywhere(case: Case) -> Case:
    return replace(case, dims=tuple(sorted(case.dims)), modes=("eager",), far="")


def _completes(measured: Case, planned: Case) -> bool:
    """Return whether the far side may have made `measured` of `planned`, which is user code."""
    if not {*planned.dims} <= {*measured.dims}:
        return False
    settled = replace(planned, dims=measured.dims)
    if planned.dtype == DEFAULT_DTYPE:
        settled = replace(settled, dtype=measured.dtype)
    return _anywhere(settled) == _anywhere(measured)
