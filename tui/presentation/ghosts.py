"""The case that stays beneath a new one as its ghost: the last of the same workload that had figures."""

from __future__ import annotations

from itertools import dropwhile, islice

from bench.plan import Case
from bench.session.cases import Cases
from bench.session.results import CaseResult, ModeResult


def ghost_of(case: CaseResult, cases: Cases) -> CaseResult | None:
    """The latest of the cases planned before this one that is of the same workload and has figures, if there is one.
    A sweep has a picture of its own.
    """
    if case.plan.sweep:
        return None
    from_here = dropwhile(lambda other: other.case_id != case.case_id, reversed(cases.values()))
    for other in islice(from_here, 1, None):
        if other.case.workload == case.case.workload and any(map(counts, other.modes)):
            return other
    return None


def counts(mode: ModeResult) -> bool:
    """Whether a mode's figure may stay as a ghost, of which nothing is said but the figure."""
    return mode.comparable and not mode.suspicions


def ghost_name(case: Case, ghost: Case) -> str:
    """What the ghost is, by what was different then: `m=512 before`."""
    sizes = dict(case.dims)
    parts = [f"{name}={size}" for name, size in ghost.dims if sizes.get(name) != size]
    parts += [then for now, then in ((case.dtype, ghost.dtype), (case.device, ghost.device)) if now != then]
    if case.inputs != ghost.inputs:
        parts.append("other inputs")
    if case.runtime != ghost.runtime:
        parts.append(str(ghost.runtime) or "TensorFlow's own settings")
    if case.far != ghost.far:
        parts.append(f"on {ghost.far}")
    return f"{' '.join(parts)} before" if parts else "the run before"
