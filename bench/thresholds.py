"""What a case must pass in CI, as a plan's file has it: rules of the gate, no part of what is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .plan import DEFAULT_DTYPE, Case, is_own


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


def looked_up_in(planned: Mapping[Case, Thresholds]) -> Callable[[Case], Thresholds]:
    """Return what finds the thresholds of a case that was measured, in whichever modes and on whichever far side.

    The far side completes the sizes of user code, and may settle its dtype.
    """
    exact = {_anywhere(case): thresholds for case, thresholds in planned.items()}
    own = [case for case in planned if is_own(case.workload)]

    def find(measured: Case) -> Thresholds:
        found = exact.get(_anywhere(measured))
        completed = next((case for case in own if found is None and _completes(measured, case)), None)
        return planned[completed] if completed else found or NO_THRESHOLDS

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
