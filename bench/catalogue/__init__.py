"""What can be measured: one module a family, listed without importing TensorFlow."""

from __future__ import annotations

import difflib
from types import ModuleType

from ..plan import PlanError
from .families import (
    activation,
    attention,
    control_flow,
    convolution,
    dispatch,
    elementwise,
    failures,
    fourier,
    images,
    indexing,
    language,
    linear_algebra,
    matmul,
    mlp,
    normalisation,
    randomness,
    recurrent,
    reduction,
    retracing,
    training,
)
from .workload import Dim, Workload, describe, workload

__all__ = ["WORKLOADS", "Dim", "Workload", "describe", "find", "workload"]

FAMILIES: tuple[ModuleType, ...] = (
    matmul,
    elementwise,
    dispatch,
    reduction,
    normalisation,
    activation,
    mlp,
    attention,
    convolution,
    recurrent,
    indexing,
    linear_algebra,
    fourier,
    randomness,
    control_flow,
    training,
    images,
    language,
    retracing,
    failures,
)
"""In the order in which they are listed; within a module, in the order in which they are written."""

WORKLOADS: dict[str, Workload] = {
    value.name: value for family in FAMILIES for value in vars(family).values() if isinstance(value, Workload)
}


def find(name: str) -> Workload:
    """The built-in workload of that name. Raises PlanError with the nearest names."""
    if name in WORKLOADS:
        return WORKLOADS[name]
    near = difflib.get_close_matches(name, WORKLOADS, n=2, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "`tfjit-tui list` names them all"
    raise PlanError(f"there is no workload {name!r}: {hint}")
