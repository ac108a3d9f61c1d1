"""List what can be measured, without importing TensorFlow.

A module of `families` declares workloads of one family, the heading under which lists show them; a large family may
have several modules, as "models" has images and language.
"""

from __future__ import annotations

from types import ModuleType

from ..suggest import one_of
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

MODULES: tuple[ModuleType, ...] = (
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
    value.name: value for module in MODULES for value in vars(module).values() if isinstance(value, Workload)
}


def find(name: str) -> Workload:
    """Return the built-in workload of that name. Raises PlanError with the nearest names."""
    return WORKLOADS[one_of(name, WORKLOADS, "workload", "`tfjit-tui list` names them all")]
