"""The old implementation of a case: read after the new one, as a workload of the same dimensions."""

from __future__ import annotations

from contextlib import ExitStack

from ...plan import Case, PlanError
from ..modes.shared_objects import SharedObjects
from ..workloads.revisions import at_revision
from ..workloads.user_modules import ModulesInTurn
from .job import OldImplementation


def load_old(case: Case, kept: ExitStack) -> OldImplementation:
    """Return what a case is held against, whose own code is loaded. What is read at a revision is there until `kept`
    is closed.

    Raises as `load_workload` does, and PlanError where it takes other dimensions than the case has.
    """
    name = case.against or case.workload
    if case.against_ref:
        name = kept.enter_context(at_revision(name, case.against_ref))
    modules = ModulesInTurn()
    modules.enter(is_old=True)
    shared = SharedObjects(name)
    workload = shared.load(case.inputs, by_name=case.inputs_by_name)
    names, own = [name for name, _ in case.dims], [dim.name for dim in workload.dims]
    if {*names} != {*own}:
        ours, theirs = (", ".join(each) or "none" for each in (names, own))
        raise PlanError(f"{case.old_name} has other dimensions ({theirs}) than {case.workload} ({ours})")
    workload.complete(case.dims)
    workload.check_dtype(case.dtype)
    modules.enter(is_old=False)
    return OldImplementation(workload, shared, modules)
